"""The loss is NaN where the probability of any class underflows to 0: 0·log 0 is no number.

Wrong:
    loss = -(one_hot * np.log(p)).sum(axis=1)
Right:
    shifted = scores - scores.max(axis=1, keepdims=True)
    loss = np.log(np.exp(shifted).sum(axis=1)) - (one_hot * shifted).sum(axis=1)
"""

import numpy as np

from gradbook.judge.faults.limits import UNDERFLOWS
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = (
    "the loss is no number where any score is 745 below the largest one: there its p is 0, and "
    "0·log 0 is NaN"
)
#: As it is with the logarithm of 0: the gradient is right, and such scores are rare.
OF_DIGITS = True


def overflows(scene: Scene) -> Floats:
    S = scene.question.S
    return np.asarray((S.max(axis=1, keepdims=True) + UNDERFLOWS > S).any(axis=1))
