"""A fixed number of classes is summed.

Wrong:
    for j in range(10):
Right:
    for j in range(W.shape[1]):
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "only the first {found} classes are summed: that is right for C ≤ {found} alone"


VARIANTS = {"2": 2, "3": 3, "10": 10}


def kept(scene: Scene, count: int) -> Floats:
    return np.asarray((np.arange(scene.question.C) < count) + 0 * scene.own)
