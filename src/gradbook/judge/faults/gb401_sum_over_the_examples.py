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
#: The axes over which is summed, and that of the largest scores, which are subtracted first.
VARIANTS = {
    "the examples": ((0,), (0,)),
    "the whole batch": ((0, 1), (0, 1)),
    "the whole batch, less the largest score of each example": ((0, 1), (1,)),
}
_Axes = tuple[tuple[int, ...], tuple[int, ...]]


def losses(scene: Scene, axes: _Axes) -> Floats:
    return -(scene.own * _logarithms(scene, axes)).sum(axis=1)


def coefficients(scene: Scene, mu: Floats, axes: _Axes) -> Floats:
    return np.exp(_logarithms(scene, axes)) - scene.own


def _logarithms(scene: Scene, axes: _Axes) -> Floats:
    """Of what stands for the probabilities."""
    summed, largest = axes
    S = scene.question.S
    shifted = S - S.max(axis=largest, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=summed, keepdims=True)))
