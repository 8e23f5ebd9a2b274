"""The logarithm is −∞ where the probability of the correct class underflows to 0.

−log p_y is s − s_y, with s the log-sum-exp of the scores, a number that is not large at all.

Wrong:
    loss = -np.log(p[np.arange(n), y])
Right:
    shifted = scores - scores.max(axis=1, keepdims=True)
    loss = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(n), y]
"""

import numpy as np

from gradbook.judge.faults.limits import UNDERFLOWS
from gradbook.questions.scene import Scene

MESSAGE = "the logarithm is −∞ where s_y is 745 below the largest score: there p_y underflows to 0"
#: The gradient is right, and such scores are rare: a right function may have it.
OF_DIGITS = True


def overflows(scene: Scene) -> np.ndarray:
    return np.asarray(
        (scene.question.S * scene.own).sum(axis=1) < scene.question.S.max(axis=1) + UNDERFLOWS
    )
