"""The number of classes is taken from the labels of the batch.

Wrong:
    C = y.max() + 1
Right:
    C = W.shape[1]
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = (
    "the number of classes is taken to be max(y) + 1: where the last class does not occur in the "
    "batch, it is left out"
)


def kept(scene: Scene) -> Floats:
    question = scene.question
    return np.asarray((np.arange(question.C) <= question.y.max()) + 0 * scene.own)
