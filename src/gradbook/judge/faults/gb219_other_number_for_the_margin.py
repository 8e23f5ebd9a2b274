"""The margin is made of other numbers of the data.

What is added is no constant, or the score of the label is read at a wrong place.

Wrong:
    own = scores.ravel()[y]
Right:
    own = scores[np.arange(n), y]
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from gradbook.judge.faults.indicators import hinges, with_row_y
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = "the margin is {found}, not s_j − s_y + 1"
BREAKS = "loss"


def _own(q: Question) -> Floats:
    return q.S[np.arange(q.n), q.y]


def _distance(q: Question) -> Floats:
    return np.abs(np.arange(q.C) - q.y[:, None])


def _flat(S: Floats, places: np.ndarray) -> Floats:
    """Entries of an array that is read as one row."""
    return S.ravel()[places % S.size]


def _of_class(place: Callable[[Question], Any]) -> Callable[[Question], Floats]:
    """The score of another class than y."""
    return lambda q: q.S[np.arange(q.n), np.broadcast_to(place(q), q.y.shape) % q.C]


def _of_example(place: Callable[[Question], Any]) -> Callable[[Question], Floats]:
    """s_y with the label of i, of another example's scores."""
    return lambda q: q.S[np.broadcast_to(place(q), q.y.shape) % q.n, q.y]


#: What is added to s_j − s_y in place of 1: (n, C) or what spreads to it.
_ADDED: dict[str, Callable[[Question], Any]] = {
    "|j − y|": _distance,
    "|j − y|/C": lambda q: _distance(q) / q.C,
    "n": lambda q: q.n,
    "1/n": lambda q: 1 / q.n,
    "D": lambda q: q.D,
    "1/D": lambda q: 1 / q.D,
    "i": lambda q: np.arange(q.n)[:, None],
    "(i + 1)": lambda q: np.arange(q.n)[:, None] + 1,
    "‖x̃‖": lambda q: np.linalg.norm(q.X, axis=1)[:, None],
    "‖W‖": lambda q: np.linalg.norm(q.W),
    "1{j > y}": lambda q: np.arange(q.C) > q.y[:, None],
    "1{j < y}": lambda q: np.arange(q.C) < q.y[:, None],
    "the share of the examples that have the label y": (
        lambda q: (q.own @ q.own.mean(axis=0))[:, None]
    ),
}
#: What is subtracted from s_j in place of s_y: (n,) or (n, C).
_SUBTRACTED: dict[str, Callable[[Question], Floats]] = {
    "s_{y+1}": _of_class(lambda q: q.y + 1),
    "s_{y−1}": _of_class(lambda q: q.y - 1),
    "the score of the class before j": lambda q: np.roll(q.S, 1, axis=1),
    "the score of the class after j": lambda q: np.roll(q.S, -1, axis=1),
    "the largest score": lambda q: q.S.max(axis=1),
    "the smallest score": lambda q: q.S.min(axis=1),
    "the mean of the scores": lambda q: q.S.mean(axis=1),
    "the score of the first example's label": _of_class(lambda q: q.y[0]),
    "the score of the last example's label": _of_class(lambda q: q.y[-1]),
    "the score of the label of the example before": _of_class(lambda q: np.roll(q.y, 1)),
    "the score of the label of the example after": _of_class(lambda q: np.roll(q.y, -1)),
    "the score of the class numbered i, whatever y is": _of_class(lambda q: np.arange(q.n)),
    "the first example's score of class y": _of_example(lambda q: 0),
    "the last example's score of class y": _of_example(lambda q: -1),
    "the score of class y of the example before": _of_example(lambda q: np.arange(q.n) - 1),
    "the score of class y of the example after": _of_example(lambda q: np.arange(q.n) + 1),
    "the score of class y of the example numbered y": _of_example(lambda q: q.y),
    "the first example's s_y": lambda q: np.full(q.n, _own(q)[0]),
    "the last example's s_y": lambda q: np.full(q.n, _own(q)[-1]),
    "s_y of the example before": lambda q: np.roll(_own(q), 1),
    "s_y of the example after": lambda q: np.roll(_own(q), -1),
    "the mean of s_y over the examples": lambda q: np.full(q.n, _own(q).mean()),
    "the entry y of all scores in one row": lambda q: _flat(q.S, q.y),
    "the entry i·n + y of all scores in one row, not i·C + y,": (
        lambda q: _flat(q.S, np.arange(q.n) * q.n + q.y)
    ),
    "the entry i·D + y of all scores in one row, not i·C + y,": (
        lambda q: _flat(q.S, np.arange(q.n) * q.D + q.y)
    ),
    "the entry y·n + i of all scores in one row, not i·C + y,": (
        lambda q: _flat(q.S, q.y * q.n + np.arange(q.n))
    ),
    "the entry i·C + y of the transposed scores in one row": (
        lambda q: _flat(q.S.T, np.arange(q.n) * q.C + q.y)
    ),
}


def _with(added: Callable[[Question], Any]) -> Callable[[Scene], Floats]:
    return lambda scene: np.asarray(scene.u - 1 + added(scene.question))


def _against(subtracted: Callable[[Question], Floats]) -> Callable[[Scene], Floats]:
    def margin(scene: Scene) -> Floats:
        other = subtracted(scene.question)
        return np.asarray(scene.question.S - (other[:, None] if other.ndim == 1 else other) + 1)

    return margin


def _overwritten(scene: Scene) -> Floats:
    after = np.arange(scene.question.C) > scene.question.y[:, None]
    return np.where(after, scene.question.S, scene.u)


VARIANTS: dict[str, Callable[[Scene], Floats]] = {
    **{f"s_j − s_y + {words}": _with(added) for words, added in _ADDED.items()},
    **{f"s_j − {words} + 1": _against(other) for words, other in _SUBTRACTED.items()},
    "s_j for j > y, s_y being overwritten with its own margin by then": _overwritten,
}


def losses(scene: Scene, margin: Callable[[Scene], Floats]) -> Floats:
    _ = scene.u  # a loss with one margin for each class
    return hinges(scene, margin(scene)).sum(axis=1)


def coefficients(scene: Scene, mu: Floats, margin: Callable[[Scene], Floats]) -> Floats:
    _ = scene.u
    return with_row_y(scene, scene.indicator(margin(scene)))
