"""Each class is judged by itself, and no two scores are compared.

Wrong:
    t = np.where(one_hot, 1, -1)
    loss = np.maximum(0, 1 - t * scores).sum()
Right:
    loss = (np.maximum(0, scores - own + 1) * (1 - one_hot)).sum()
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = (
    "each class is judged by itself, with max(0, 1 + s_j) for j ≠ y and max(0, 1 − s_y): this is "
    "another loss, that of one class against all others"
)
BREAKS = "loss"


def losses(scene: Scene) -> Floats:
    S = scene.question.S
    return np.maximum(np.where(scene.own == 1, 1 - S, 1 + S), 0).sum(axis=1)


def coefficients(scene: Scene, mu: Floats) -> Floats:
    S = scene.question.S
    return np.where(scene.own == 1, -1.0 * (S < 1), 1.0 * (S > -1))
