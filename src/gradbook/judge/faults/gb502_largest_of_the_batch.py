"""The largest score of the whole batch is subtracted, and not that of each example.

An example whose scores are all far below those of another one is left with 0/0.

Wrong:
    e = np.exp(scores - scores.max())
Right:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
"""

import numpy as np

from gradbook.judge.faults.limits import UNDERFLOWS
from gradbook.questions.scene import Scene

MESSAGE = (
    "the largest score of the batch is subtracted, not that of each example: no number comes out "
    "where all scores of one are 745 below it"
)


def overflows(scene: Scene) -> np.ndarray:
    return np.asarray(scene.question.S.max(axis=1) < scene.question.S.max() + UNDERFLOWS)
