"""The coefficients belong to other examples.

The matrix of the coefficients is reshaped where it should be transposed, is not set back to 0, or
is summed over the examples too early.

Wrong:
    M = M.reshape(C, n)
Right:
    M = M.T
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
BREAKS = "mean"

_RESHAPED = (
    "the matrix of the coefficients is reshaped where it should be transposed: they belong to "
    "other examples and classes{}"
)
VARIANTS: dict[str, Callable[[Floats], Floats]] = {
    _RESHAPED.format(""): lambda mu: mu.reshape(mu.shape[::-1]).T,
    _RESHAPED.format(", the other way round"): lambda mu: mu.T.reshape(mu.shape),
    "each example has the coefficients of the example before": lambda mu: np.roll(mu, 1, axis=0),
    "each example has the coefficients of the example after": lambda mu: np.roll(mu, -1, axis=0),
    "each example has the coefficients of example n − 1 − i": lambda mu: mu[::-1],
    "every example has the coefficients of the first": lambda mu: mu[:1] + 0 * mu,
    "every example has the coefficients of the last": lambda mu: mu[-1:] + 0 * mu,
    "the coefficients are summed over the examples before they multiply x̃: each example has the "
    "sum of all": lambda mu: mu.sum(axis=0) + 0 * mu,
    "the coefficients are averaged over the examples before they multiply x̃: each example has "
    "the mean of all": lambda mu: mu.mean(axis=0) + 0 * mu,
    "the coefficients are not set back to 0: each example has the sum of its own and of the "
    "earlier ones": lambda mu: np.cumsum(mu, axis=0),
}


def coefficients(scene: Scene, mu: Floats, of: Callable[[Floats], Floats]) -> Floats:
    return of(mu)
