"""Losses of scores and labels that are often found in the place of this one, by their values."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats

#: A loss as a function of the scores, (n, C), and the labels: the sum over the examples.
OfScores = Callable[[Floats, np.ndarray], float]


def _of_margins(f: Callable[[Floats], Floats], constant: float = 1.0) -> OfScores:
    """Σ_{j≠y} f(s_j − s_y + constant)."""
    return lambda S, y: float(f(_margins(S, y, constant)).sum())


def _margins(S: Floats, y: np.ndarray, constant: float = 1.0) -> Floats:
    """s_j − s_y + constant for j ≠ y: (n, C − 1)."""
    n, C = S.shape
    u = S - S[np.arange(n), y][:, None] + constant
    return u[np.arange(C) != y[:, None]].reshape(n, C - 1)


def _two_largest(S: Floats, y: np.ndarray) -> Floats:
    """Of the margins the two largest: (n, 2)."""
    return np.sort(_margins(S, y), axis=1)[:, -2:]


def _against_all(f: Callable[[Floats], Floats]) -> OfScores:
    """Σ_j f(t_j s_j), with t_y = 1 and t_j = −1."""
    return lambda S, y: float(f(np.where(_is_own(S, y), S, -S)).sum())


def _is_own(S: Floats, y: np.ndarray) -> np.ndarray:
    return np.asarray(np.arange(S.shape[1]) == y[:, None])


def _hinge(u: Floats) -> Floats:
    return np.maximum(0, u)


def _smoothed(width: float) -> OfScores:
    """The Huber hinge: a parabola up to the width, straight from there."""

    def of_margin(u: Floats) -> Floats:
        return np.where(u < width, _hinge(u) ** 2 / (2 * width), u - width / 2)

    return _of_margins(of_margin)


def _hits(S: Floats, y: np.ndarray) -> float:
    return float((S.argmax(axis=1) == y).sum())


_ANOTHER, _NONE = "it is another loss: ", "it is no loss: "
LOSSES: dict[str, OfScores] = {
    f"{_ANOTHER}the softmax loss (cross-entropy), −s_y + log Σ_j exp s_j": (
        lambda S, y: float((np.log(np.exp(S).sum(axis=1)) - S[np.arange(len(y)), y]).sum())
    ),
    f"{_ANOTHER}the hinge of one class against all, Σ_j max(0, 1 − t_j s_j) with t_y = 1 and t_j = "
    "−1, in which no two scores are compared": _against_all(lambda u: _hinge(1 - u)),
    f"{_ANOTHER}the squared hinge of one class against all, Σ_j max(0, 1 − t_j s_j)²": (
        _against_all(lambda u: _hinge(1 - u) ** 2)
    ),
    f"{_ANOTHER}the squared hinge, Σ_{{j≠y}} max(0, s_j − s_y + 1)²": (
        _of_margins(lambda u: _hinge(u) ** 2)
    ),
    f"{_ANOTHER}half the squared hinge, ½ Σ_{{j≠y}} max(0, s_j − s_y + 1)²": (
        _of_margins(lambda u: _hinge(u) ** 2 / 2)
    ),
    **{
        f"{_ANOTHER}the Huber hinge, a hinge that is smoothed up to {width:g}": _smoothed(width)
        for width in (1.0, 0.5, 2.0, 0.25, 0.1)
    },
    f"{_ANOTHER}that of Crammer and Singer, max_{{j≠y}} max(0, s_j − s_y + 1)": (
        lambda S, y: float(_hinge(_margins(S, y).max(axis=1)).sum())
    ),
    f"{_ANOTHER}the hinge of the top k = 2, max(0, the mean of the two largest margins)": (
        lambda S, y: float(_hinge(_two_largest(S, y).mean(axis=1)).sum())
    ),
    f"{_ANOTHER}the hinge of the top k = 2, the mean of the two largest max(0, margin)": (
        lambda S, y: float(_hinge(_two_largest(S, y)).mean(axis=1).sum())
    ),
    f"{_ANOTHER}the logistic loss of one class against all": (
        _against_all(lambda u: np.logaddexp(0, -u))
    ),
    f"{_ANOTHER}the logistic loss of the margins, Σ_{{j≠y}} log(1 + exp(s_j − s_y + 1))": (
        _of_margins(lambda u: np.logaddexp(0, u))
    ),
    f"{_ANOTHER}the logistic loss of pairs, Σ_{{j≠y}} log(1 + exp(s_j − s_y))": (
        _of_margins(lambda u: np.logaddexp(0, u), 0.0)
    ),
    f"{_ANOTHER}the exponential loss, Σ_{{j≠y}} exp(s_j − s_y)": _of_margins(np.exp, 0.0),
    f"{_ANOTHER}that of the perceptron, max_j s_j − s_y": (
        lambda S, y: float((S.max(axis=1) - S[np.arange(len(y)), y]).sum())
    ),
    f"{_ANOTHER}the squared error to one-hot labels": (
        lambda S, y: float(((S - _is_own(S, y)) ** 2).sum())
    ),
    f"{_ANOTHER}half the squared error to one-hot labels": (
        lambda S, y: float(((S - _is_own(S, y)) ** 2).sum()) / 2
    ),
    f"{_NONE}it counts the examples that are classified wrongly": (
        lambda S, y: len(y) - _hits(S, y)
    ),
    f"{_NONE}it counts the examples that are classified correctly": _hits,
    f"{_NONE}it is the percentage of examples that are classified correctly": (
        lambda S, y: 100 * _hits(S, y)
    ),
}
#: What is a slip in a function that is called as this loss is.
UNLESS_NAMED: dict[str, OfScores] = {
    f"{_ANOTHER}that of the perceptron, Σ_{{j≠y}} max(0, s_j − s_y)": _of_margins(_hinge, 0.0),
}
