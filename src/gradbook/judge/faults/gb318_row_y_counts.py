"""Row y counts the other rows' coefficients, and does not sum them.

So it is right for a hinge alone, where each of them is 0 or 1.

Wrong:
    M[n, y] = -(margins > 0).sum(axis=1)
Right:
    M[n, y] = -M.sum(axis=1)
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "row y counts the active classes, and does not sum their coefficients"
OFTEN = True


def row_y(scene: Scene, a: Floats) -> Floats:
    return -np.asarray((a != 0).sum(axis=1), dtype=float)
