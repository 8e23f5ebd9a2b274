"""The largest score is subtracted in the numerator of softmax, or in the denominator, alone.

Only where it is subtracted in both does it cancel.

Wrong:
    p = np.exp(s - s.max()) / np.exp(s).sum()
Right:
    e = np.exp(s - s.max())
    p = e / e.sum()
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = (
    "the largest score is subtracted in the {found} of the probabilities alone, and does not cancel"
)
OF_PROBABILITIES = OFTEN = True
#: How often it is subtracted above, and below.
VARIANTS = {"numerator": (1, 0), "denominator": (0, 1)}


def losses(scene: Scene, times: tuple[int, int]) -> Floats:
    return -np.asarray(np.log((scene.own * _quotients(scene, times)).sum(axis=1)))


def coefficients(scene: Scene, mu: Floats, times: tuple[int, int]) -> Floats:
    return _quotients(scene, times) - scene.own


def _quotients(scene: Scene, times: tuple[int, int]) -> Floats:
    """What stands for the probabilities."""
    S = scene.question.S
    above, below = (np.exp(S - each * S.max(axis=1, keepdims=True)) for each in times)
    return np.asarray(above / below.sum(axis=1, keepdims=True))
