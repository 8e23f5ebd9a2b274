"""The result is rounded.

It is stored in an array of whole numbers, divided by //, or rounded to be shown.

Wrong:
    return loss // n, dW
Right:
    return loss / n, dW
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("loss", "gradient")
BREAKS = "mean"
OFTEN = 2


def _rounded(places: int, scene: Scene, value: Floats) -> Floats:
    return np.round(value, places)


VARIANTS: dict[str, Callable[[Scene, Floats], Floats]] = {
    "it is rounded down to a whole number, as // and int() do": (
        lambda scene, value: np.floor(value)
    ),
    "its entries are cut to whole numbers, as an array of integers does": (
        lambda scene, value: np.trunc(value)
    ),
    "the sum over the examples is cut to whole numbers, as an array of integers does, before it is "
    "divided by n": lambda scene, value: np.trunc(value * scene.question.n) / scene.question.n,
    "it is rounded to whole numbers": lambda scene, value: np.round(value),
    **{
        f"it is rounded to {places} decimal places": partial(_rounded, places)
        for places in range(1, 9)
    },
}
