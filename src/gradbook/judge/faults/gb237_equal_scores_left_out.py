"""Every class whose score equals that of the correct one is left out.

The correct class is told by its score, and a tie is taken for it.

Wrong:
    mask = scores != own
Right:
    mask = np.arange(C) != y[:, None]
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "every class whose score equals s_y is left out, not the correct class alone"


def kept(scene: Scene) -> Floats:
    S = scene.question.S
    return np.asarray((S * scene.own).sum(axis=1, keepdims=True) != S, dtype=float)
