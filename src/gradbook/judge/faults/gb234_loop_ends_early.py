"""The loop over the classes ends early, or keeps what it has last.

A break or a return stands in it, or what was summed before is overwritten.

Wrong:
    if margin > 0:
        loss += margin
        break
Right:
    if margin > 0:
        loss += margin
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("kept",)


def first_of(mask: Floats) -> Floats:
    """1 at the first entry of each row that is not 0."""
    return np.asarray((np.cumsum(mask != 0, axis=1) == 1) & (mask != 0), dtype=float)


#: How often each class counts, (n, C).
VARIANTS: dict[str, Callable[[Scene], Floats]] = {
    "only the first active class of an example counts: the loop over j ends there": (
        lambda scene: first_of(scene.active)
    ),
    "only the last active class of an example counts": (
        lambda scene: first_of(scene.active[:, ::-1])[:, ::-1]
    ),
    "the loop over j ends at the first class that is not active": (
        lambda scene: np.asarray(np.cumprod(np.maximum(scene.active != 0, scene.own), axis=1))
    ),
}
