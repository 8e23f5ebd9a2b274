"""Losses that are often found in the same place and are not the one to be judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.signature import Order
from gradbook.loss import Loss
from gradbook.notation import hinge
from gradbook.subjects import Answer, Argument, Subject


@dataclass(frozen=True)
class Other:
    """words: what it is. name: whether one may take it for this loss all the same."""

    words: str
    of_classes: bool = True


_BINARY = Other(
    "the SVM of two classes, with labels −1 and 1 and a vector w, max(0, 1 − y w·x)", False
)


def another_loss(subject: Subject, orders: Sequence[Order], loss: Loss) -> Other | None:
    """What it computes in place of a loss with kinks; None if it is nothing known."""
    return next(_found(subject, orders), None) if loss.formula.has(hinge) else None


def _found(subject: Subject, orders: Sequence[Order]) -> Iterator[Other]:
    rng = np.random.default_rng(19)
    data = [_Data.drawn(rng) for _ in range(2)]
    for order in orders:
        for one_column in (False, True):
            if all(_is_binary(_asked_binary(subject, order, d, one_column), d) for d in data):
                yield _BINARY
        for layout, labels in product(_LAYOUTS, _LABELS):
            answers = [_asked(subject, order, d, layout, labels) for d in data]
            for words, of_scores in _OTHERS.items():
                if all(_is(a, of_scores, d) for a, d in zip(answers, data, strict=True)):
                    yield Other(words)


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


#: W and X in the layouts that are common.
_LAYOUTS: tuple[Callable[[_Data], tuple[Floats, Floats]], ...] = (
    lambda d: (d.W.T, d.X),
    lambda d: (d.W, d.X.T),
    lambda d: (d.W, d.X),
)


#: y as integers, and one-hot, an example in each row or in each column.
_LABELS: tuple[Callable[[_Data], np.ndarray], ...] = (
    lambda d: d.y,
    lambda d: np.eye(len(d.W))[d.y],
    lambda d: np.eye(len(d.W))[:, d.y],
)


def _asked(
    subject: Subject,
    order: Order,
    data: _Data,
    layout: Callable[[_Data], tuple[Floats, Floats]],
    labels: Callable[[_Data], np.ndarray],
) -> Answer:
    W, X = (np.ascontiguousarray(a) for a in layout(data))
    return _call(subject, order, W, X, np.ascontiguousarray(labels(data)))


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


def _is(answer: Answer, of_scores: Callable[[Floats, np.ndarray], float], data: _Data) -> bool:
    """Whether the loss is this one, or the gradient where there is no such loss."""
    loss = of_scores(data.X @ data.W.T, data.y)
    if answer.loss and _is_sum(answer.loss, loss, float((data.W**2).sum()), len(data.y)):
        return True
    if answer.loss or not loss:
        return False
    if answer.gradient is None or answer.gradient.shape not in (data.W.shape, data.W.T.shape):
        return False
    found = answer.gradient if answer.gradient.shape == data.W.shape else answer.gradient.T
    right = _slope(of_scores, data)
    return bool(right.any()) and any(
        np.allclose(found, right * scale + factor * data.W, rtol=1e-4, atol=1e-4)
        for scale in (1.0, 1 / len(data.y))
        for factor in (0.0, 0.5, 1.0, 2.0)
    )


def _slope(of_scores: Callable[[Floats, np.ndarray], float], data: _Data) -> Floats:
    """The gradient of a smooth loss with respect to W, by central differences."""
    slope = np.zeros_like(data.W)
    for place in np.ndindex(*data.W.shape):
        step = np.zeros_like(data.W)
        step[place] = 1e-6
        ends = [of_scores(data.X @ (data.W + sign * step).T, data.y) for sign in (1, -1)]
        slope[place] = (ends[0] - ends[1]) / 2e-6
    return slope


def _is_sum(found: float, loss: float, squares: float, n: int) -> bool:
    """Whether it is the loss, summed or as a mean, with nothing or a penalty with reg = 1."""
    return any(
        np.isclose(found, loss * scale + factor * squares)
        for scale in (1.0, 1 / n)
        for factor in (0.0, 0.5, 1.0, 0.5 / n, 1 / n)
    )


def _softmax(S: Floats, y: np.ndarray) -> float:
    return float((np.log(np.exp(S).sum(axis=1)) - S[np.arange(len(y)), y]).sum())


def _one_against_all(S: Floats, y: np.ndarray) -> float:
    return float(np.maximum(0, 1 - _signs(S, y) * S).sum())


def _logistic(S: Floats, y: np.ndarray) -> float:
    return float(np.log1p(np.exp(-_signs(S, y) * S)).sum())


def _perceptron(S: Floats, y: np.ndarray) -> float:
    return float((S.max(axis=1) - S[np.arange(len(y)), y]).sum())


def _squared_error(S: Floats, y: np.ndarray) -> float:
    return float(((S - (_signs(S, y) > 0)) ** 2).sum())


def _half_squared_error(S: Floats, y: np.ndarray) -> float:
    return _squared_error(S, y) / 2


def _errors(S: Floats, y: np.ndarray) -> float:
    return float((S.argmax(axis=1) != y).sum())


def _hits(S: Floats, y: np.ndarray) -> float:
    return float((S.argmax(axis=1) == y).sum())


def _signs(S: Floats, y: np.ndarray) -> Floats:
    """1 in the class of each example, −1 elsewhere."""
    return np.where(np.arange(S.shape[1]) == y[:, None], 1.0, -1.0)


_OTHERS: dict[str, Callable[[Floats, np.ndarray], float]] = {
    "the softmax loss (cross-entropy), −s_y + log Σ_j exp s_j": _softmax,
    "the hinge of one class against all, Σ_j max(0, 1 − t_j s_j) with t_y = 1 and t_j = −1, in "
    "which no two scores are compared": _one_against_all,
    "the logistic loss of one class against all": _logistic,
    "the loss of the perceptron, max_j s_j − s_y": _perceptron,
    "the squared error to one-hot labels": _squared_error,
    "half the squared error to one-hot labels": _half_squared_error,
    "the number of examples that are classified wrongly": _errors,
    "the number of examples that are classified correctly": _hits,
}
