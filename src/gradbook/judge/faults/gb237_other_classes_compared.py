"""Other classes are compared with the correct one than all the others.

It is told by its score, and a tie is taken for it; only the next class is compared, or a number of
classes is written into the program.

Wrong:
    mask = scores != own
    j = (y[i] + 1) % C
    for j in range(10):
Right:
    mask = np.arange(C) != y[:, None]
    for j in range(C):
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = "{found}"


def _first(count: int, q: Question) -> np.ndarray:
    return np.arange(q.C) < count


#: Which classes count, (n, C) or (C,).
VARIANTS: dict[str, Callable[[Question], np.ndarray]] = {
    "every class whose score equals s_y is left out, not the correct class alone": (
        lambda q: (q.S * q.own).sum(axis=1, keepdims=True) != q.S
    ),
    "only the class y + 1 is compared with y": (
        lambda q: np.arange(q.C) == (q.y[:, None] + 1) % q.C
    ),
    **{
        f"only the first {count} classes are summed: that is right for C ≤ {count} alone": (
            partial(_first, count)
        )
        for count in (2, 3, 10)
    },
}


def kept(scene: Scene, those: Callable[[Question], np.ndarray]) -> Floats:
    return np.asarray(those(scene.question) + 0 * scene.own)
