"""The sum over the classes is divided by the number of active margins.

Wrong:
    loss = margins.sum(axis=1) / (margins > 0).sum(axis=1)
Right:
    loss = margins.sum(axis=1)
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "the sum over j is divided by the number of active classes"
OFTEN = True


def kept(scene: Scene) -> Floats:
    """The share of each."""
    count = np.maximum(scene.active.sum(axis=1, keepdims=True), 1)
    return np.asarray((1 - scene.own) / count)
