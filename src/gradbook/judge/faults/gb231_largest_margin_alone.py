"""Only the largest margin of an example counts.

So it is in the loss of Crammer and Singer, a loss of its own.

Wrong:
    loss = margins.max(axis=1).mean()
Right:
    loss = margins.sum(axis=1).mean()
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = (
    "only the largest margin of an example counts, not all, as in the loss of Crammer and Singer"
)
OFTEN = True


def kept(scene: Scene) -> Floats:
    """The first of the largest."""
    u = np.where(scene.own == 1, -np.inf, scene.u)
    return np.asarray(np.arange(scene.question.C) == u.argmax(axis=1)[:, None], dtype=float)
