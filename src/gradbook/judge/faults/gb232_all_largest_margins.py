"""Only the largest margins of an example count, each of those that are equal.

Wrong:
    mask = margins == margins.max(axis=1, keepdims=True)
Right:
    mask = margins > 0
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "only the largest margins of an example count, not all"


def kept(scene: Scene) -> Floats:
    u = np.where(scene.own == 1, -np.inf, scene.u)
    return np.asarray(u == u.max(axis=1, keepdims=True), dtype=float)
