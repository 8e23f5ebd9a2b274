"""The exponentials are divided by the sum over the examples, and not over the classes.

The axis of the sum is the wrong one.

Wrong:
    p = np.exp(scores) / np.exp(scores).sum(axis=0)
Right:
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
"""

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.scene import Scene

MESSAGE = "the exponentials are divided by their sum over the examples, not over the classes"
OF_PROBABILITIES = OFTEN = True


def losses(scene: Scene) -> Floats:
    return -(scene.own * (scene.question.S - _log_sum(scene.question.S))).sum(axis=1)


def coefficients(scene: Scene) -> Floats:
    return np.exp(scene.question.S - _log_sum(scene.question.S)) - scene.own


def _log_sum(S: Floats) -> Floats:
    top = S.max(axis=0)
    return np.asarray(top + np.log(np.exp(S - top).sum(axis=0)))
