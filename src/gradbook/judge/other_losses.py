"""What is often found in the same place and is not the loss to be judged, told by what it answers.

A wrong function of this loss is none of them. Labels of −1.0 and 1.0 are no indices, and only where
they are multiplied with x̃ is nothing changed by the sign of both; all else must be met exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.question import Question
from gradbook.judge.signature import Order
from gradbook.loss import Loss
from gradbook.notation import hinge
from gradbook.subjects import Answer, Argument, Subject


@dataclass(frozen=True)
class Other:
    """sentence: what it is. of_classes: whether it takes what this loss takes."""

    sentence: str
    of_classes: bool = True


_OF_TWO_CLASSES = Other(
    "it is a loss of two classes, with labels −1 and 1 and one vector w of weights: here W has a "
    "row of weights for each class",
    of_classes=False,
)


def another_loss(subject: Subject, orders: Sequence[Order], loss: Loss) -> Other | None:
    """What it computes in place of a loss with kinks; None if it is nothing known."""
    return next(_found(subject, orders, loss), None) if loss.formula.has(hinge) else None


def _found(subject: Subject, orders: Sequence[Order], loss: Loss) -> Iterator[Other]:
    if any(_is_of_two_classes(subject, order) for order in orders):
        yield _OF_TWO_CLASSES
    rng = np.random.default_rng(19)
    data = [_Data.drawn(rng, right) for right in (2, 4)]
    others = {
        sentence: of_scores
        for sentence, of_scores in _OTHERS.items()
        if not all(_is_itself(loss, of_scores, d) for d in data)
    }
    for order in orders:
        for layout, labels in product(_LAYOUTS, _LABELS):
            answers = [_asked(subject, order, d, layout, labels) for d in data]
            if any(answer.error for answer in answers):
                continue
            if all(_are_scores(a, d) for a, d in zip(answers, data, strict=True)):
                yield Other(_SCORES)
            for sentence, of_scores in others.items():
                if all(_is(a, of_scores, d) for a, d in zip(answers, data, strict=True)):
                    yield Other(sentence)


def _is_itself(loss: Loss, of_scores: Callable[[Floats, np.ndarray], float], data: _Data) -> bool:
    """Whether the loss to be judged is this one."""
    right = Question(loss, data.W, data.X, data.y).right.loss.sum()
    return bool(np.isclose(of_scores(data.X @ data.W.T, data.y), right))


# ------------------------------------------------------------------------------------- two classes


def _is_of_two_classes(subject: Subject, order: Order) -> bool:
    """Whether it takes a vector w and labels ±1.0, and all that counts is y_i·x̃_i.

    Other labels give another answer, and other labels with −x̃ the same.
    """
    return any(
        all(_uses_signs(subject, order, examples, n, D) for n, D in ((4, 3), (5, 2)))
        for examples in ("(N, D)", "(D, N)", "(N, D), and w and y are columns")
    )


def _uses_signs(subject: Subject, order: Order, examples: str, n: int, D: int) -> bool:
    rng = np.random.default_rng([29, n])
    w, X = rng.normal(size=D), rng.normal(size=(n, D))
    X = X.T if examples == "(D, N)" else X
    y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    if "columns" in examples:
        w, y = w[:, None], y[:, None]
    one = _call(subject, order, w, X, y)
    if not _has_answered(one, D):
        return False
    other, same = _call(subject, order, w, X, -y), _call(subject, order, w, -X, -y)
    return (
        _has_answered(other, D)
        and _has_answered(same, D)
        and not _are_equal(one, other)
        and _are_equal(one, same)
    )


def _has_answered(answer: Answer, D: int) -> bool:
    """Whether it is a number, or a vector of as many as w has, or both."""
    return (
        not answer.error
        and (answer.loss is not None or answer.gradient is not None)
        and (answer.loss is None or bool(np.isfinite(answer.loss)))
        and (answer.gradient is None or answer.gradient.size == D)
    )


def _are_equal(one: Answer, other: Answer) -> bool:
    pairs = ((one.loss, other.loss), (one.gradient, other.gradient))
    return all(
        a is b or (a is not None and b is not None and _same(np.asarray(a), np.asarray(b)))
        for a, b in pairs
    )


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-9, atol=1e-12)


# --------------------------------------------------------------------------------- several classes


@dataclass(frozen=True)
class _Data:
    """W: (3, 7), X: (6, 7), y: (6,), with labels 0 … 2; sizes that no other question has."""

    W: Floats
    X: Floats
    y: np.ndarray

    @staticmethod
    def drawn(rng: np.random.Generator, right: int) -> _Data:
        """right: of how many examples the label's score is the largest; of others, the smallest."""
        W, X = rng.normal(size=(3, 7)), rng.normal(size=(6, 7))
        ranks = rng.permutation([0] * right + [2, 1, 2, 1, 2][: 6 - right])
        return _Data(W, X, np.argsort(-X @ W.T, axis=1)[np.arange(6), ranks])


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


def _call(subject: Subject, order: Order, W: Floats, X: Floats, y: np.ndarray) -> Answer:
    given: dict[str, Argument] = {"W": W, "X": X, "y": y, "reg": 1.0, "margin": 1.0, "b": 0.0}
    given |= {"classes": max(2, min(W.shape)), "count": len(y)}
    by_name = {name: given[role] for name, role in order.named}
    return subject(*(given[role] for role in order.positional), **by_name)


def _are_scores(answer: Answer, data: _Data) -> bool:
    """Whether the scores were returned, or the classes of the largest, and no loss."""
    S, found = data.X @ data.W.T, answer.gradient
    if answer.loss is not None or found is None:
        return False
    return any(_same(found, meant) for meant in (S, S.T, S.argmax(axis=1)))


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


def _percent(S: Floats, y: np.ndarray) -> float:
    return 100 * _hits(S, y)


def _signs(S: Floats, y: np.ndarray) -> Floats:
    """1 in the class of each example, −1 elsewhere."""
    return np.where(np.arange(S.shape[1]) == y[:, None], 1.0, -1.0)


_SCORES = "it is no loss: it returns the scores, or the classes of the largest ones"
_OTHERS: dict[str, Callable[[Floats, np.ndarray], float]] = {
    "it is another loss: the softmax loss (cross-entropy), −s_y + log Σ_j exp s_j": _softmax,
    "it is another loss: the hinge of one class against all, Σ_j max(0, 1 − t_j s_j) with t_y = 1 "
    "and t_j = −1, in which no two scores are compared": _one_against_all,
    "it is another loss: the logistic loss of one class against all": _logistic,
    "it is another loss: that of the perceptron, max_j s_j − s_y": _perceptron,
    "it is another loss: the squared error to one-hot labels": _squared_error,
    "it is another loss: half the squared error to one-hot labels": _half_squared_error,
    "it is no loss: it counts the examples that are classified wrongly": _errors,
    "it is no loss: it counts the examples that are classified correctly": _hits,
    "it is no loss: it is the percentage of examples that are classified correctly": _percent,
}
