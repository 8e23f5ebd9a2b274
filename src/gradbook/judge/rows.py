"""What a kernel may do in the rows of the gradient: in row y, between the rows, to the examples.

The edits of the indicators are in `edits`; these take the coefficients that come of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import Edit
from gradbook.judge.scene import Scene

# The coefficient of row y: (n,), from those of the other rows, (n, C).


def _count(a: Floats) -> Floats:
    return np.asarray(a.sum(axis=1))


_ROW_Y = "not −Σ_{j≠y} 1{…} x̃ᵀ"

#: Of any loss whose coefficients add up to 0.
ROW_Y_OF_ANY_LOSS: tuple[Edit, ...] = (
    Edit("zero", "row y stays 0", "gradient", lambda scene, a: 0 * _count(a)),
    Edit("sign", "row y has the wrong sign", "gradient", lambda scene, a: _count(a)),
    Edit("twice", "row y is doubled", "gradient", lambda scene, a: -2 * _count(a)),
    Edit("half", "row y is halved", "gradient", lambda scene, a: -_count(a) / 2),
)
#: Of one with margins.
ROW_Y: tuple[Edit, ...] = (
    *ROW_Y_OF_ANY_LOSS,
    Edit(
        "boolean",
        "row y is x̃ᵀ where a margin is active and 0 elsewhere: so it is where −k, for k active "
        "margins, is stored in a Boolean array, as True",
        "gradient",
        lambda scene, a: 1.0 * (_count(a) > 0),
    ),
    Edit(
        "unsigned",
        "row y is (256 − k) x̃ᵀ where k > 0 margins are active: so it is where −k is stored in an "
        "array of uint8",
        "gradient",
        lambda scene, a: np.mod(-_count(a), 256),
    ),
    Edit(
        "left in",
        f"the correct class is not left out, and adds x̃ᵀ to row y: it is (1 − Σ_{{j≠y}} 1{{…}}) "
        f"x̃ᵀ, {_ROW_Y}",
        "gradient",
        lambda scene, a: 1 - _count(a),
    ),
    Edit(
        "own indicator",
        f"row y is treated like the others: it is x̃ᵀ, {_ROW_Y}",
        "gradient",
        lambda scene, a: 1 + 0 * _count(a),
    ),
    Edit(
        "once",
        f"row y counts one active class at most: it is −x̃ᵀ, {_ROW_Y}",
        "gradient",
        lambda scene, a: -np.asarray(_count(a) != 0, dtype=float),
    ),
    Edit(
        "all others",
        f"row y counts every other class, active or not: it is −(C − 1) x̃ᵀ, {_ROW_Y}",
        "gradient",
        lambda scene, a: 0 * _count(a) - (scene.question.C - 1),
    ),
    Edit(
        "all",
        f"row y counts every class, active or not: it is −C x̃ᵀ, {_ROW_Y}",
        "gradient",
        lambda scene, a: 0 * _count(a) - scene.question.C,
    ),
    Edit(
        "minus 1",
        f"row y is always −x̃ᵀ, {_ROW_Y}",
        "gradient",
        lambda scene, a: 0 * _count(a) - 1,
    ),
    Edit(
        "square",
        "row y has the square of the number of active classes",
        "gradient",
        lambda scene, a: -(_count(a) ** 2),
    ),
    Edit(
        "one fewer",
        "row y counts one active class too few",
        "gradient",
        lambda scene, a: -np.maximum(_count(a) - 1, 0),
    ),
    Edit(
        "page",
        "row y alone is the page's",
        "gradient",
        lambda scene, a: -_count(scene.active),
    ),
    Edit(
        "other kink",
        "row y counts a margin of exactly 0 otherwise than the rows j ≠ y do",
        "kink",
        lambda scene, a: (
            -(np.where(scene.u == 0, 1 - (scene.at_kink or 0), scene.active) * (1 - scene.own)).sum(
                axis=1
            )
        ),
    ),
    Edit(
        "minus squares",
        "row y sums the squares of the margins, not their indicators",
        "gradient",
        lambda scene, a: -(np.maximum(scene.u, 0) ** 2 * (1 - scene.own)).sum(axis=1),
    ),
    Edit(
        "margins",
        "row y sums the margins, not their indicators",
        "gradient",
        lambda scene, a: -(np.maximum(scene.u, 0) * (1 - scene.own)).sum(axis=1),
    ),
    Edit(
        "margins and 1",
        "row y sums the margins, that of the correct class included, not the indicators",
        "gradient",
        lambda scene, a: -np.maximum(scene.u, 0).sum(axis=1),
    ),
    Edit(
        "scores",
        "row y counts the positive scores, not the active margins",
        "gradient",
        lambda scene, a: -scene.indicator(scene.question.S).sum(axis=1),
    ),
    Edit(
        "over C − 1",
        "row y is divided by C − 1",
        "gradient",
        lambda scene, a: -_count(a) / (scene.question.C - 1),
    ),
    Edit(
        "over C",
        "row y is divided by C",
        "gradient",
        lambda scene, a: -_count(a) / scene.question.C,
    ),
    Edit(
        "of the batch",
        "row y counts the active classes of all examples, not those of its own",
        "mean",
        lambda scene, a: 0 * _count(a) - a.sum(),
    ),
    Edit(
        "over the examples",
        "row y sums the indicators over the wrong axis: it counts the examples for which the "
        "margin of class y is active, not the active classes of its own example",
        "mean",
        lambda scene, a: -a.sum(axis=0)[scene.question.y],
    ),
    Edit(
        "not reset",
        "row y's count is not set back to 0: it counts the active classes of earlier examples too",
        "mean",
        lambda scene, a: -np.cumsum(_count(a)),
    ),
    Edit(
        "of the last",
        "row y takes the count of the last example for all",
        "mean",
        lambda scene, a: 0 * _count(a) - _count(a)[-1],
    ),
    Edit(
        "of the first",
        "row y takes the count of the first example for all",
        "mean",
        lambda scene, a: 0 * _count(a) - _count(a)[0],
    ),
    Edit(
        "of the previous",
        "row y takes the count of the example before",
        "mean",
        lambda scene, a: -np.roll(_count(a), 1),
    ),
)

# The rows j ≠ y and row y apart from one another: (n, C) in place of all coefficients.


def _only_others(change: Callable[[Scene, Floats], Floats]) -> Callable[[Scene, Floats], Floats]:
    """Changes the rows j ≠ y, and leaves row y as it is."""
    return lambda scene, a: change(scene, a) * (1 - scene.own) + a * scene.own


def _with_other_kink(scene: Scene, a: Floats) -> Floats:
    return np.where(scene.u == 0, 1 - (scene.at_kink or 0), a)


def _moved(step: int) -> Callable[[Scene, Floats], Floats]:
    return lambda scene, a: np.roll(a * (1 - scene.own), step, axis=1) + a * scene.own


def _with_ties(scene: Scene, a: Floats) -> Floats:
    """Every class whose score equals s_y is treated as y."""
    S = scene.question.S
    tied = (S * scene.own).sum(axis=1, keepdims=True) == S
    others = scene.active * ~tied
    return np.where(tied, -others.sum(axis=1, keepdims=True), others)


ROWS: tuple[Edit, ...] = (
    Edit("only row y", "only row y is written: the rows j ≠ y stay 0", "gradient",
         _only_others(lambda scene, a: 0 * a)),
    Edit("others sign", "the rows j ≠ y have the wrong sign", "gradient",
         _only_others(lambda scene, a: -a)),
    Edit("others twice", "the rows j ≠ y are doubled", "gradient",
         _only_others(lambda scene, a: 2 * a)),
    Edit("others half", "the rows j ≠ y are halved", "gradient",
         _only_others(lambda scene, a: a / 2)),
    Edit("others all", "the rows j ≠ y count every margin, active or not", "gradient",
         _only_others(lambda scene, a: np.ones_like(a))),
    Edit("others margins", "the rows j ≠ y are the margin times x̃ᵀ, not its indicator times x̃ᵀ",
         "gradient", _only_others(lambda scene, a: np.maximum(scene.u, 0))),
    Edit("others kink", "the rows j ≠ y count a margin of exactly 0 otherwise than row y does",
         "kink", _only_others(_with_other_kink)),
    Edit("row before", "the rows j ≠ y are shifted by one: x̃ᵀ is added to row j − 1, not to "
         "row j", "gradient", _moved(-1)),
    Edit("all rows after", "all rows are shifted by one: what belongs to row j stands in row "
         "j + 1, and what belongs to the last one in row 0", "gradient",
         lambda scene, a: np.roll(a, 1, axis=1)),
    Edit("all rows before", "all rows are shifted by one: what belongs to row j stands in row "
         "j − 1, and what belongs to row 0 in the last one", "gradient",
         lambda scene, a: np.roll(a, -1, axis=1)),
    Edit("all rows reversed", "the rows are in reversed order: what belongs to row j stands in row "
         "C − 1 − j", "gradient", lambda scene, a: a[:, ::-1]),
    Edit("rows of ties", "every class whose score equals s_y is taken for the correct one, y or "
         "not: its row gets −k x̃ᵀ, with k the number of active classes among the others",
         "gradient", _with_ties),
    Edit("row after", "the rows j ≠ y are shifted by one: x̃ᵀ is added to row j + 1, not to "
         "row j", "gradient", _moved(1)),
)  # fmt: skip

# Which row gets what belongs to row y: (n, C) with one 1 in each row.


def _one_hot(place: Callable[[Scene], Any]) -> Callable[[Scene], Floats]:
    return lambda scene: np.asarray(
        np.broadcast_to(place(scene), scene.question.y.shape)[:, None]
        == np.arange(scene.question.C),
        dtype=float,
    )


def _reduced_at(scene: Scene) -> Floats:
    """The own classes; and for one that does not occur, the first example of the next that does."""
    places = scene.own.copy()
    y = scene.question.y
    for absent in np.flatnonzero(scene.own.sum(axis=0) == 0).tolist():
        if absent < y.max():
            places[np.flatnonzero(y == y[y > absent].min())[0], absent] = 1
    return places


PLACES: tuple[Edit, ...] = (
    Edit("reduceat", "the row of a class that does not occur gets what belongs to the first "
         "example of the next class that does, as np.add.reduceat gives it", "mean", _reduced_at,
         alone=True),
    Edit("previous", "what belongs to row y goes to row y − 1", "gradient",
         _one_hot(lambda scene: (scene.question.y - 1) % scene.question.C)),
    Edit("next", "what belongs to row y goes to row y + 1", "gradient",
         _one_hot(lambda scene: (scene.question.y + 1) % scene.question.C)),
    Edit("first", "what belongs to row y goes to the first row", "gradient",
         _one_hot(lambda scene: 0)),
    Edit("last", "what belongs to row y goes to the last row", "gradient",
         _one_hot(lambda scene: scene.question.C - 1)),
    Edit("best", "what belongs to row y goes to the row of the class with the largest score",
         "gradient", _one_hot(lambda scene: scene.question.S.argmax(axis=1))),
    Edit("best other", "what belongs to row y goes to the row of the class j ≠ y with the largest "
         "score", "gradient", _one_hot(lambda scene: np.where(
             scene.own == 1, -np.inf, scene.question.S).argmax(axis=1))),
    Edit("worst", "what belongs to row y goes to the row of the class with the smallest score",
         "gradient", _one_hot(lambda scene: scene.question.S.argmin(axis=1))),
    Edit("mirrored", "what belongs to row y goes to row C − 1 − y", "gradient",
         _one_hot(lambda scene: scene.question.C - 1 - scene.question.y)),
    Edit("label before", "what belongs to row y goes to the row of the label of the example "
         "before", "mean", _one_hot(lambda scene: np.roll(scene.question.y, 1))),
    Edit("label after", "what belongs to row y goes to the row of the label of the example after",
         "mean", _one_hot(lambda scene: np.roll(scene.question.y, -1))),
    Edit("first active", "what belongs to row y goes to the row of the first active class",
         "gradient", _one_hot(lambda scene: (scene.active > 0).argmax(axis=1))),
    Edit("last active", "what belongs to row y goes to the row of the last active class",
         "gradient", _one_hot(lambda scene: scene.question.C - 1
                              - (scene.active > 0)[:, ::-1].argmax(axis=1))),
    Edit("label of the first", "what belongs to row y goes to the row of the first example's label",
         "mean", _one_hot(lambda scene: scene.question.y[0])),
    Edit("label of the last", "what belongs to row y goes to the row of the last example's label",
         "mean", _one_hot(lambda scene: scene.question.y[-1])),
    Edit("by number", "what belongs to row y goes to the row numbered like the example",
         "mean", _one_hot(lambda scene: np.arange(scene.question.n) % scene.question.C)),
)  # fmt: skip

# The examples that the coefficients multiply: (n, D).


def _without(column: int) -> Callable[[Scene], Floats]:
    def apply(scene: Scene) -> Floats:
        X = scene.question.X.copy()
        X[:, column] = 0
        return X

    return apply


def _of_scene(change: Callable[[Floats], Floats]) -> Callable[[Scene], Floats]:
    return lambda scene: change(scene.question.X)


FEATURES: tuple[Edit, ...] = (
    Edit("without first", "the first feature's column stays 0", "gradient", _without(0)),
    Edit("without last", "the last feature's column stays 0", "gradient", _without(-1)),
    Edit("absolute", "|x̃| stands where x̃ belongs", "gradient", _of_scene(np.abs)),
    Edit("positive", "max(0, x̃) stands where x̃ belongs: negative features count as 0", "gradient",
         _of_scene(lambda X: np.maximum(X, 0))),
    Edit("square", "x̃² stands where x̃ belongs", "gradient", _of_scene(np.square)),
    Edit("ones", "x̃ is missing: the rows are multiples of 𝟙", "gradient", _of_scene(np.ones_like)),
    Edit("whole", "x̃ is cut to whole numbers", "gradient", _of_scene(np.trunc)),
    Edit("reversed features", "the features are in reversed order", "gradient",
         _of_scene(lambda X: X[:, ::-1])),
    Edit("weights", "W stands where x̃ belongs", "gradient",
         lambda scene: (scene.own @ scene.question.W)),
    Edit("first example", "the first example stands in place of every other", "mean",
         _of_scene(lambda X: np.repeat(X[:1], len(X), axis=0))),
    Edit("last example", "the last example stands in place of every other", "mean",
         _of_scene(lambda X: np.repeat(X[-1:], len(X), axis=0))),
    Edit("mean example", "the mean of the examples stands in place of each", "mean",
         _of_scene(lambda X: np.repeat(X.mean(axis=0, keepdims=True), len(X), axis=0))),
    Edit("previous example", "each example's coefficients multiply the example before", "mean",
         _of_scene(lambda X: np.roll(X, 1, axis=0))),
    Edit("next example", "each example's coefficients multiply the example after", "mean",
         _of_scene(lambda X: np.roll(X, -1, axis=0))),
    Edit("reversed examples", "the examples are in reversed order", "mean",
         _of_scene(lambda X: X[::-1])),
)  # fmt: skip
