"""Other scores are computed than W x̃; the examples that the gradient is made of are right.

Wrong:
    scores = np.abs(X @ W)
Right:
    scores = X @ W
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
OFTEN = 12


def _without(column: int) -> Callable[[Question], Floats]:
    return lambda q: q.S - np.outer(q.X[:, column], q.W[:, column])


def _of_weights(change: Callable[[Floats], Floats]) -> Callable[[Question], Floats]:
    return lambda q: q.X @ change(q.W).T


def _times(factor: float, q: Question) -> Floats:
    return factor * q.S


def _shortened(axis: int | None) -> Callable[[Question], Floats]:
    """Of weights that are divided by their length along an axis, if there is one."""

    def change(W: Floats) -> Floats:
        lengths = np.linalg.norm(W, axis=axis, keepdims=True)
        return np.asarray(W / np.where(lengths > 0, lengths, 1.0))

    return _of_weights(change)


def _transposed(W: Floats) -> Floats:
    return W.T if len(W) == len(W.T) else np.full_like(W, np.nan)


def _rounded_weights(places: int) -> Callable[[Question], Floats]:
    return _of_weights(lambda W: np.round(W, places))


_PLACES = (
    "W is reshaped where it should be transposed: the scores are of weights in the wrong places{}"
)
VARIANTS: dict[str, Callable[[Question], Floats]] = {
    "the scores have the wrong sign": lambda q: -q.S,
    "negative scores count as 0": lambda q: np.maximum(q.S, 0),
    "the absolute values of the scores stand where they belong": lambda q: np.abs(q.S),
    "the scores are computed in half precision, float16": (
        lambda q: (q.X.astype(np.float16) @ q.W.T.astype(np.float16)).astype(float)
    ),
    "the scores are cut to whole numbers": lambda q: np.trunc(q.S),
    "the first feature is left out of the scores": _without(0),
    "the last feature is left out of the scores": _without(-1),
    "the scores are divided by D": lambda q: q.S / q.D,
    "the scores are divided by √D": lambda q: q.S / q.D**0.5,
    **{
        f"the scores are multiplied by {words}, and their slopes are not": partial(_times, factor)
        for words, factor in (("2", 2.0), ("½", 0.5), ("10", 10.0), ("1/10", 0.1))
    },
    "the scores of the first example are taken for all": lambda q: np.repeat(q.S[:1], q.n, axis=0),
    "the scores of the last example are taken for all": lambda q: np.repeat(q.S[-1:], q.n, axis=0),
    "|W| stands where W belongs in the scores": _of_weights(np.abs),
    "the scores are rounded to whole numbers": lambda q: np.round(q.S),
    "the scores are rounded down to whole numbers": lambda q: np.floor(q.S),
    **{
        f"the weights are rounded to {places} decimal places first": _rounded_weights(places)
        for places in range(5)
    },
    "the scores are in reversed order, the last example's first": lambda q: q.S[::-1],
    "W is taken for its transpose in the scores": _of_weights(_transposed),
    _PLACES.format(""): _of_weights(lambda W: W.T.reshape(W.shape)),
    _PLACES.format(", the other way round"): lambda q: q.X @ q.W.reshape(q.W.shape[::-1]),
    "the weights of each feature are divided by their length in the scores, W[:, d]/‖W[:, d]‖": (
        _shortened(0)
    ),
    "W is divided by its length in the scores, W/‖W‖": _shortened(None),
    "the largest score of each class in the batch is subtracted, in place of the largest of each "
    "example": lambda q: q.S - q.S.max(axis=0),
    "the mean score of each class in the batch is subtracted": lambda q: q.S - q.S.mean(axis=0),
}


def seen(scene: Scene, scores: Callable[[Question], Floats]) -> Scene:
    with np.errstate(all="ignore"):
        return scene.with_scores(scores(scene.question))
