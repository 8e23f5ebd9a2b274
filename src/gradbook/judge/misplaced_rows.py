"""Another row than j for what belongs to row j, or another matrix of coefficients, (n, C)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import Edit
from gradbook.judge.scene import Scene


def _row_of(place: Callable[[Any, Any, int], Any]) -> Callable[[Scene, Floats], Floats]:
    """What belongs to row j ≠ y is added to row place(j, y, C); row y keeps its own."""

    def apply(scene: Scene, a: Floats) -> Floats:
        found = a * scene.own
        C, y = scene.question.C, scene.question.y
        for j in range(C):
            rows = np.broadcast_to(place(j, y, C), y.shape) % C
            np.add.at(found, (np.arange(len(y)), rows), (a * (1 - scene.own))[:, j])
        return found

    return apply


def _reshaped(scene: Scene, a: Floats) -> Floats:
    return np.asarray(a.reshape(a.shape[::-1]).T)


def _reshaped_back(scene: Scene, a: Floats) -> Floats:
    return np.asarray(a.T.reshape(a.shape))


MAPS: tuple[Edit, ...] = (
    Edit("not counted on", "for j > y, what belongs to row j stands in row j − 1: the correct "
         "class was left out, and the classes above it are numbered without it", "gradient",
         _row_of(lambda j, y, C: j - (j > y))),
    Edit("counted on", "for j < y, what belongs to row j stands in row j + 1", "gradient",
         _row_of(lambda j, y, C: j + (j < y))),
    Edit("counted on twice", "for j > y, what belongs to row j stands in row j + 1", "gradient",
         _row_of(lambda j, y, C: j + (j > y))),
    Edit("rows j reversed", "what belongs to row j ≠ y stands in row C − 1 − j", "gradient",
         _row_of(lambda j, y, C: C - 1 - j)),
    Edit("rows j in row y", "what belongs to row j ≠ y is added to row y", "gradient",
         _row_of(lambda j, y, C: y)),
    Edit("rows j from y", "what belongs to row j ≠ y stands in row j + y", "gradient",
         _row_of(lambda j, y, C: j + y)),
    Edit("matrix reshaped", "the matrix of the coefficients is reshaped where it should be "
         "transposed: they belong to other examples and classes", "mean", _reshaped),
    Edit("matrix reshaped", "the matrix of the coefficients is reshaped where it should be "
         "transposed: they belong to other examples and classes", "mean", _reshaped_back),
    Edit("matrix rolled", "each example has the coefficients of the example before", "mean",
         lambda scene, a: np.roll(a, 1, axis=0)),
    Edit("matrix rolled back", "each example has the coefficients of the example after", "mean",
         lambda scene, a: np.roll(a, -1, axis=0)),
    Edit("matrix reversed", "each example has the coefficients of example n − 1 − i", "mean",
         lambda scene, a: a[::-1]),
    Edit("matrix of the first", "every example has the coefficients of the first", "mean",
         lambda scene, a: np.repeat(a[:1], len(a), axis=0)),
    Edit("matrix of the last", "every example has the coefficients of the last", "mean",
         lambda scene, a: np.repeat(a[-1:], len(a), axis=0)),
    Edit("matrix summed", "the coefficients are summed over the examples before they multiply x̃: "
         "each example has the sum of all", "mean",
         lambda scene, a: np.repeat(a.sum(axis=0, keepdims=True), len(a), axis=0)),
    Edit("matrix averaged", "the coefficients are averaged over the examples before they multiply "
         "x̃: each example has the mean of all", "mean",
         lambda scene, a: np.repeat(a.mean(axis=0, keepdims=True), len(a), axis=0)),
    Edit("matrix cumulated", "the coefficients are not set back to 0: each example has the sum of "
         "its own and of the earlier ones", "mean", lambda scene, a: np.cumsum(a, axis=0)),
)  # fmt: skip
