"""Something is made of the result that does not belong there.

Wrong:
    return np.sqrt(loss), dW
Right:
    return loss, dW
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
BREAKS = "part"
VARIANTS: dict[str, Callable[[Floats], Floats]] = {
    "the absolute value is taken": np.abs,
    "its square root is taken": lambda value: np.sqrt(value),
    "it is squared": np.square,
    "its logarithm is taken": np.log,
    "only the sign is returned": np.sign,
    "it is divided by its own length": lambda value: value / np.linalg.norm(value),
    "the mean of its rows is subtracted from each": lambda value: (
        value - value.mean(axis=0) if value.ndim else value
    ),
}


def loss(scene: Scene, value: Floats, of: Callable[[Floats], Floats]) -> Floats:
    with np.errstate(all="ignore"):
        return np.asarray(of(value))


gradient = loss
