"""The entries of the gradient stand in the wrong places.

Wrong:
    return loss, dW.reshape(C, D).T
Right:
    return loss, dW
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
BREAKS = "shape"

_RESHAPED = "it is reshaped where it should be transposed: its entries are in the wrong places{}"
VARIANTS: dict[str, Callable[[Floats], Floats]] = {
    "it is returned as its transpose": (
        lambda G: G.T if len(G) == len(G.T) else np.full_like(G, np.nan)
    ),
    _RESHAPED.format(""): lambda G: G.reshape(G.shape[::-1]).T,
    _RESHAPED.format(", the other way round"): lambda G: G.T.reshape(G.shape),
}


def gradient(scene: Scene, value: Floats, moved: Callable[[Floats], Floats]) -> Floats:
    return moved(value)
