"""What belongs to one row stands in another one.

The classes are numbered otherwise where the label is left out, or an index is wrong by one.

Wrong:
    dW[:, j - 1] += X[i]
Right:
    dW[:, j] += X[i]
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from gradbook.judge.faults.gb234_loop_ends_early import first_of
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("coefficients",)
OFTEN = 4

_Place = Callable[[Scene], Any]


def _others_moved(place: Callable[[int, np.ndarray, int], Any], scene: Scene, mu: Floats) -> Floats:
    """What belongs to row j ≠ y is added to row place(j, y, C); row y keeps its own."""
    found, others = mu * scene.own, mu * (1 - scene.own)
    C, y = scene.question.C, scene.question.y
    for j in range(C):
        rows = np.broadcast_to(place(j, y, C), y.shape) % C
        np.add.at(found, (np.arange(len(y)), rows), others[:, j])
    return found


def _row_y_at(place: _Place, scene: Scene, mu: Floats) -> Floats:
    """What belongs to row y is added to row place; the others keep theirs."""
    question = scene.question
    rows = np.broadcast_to(place(scene), question.y.shape)[:, None] % question.C
    there = rows == np.arange(question.C)
    return mu * (1 - scene.own) + there * (mu * scene.own).sum(axis=1, keepdims=True)


def _with_ties(scene: Scene, mu: Floats) -> Floats:
    """Every class whose score equals s_y is treated as y."""
    S = scene.question.S
    tied = (S * scene.own).sum(axis=1, keepdims=True) == S
    others = scene.active * ~tied
    return np.where(tied, -others.sum(axis=1, keepdims=True), others)


def _best_other(scene: Scene) -> np.ndarray:
    return np.where(scene.own == 1, -np.inf, scene.question.S).argmax(axis=1)


def _reduced_at(scene: Scene, mu: Floats) -> Floats:
    """And for a class that does not occur, the first example of the next that does."""
    places, y = scene.own.copy(), scene.question.y
    for absent in np.flatnonzero(scene.own.sum(axis=0) == 0).tolist():
        if absent < y.max():
            places[np.flatnonzero(y == y[y > absent].min())[0], absent] = 1
    return mu * (1 - scene.own) + places * (mu * scene.own).sum(axis=1, keepdims=True)


_TO = "what belongs to row y goes to {}"
VARIANTS: dict[str, Callable[[Scene, Floats], Floats]] = {
    "the rows j ≠ y are shifted by one: x̃ᵀ is added to row j + 1, not to row j": partial(
        _others_moved, lambda j, y, C: j + 1
    ),
    "the rows j ≠ y are shifted by one: x̃ᵀ is added to row j − 1, not to row j": partial(
        _others_moved, lambda j, y, C: j - 1
    ),
    "all rows are shifted by one: what belongs to row j stands in row j + 1, and what belongs to "
    "the last one in row 0": lambda scene, mu: np.roll(mu, 1, axis=1),
    "all rows are shifted by one: what belongs to row j stands in row j − 1, and what belongs to "
    "row 0 in the last one": lambda scene, mu: np.roll(mu, -1, axis=1),
    "the rows are in reversed order: what belongs to row j stands in row C − 1 − j": (
        lambda scene, mu: mu[:, ::-1]
    ),
    "every class whose score equals s_y is taken for the correct one, y or not: its row gets "
    "−k x̃ᵀ, with k the number of active classes among the others": _with_ties,
    "for j > y, what belongs to row j stands in row j − 1: the correct class was left out, and the "
    "classes above it are numbered without it": partial(_others_moved, lambda j, y, C: j - (j > y)),
    "for j < y, what belongs to row j stands in row j + 1": partial(
        _others_moved, lambda j, y, C: j + (j < y)
    ),
    "for j > y, what belongs to row j stands in row j + 1": partial(
        _others_moved, lambda j, y, C: j + (j > y)
    ),
    "what belongs to row j ≠ y stands in row C − 1 − j": partial(
        _others_moved, lambda j, y, C: C - 1 - j
    ),
    "what belongs to row j ≠ y is added to row y": partial(_others_moved, lambda j, y, C: y),
    "what belongs to row j ≠ y stands in row j + y": partial(_others_moved, lambda j, y, C: j + y),
    "the row of a class that does not occur gets what belongs to the first example of the next "
    "class that does, as np.add.reduceat gives it": _reduced_at,
    **{
        _TO.format(words): partial(_row_y_at, place)
        for words, place in {
            "row y − 1": lambda scene: scene.question.y - 1,
            "row y + 1": lambda scene: scene.question.y + 1,
            "the first row": lambda scene: 0,
            "the last row": lambda scene: -1,
            "the row of the class with the largest score": (
                lambda scene: scene.question.S.argmax(axis=1)
            ),
            "the row of the class j ≠ y with the largest score": _best_other,
            "the row of the class with the smallest score": (
                lambda scene: scene.question.S.argmin(axis=1)
            ),
            "row C − 1 − y": lambda scene: -1 - scene.question.y,
            "the row of the label of the example before": lambda scene: np.roll(
                scene.question.y, 1
            ),
            "the row of the label of the example after": lambda scene: np.roll(
                scene.question.y, -1
            ),
            "the row of the first active class": (
                lambda scene: first_of(scene.active).argmax(axis=1)
            ),
            "the row of the last active class": (
                lambda scene: -1 - first_of(scene.active[:, ::-1]).argmax(axis=1)
            ),
            "the row of the first example's label": lambda scene: scene.question.y[0],
            "the row of the last example's label": lambda scene: scene.question.y[-1],
            "the row numbered like the example": lambda scene: np.arange(scene.question.n),
        }.items()
    },
}
