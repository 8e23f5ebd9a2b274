"""The margins, or the losses of the examples, are rounded.

They are stored in an array of whole numbers, or rounded to be printed.

Wrong:
    margins = np.zeros(scores.shape, dtype=int)
Right:
    margins = np.zeros(scores.shape)
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from gradbook.judge.faults.indicators import hinges, with_row_y
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"


def _rounded(places: int, u: Floats) -> Floats:
    return np.round(u, places)


VARIANTS: dict[str, Callable[[Floats], Floats]] = {
    "the margins are cut to whole numbers: one below 1 counts as 0": np.trunc,
    "the margins are rounded to whole numbers": np.round,
    **{
        f"the margins are rounded to {places} decimal places": partial(_rounded, places)
        for places in range(1, 9)
    },
}


def losses(scene: Scene, change: Callable[[Floats], Floats]) -> Floats:
    return hinges(scene, change(scene.u)).sum(axis=1)


def coefficients(scene: Scene, mu: Floats, change: Callable[[Floats], Floats]) -> Floats:
    return with_row_y(scene, scene.indicator(change(scene.u)))
