"""The loop over the classes ends at the first one whose margin is not active.

Wrong:
    if margin <= 0:
        break
Right:
    if margin <= 0:
        continue
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "the loop over j ends at the first class that is not active"


def kept(scene: Scene) -> Floats:
    return np.asarray(np.cumprod(np.maximum(scene.active != 0, scene.own), axis=1))
