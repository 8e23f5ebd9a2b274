"""The coefficient of row y is counted over other examples than its own.

The count is not set back to 0, or is summed over the wrong axis.

Wrong:
    M[np.arange(n), y] = -M.sum(axis=0)[y]
Right:
    M[np.arange(n), y] = -M.sum(axis=1)
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("row_y",)
BREAKS = "mean"
OFTEN = True
VARIANTS: dict[str, Callable[[Scene, Floats], Floats]] = {
    "row y counts the active classes of all examples, not those of its own": (
        lambda scene, a: 0 * a[:, 0] - a.sum()
    ),
    "row y sums the indicators over the wrong axis: it counts the examples for which the margin of "
    "class y is active, not the active classes of its own example": (
        lambda scene, a: -a.sum(axis=0)[scene.question.y]
    ),
    "row y's count is not set back to 0: it counts the active classes of earlier examples too": (
        lambda scene, a: -np.cumsum(a.sum(axis=1))
    ),
    "row y takes the count of the last example for all": (
        lambda scene, a: 0 * a[:, 0] - a[-1].sum()
    ),
    "row y takes the count of the first example for all": (
        lambda scene, a: 0 * a[:, 0] - a[0].sum()
    ),
    "row y is −(k + 1/n) x̃ᵀ, not −k x̃ᵀ, with k the number of active classes": (
        lambda scene, a: -a.sum(axis=1) - 1 / scene.question.n
    ),
    "row y takes the count of the example before": lambda scene, a: -np.roll(a.sum(axis=1), 1),
}
