"""A margin of exactly 0 counts otherwise in row y than in the rows j ≠ y.

One of the two is made with > and the other with ≥.

Wrong:
    M = (margins > 0) * 1.0
    M[np.arange(n), y] = -(margins >= 0).sum(axis=1)
Right:
    M = (margins > 0) * 1.0
    M[np.arange(n), y] = -M.sum(axis=1)
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
BREAKS = "kink"
OFTEN = True
VARIANTS = {
    "row y counts a margin of exactly 0 otherwise than the rows j ≠ y do": True,
    "the rows j ≠ y count a margin of exactly 0 otherwise than row y does": False,
}


def coefficients(scene: Scene, mu: Floats, of_row_y: bool) -> Floats:
    others = mu * (1 - scene.own)
    otherwise = np.where(scene.u == 0, 1 - (scene.at_kink or 0), others) * (1 - scene.own)
    if of_row_y:
        return others - scene.own * otherwise.sum(axis=1, keepdims=True)
    return otherwise + mu * scene.own
