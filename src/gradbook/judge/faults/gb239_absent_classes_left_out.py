"""A class that no example of the batch has as its label is left out.

Wrong:
    for j in np.unique(y):
Right:
    for j in range(C):
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "only classes that occur in the batch are summed: an absent class is left out"


def kept(scene: Scene) -> Floats:
    return np.asarray((scene.own.sum(axis=0) > 0) + 0 * scene.own)
