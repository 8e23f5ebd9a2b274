"""Only the predicted class is compared with y.

Wrong:
    loss += max(0, scores.max() - scores[y[i]] + 1)
Right:
    loss += np.maximum(0, np.delete(scores - scores[y[i]] + 1, y[i])).sum()
"""

import numpy as np

from gradbook.judge.faults.indicators import with_row_y
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = (
    "only the predicted class, that with the largest score, is compared with y, itself if it is y: "
    "this is another loss, max_a s_a − s_y + 1"
)
OFTEN = True


def losses(scene: Scene) -> Floats:
    return np.maximum(scene.u, 0).max(axis=1)


def coefficients(scene: Scene, mu: Floats) -> Floats:
    _ = scene.u
    S = scene.question.S
    return with_row_y(scene, S.argmax(axis=1)[:, None] == np.arange(scene.question.C))
