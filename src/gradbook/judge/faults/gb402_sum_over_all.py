"""The exponentials are divided by the sum over all scores of the batch.

Wrong:
    p = np.exp(scores) / np.exp(scores).sum()
Right:
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
"""

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.scene import Scene

MESSAGE = "the exponentials are divided by the sum over the whole batch, not over the classes"
OF_PROBABILITIES = OFTEN = True


def losses(scene: Scene) -> Floats:
    return -(scene.own * (scene.question.S - _log_sum(scene.question.S))).sum(axis=1)


def coefficients(scene: Scene) -> Floats:
    return np.exp(scene.question.S - _log_sum(scene.question.S)) - scene.own


def _log_sum(S: Floats) -> float:
    top = float(S.max())
    return top + float(np.log(np.exp(S - top).sum()))
