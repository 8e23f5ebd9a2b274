"""exp overflows: the largest score of an example is not subtracted first.

exp(s) is ∞ in double precision for s > 709.8, and ∞/∞ is no number. Of scores that are shifted by
their largest one softmax is the same.

Wrong:
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
Right:
    e = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = e / e.sum(axis=1, keepdims=True)
"""

import numpy as np

from gradbook.judge.faults.limits import OVERFLOWS, UNDERFLOWS
from gradbook.questions.scene import Scene

MESSAGE = (
    "exp overflows where a score is above 709, and no number comes out: the largest score of each "
    "example is not subtracted first"
)


def overflows(scene: Scene) -> np.ndarray:
    return np.asarray(
        (scene.question.S > OVERFLOWS).any(axis=1) | (scene.question.S < UNDERFLOWS).all(axis=1)
    )
