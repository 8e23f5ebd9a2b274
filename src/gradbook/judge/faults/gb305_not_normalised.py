"""The exponentials are not divided by their sum.

Wrong:
    p = np.exp(scores)
Right:
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "the exponentials are not divided by their sum: exp(s_j) stands where p_j belongs"
OF_PROBABILITIES = OFTEN = True


def coefficients(scene: Scene, mu: Floats) -> Floats:
    return np.exp(scene.question.S) - scene.own
