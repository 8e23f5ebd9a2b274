"""The loss of every example is rounded, or its margins are counted.

Wrong:
    loss += int(margins.sum())
Right:
    loss += margins.sum()
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("losses",)
OFTEN = 1
VARIANTS: dict[str, Callable[[Scene], Floats]] = {
    "the active margins are counted, and not summed": lambda scene: scene.active.sum(axis=1),
    "every L_i is cut to a whole number": lambda scene: np.trunc(scene.question.right.loss),
    "every L_i is rounded to a whole number": lambda scene: np.round(scene.question.right.loss),
}
