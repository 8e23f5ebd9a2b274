"""The exponentials are divided by a sum over the examples, and not over the classes.

The axis of the sum is the wrong one, or is missing.

Wrong:
    p = np.exp(scores) / np.exp(scores).sum(axis=0)
    p = np.exp(scores) / np.exp(scores).sum()
Right:
    p = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
"""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "the exponentials are divided by their sum over {found}, not over the classes"
OF_PROBABILITIES = OFTEN = True
#: The axes over which is summed.
VARIANTS = {"the examples": (0,), "the whole batch": (0, 1)}


def losses(scene: Scene, axes: tuple[int, ...]) -> Floats:
    return -(scene.own * _logarithms(scene, axes)).sum(axis=1)


def coefficients(scene: Scene, mu: Floats, axes: tuple[int, ...]) -> Floats:
    return np.exp(_logarithms(scene, axes)) - scene.own


def _logarithms(scene: Scene, axes: tuple[int, ...]) -> Floats:
    """Of what stands for the probabilities."""
    S = scene.question.S
    shifted = S - S.max(axis=axes)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=axes)))
