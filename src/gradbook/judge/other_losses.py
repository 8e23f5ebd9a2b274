"""Losses that are often found in the same place and are not the one to be judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.signature import Order
from gradbook.loss import Loss
from gradbook.notation import hinge
from gradbook.subjects import Answer, Argument, Subject

_BINARY = (
    "it looks like the SVM of two classes, with labels −1 and 1 and a vector w, which is another "
    "loss"
)
_SOFTMAX = "it looks like the softmax loss (cross-entropy), which is another loss"


def another_loss(subject: Subject, orders: Sequence[Order], loss: Loss) -> str:
    """What it computes in place of a loss with kinks, as a sentence; "" if it is nothing known."""
    return next(_found(subject, orders), "") if loss.formula.has(hinge) else ""


def _found(subject: Subject, orders: Sequence[Order]) -> Iterator[str]:
    rng = np.random.default_rng(19)
    data = [_Data.drawn(rng) for _ in range(2)]
    for order in orders:
        for one_column in (False, True):
            if all(_is_binary(_asked_binary(subject, order, d, one_column), d) for d in data):
                yield _BINARY
        for turned in (False, True):
            answers = [_asked(subject, order, d, turned) for d in data]
            if all(_is_softmax(a, d) for a, d in zip(answers, data, strict=True)):
                yield _SOFTMAX


@dataclass(frozen=True)
class _Data:
    """W: (3, 4), X: (6, 4), y: (6,), with labels 0 … 2; signs: (6,), of −1 and 1."""

    W: Floats
    X: Floats
    y: np.ndarray
    signs: Floats

    @staticmethod
    def drawn(rng: np.random.Generator) -> _Data:
        y, signs = rng.permutation(np.arange(6) % 3), rng.permutation([-1.0, 1.0] * 3)
        return _Data(rng.normal(size=(3, 4)), rng.normal(size=(6, 4)), y, signs)


def _asked(subject: Subject, order: Order, data: _Data, turned: bool) -> Answer:
    """W as (C, D) and X as (D, N), or, turned, W as (D, C) and X as (N, D)."""
    W, X = (data.W.T, data.X) if turned else (data.W, data.X.T)
    return _call(subject, order, np.ascontiguousarray(W), np.ascontiguousarray(X), data.y)


def _asked_binary(subject: Subject, order: Order, data: _Data, one_column: bool) -> Answer:
    w = data.W[0]
    w, y = (w[:, None], data.signs[:, None]) if one_column else (w, data.signs)
    return _call(subject, order, w, data.X, y)


def _call(subject: Subject, order: Order, W: Floats, X: Floats, y: np.ndarray) -> Answer:
    given: dict[str, Argument] = {
        **{"W": W, "X": X, "y": y, "reg": 1.0, "margin": 1.0, "bias": 0.0}
    }
    by_name = {name: given[role] for name, role in order.named}
    return subject(*(given[role] for role in order.roles), **by_name)


def _is_binary(answer: Answer, data: _Data) -> bool:
    """Whether the hinge of y·(X w), or its gradient, is in the answer, to within a penalty."""
    w, X, y = data.W[0], data.X, data.signs
    margins = 1 - y * (X @ w)
    loss = float(np.maximum(margins, 0).sum())
    gradient = -((margins > 0) * y) @ X
    if answer.loss is not None:
        return _is_sum(answer.loss, loss, float(w @ w), len(y))
    if answer.gradient is None or answer.gradient.size != w.size:
        return False
    found = answer.gradient.reshape(w.shape)
    return any(
        np.allclose(found, gradient * scale + factor * w)
        for scale in (1.0, 1 / len(y))
        for factor in (0.0, 0.5, 1.0, 2.0)
    )


def _is_softmax(answer: Answer, data: _Data) -> bool:
    return answer.loss is not None and _is_sum(
        answer.loss, _softmax(data), float((data.W**2).sum()), len(data.y)
    )


def _is_sum(found: float, loss: float, squares: float, n: int) -> bool:
    """Whether it is the loss, summed or as a mean, with nothing or a penalty with reg = 1."""
    return any(
        np.isclose(found, loss * scale + factor * squares)
        for scale in (1.0, 1 / n)
        for factor in (0.0, 0.5, 1.0, 0.5 / n, 1 / n)
    )


def _softmax(data: _Data) -> float:
    S = data.X @ data.W.T
    return float((np.log(np.exp(S).sum(axis=1)) - S[np.arange(len(data.y)), data.y]).sum())
