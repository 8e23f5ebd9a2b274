"""Losses of scores and labels that are often found in the place of this one, by their values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats

#: A loss as a function of the scores, (n, C), and the labels: the sum over the examples.
OfScores = Callable[[Floats, np.ndarray], float]


def _softmax(S: Floats, y: np.ndarray) -> float:
    return float((np.log(np.exp(S).sum(axis=1)) - S[np.arange(len(y)), y]).sum())


def _one_against_all(S: Floats, y: np.ndarray) -> float:
    return float(np.maximum(0, 1 - _signs(S, y) * S).sum())


def _logistic(S: Floats, y: np.ndarray) -> float:
    return float(np.log1p(np.exp(-_signs(S, y) * S)).sum())


def _perceptron(S: Floats, y: np.ndarray) -> float:
    return float((S.max(axis=1) - S[np.arange(len(y)), y]).sum())


def _margins(S: Floats, y: np.ndarray, constant: float = 1.0) -> Floats:
    """s_j − s_y + constant for j ≠ y: (n, C − 1)."""
    n, C = S.shape
    u = S - S[np.arange(n), y][:, None] + constant
    return u[np.arange(C) != y[:, None]].reshape(n, C - 1)


def _squared_hinge(S: Floats, y: np.ndarray) -> float:
    return float((np.maximum(0, _margins(S, y)) ** 2).sum())


def _half_squared_hinge(S: Floats, y: np.ndarray) -> float:
    return _squared_hinge(S, y) / 2


def _smoothed(width: float) -> OfScores:
    """The Huber hinge: a parabola up to the width, straight from there."""

    def of_scores(S: Floats, y: np.ndarray) -> float:
        u = np.maximum(0, _margins(S, y))
        return float(np.where(u < width, u**2 / (2 * width), u - width / 2).sum())

    return of_scores


def _crammer_singer(S: Floats, y: np.ndarray) -> float:
    return float(np.maximum(0, _margins(S, y).max(axis=1)).sum())


def _two_largest(S: Floats, y: np.ndarray) -> Floats:
    """Of the margins u_j, j ≠ y, the two largest: (n, 2)."""
    return np.sort(_margins(S, y), axis=1)[:, -2:]


def _top_two(S: Floats, y: np.ndarray) -> float:
    return float(np.maximum(0, _two_largest(S, y).mean(axis=1)).sum())


def _top_two_hinges(S: Floats, y: np.ndarray) -> float:
    return float(np.maximum(0, _two_largest(S, y)).mean(axis=1).sum())


def _logistic_margins(S: Floats, y: np.ndarray) -> float:
    return float(np.logaddexp(0, _margins(S, y)).sum())


def _logistic_differences(S: Floats, y: np.ndarray) -> float:
    return float(np.logaddexp(0, _margins(S, y, 0.0)).sum())


def _exponential(S: Floats, y: np.ndarray) -> float:
    return float(np.exp(_margins(S, y, 0.0)).sum())


def _perceptron_of_all(S: Floats, y: np.ndarray) -> float:
    return float(np.maximum(0, _margins(S, y, 0.0)).sum())


def _squared_against_all(S: Floats, y: np.ndarray) -> float:
    return float((np.maximum(0, 1 - _signs(S, y) * S) ** 2).sum())


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


LOSSES: dict[str, OfScores] = {
    "it is another loss: the softmax loss (cross-entropy), −s_y + log Σ_j exp s_j": _softmax,
    "it is another loss: the hinge of one class against all, Σ_j max(0, 1 − t_j s_j) with t_y = 1 "
    "and t_j = −1, in which no two scores are compared": _one_against_all,
    "it is another loss: the squared hinge of one class against all, Σ_j max(0, 1 − t_j s_j)²": (
        _squared_against_all
    ),
    "it is another loss: the squared hinge, Σ_{j≠y} max(0, s_j − s_y + 1)²": _squared_hinge,
    "it is another loss: half the squared hinge, ½ Σ_{j≠y} max(0, s_j − s_y + 1)²": (
        _half_squared_hinge
    ),
    **{
        f"it is another loss: the Huber hinge, a hinge that is smoothed up to {width:g}": (
            _smoothed(width)
        )
        for width in (1.0, 0.5, 2.0, 0.25, 0.1)
    },
    "it is another loss: that of Crammer and Singer, max_{j≠y} max(0, s_j − s_y + 1)": (
        _crammer_singer
    ),
    "it is another loss: the hinge of the top k = 2, max(0, the mean of the two largest margins)": (
        _top_two
    ),
    "it is another loss: the hinge of the top k = 2, the mean of the two largest max(0, margin)": (
        _top_two_hinges
    ),
    "it is another loss: the logistic loss of one class against all": _logistic,
    "it is another loss: the logistic loss of the margins, Σ_{j≠y} log(1 + exp(s_j − s_y + 1))": (
        _logistic_margins
    ),
    "it is another loss: the logistic loss of pairs, Σ_{j≠y} log(1 + exp(s_j − s_y))": (
        _logistic_differences
    ),
    "it is another loss: the exponential loss, Σ_{j≠y} exp(s_j − s_y)": _exponential,
    "it is another loss: that of the perceptron, max_j s_j − s_y": _perceptron,
    "it is another loss: the squared error to one-hot labels": _squared_error,
    "it is another loss: half the squared error to one-hot labels": _half_squared_error,
    "it is no loss: it counts the examples that are classified wrongly": _errors,
    "it is no loss: it counts the examples that are classified correctly": _hits,
    "it is no loss: it is the percentage of examples that are classified correctly": _percent,
}
#: What is a slip in a function that is called as this loss is.
UNLESS_NAMED: dict[str, OfScores] = {
    "it is another loss: that of the perceptron, Σ_{j≠y} max(0, s_j − s_y)": _perceptron_of_all,
}
