"""Which classes are summed depends on the labels of the batch.

The margins are set to 0 at the labels of all examples, or the classes are those that occur.

Wrong:
    margins[:, y] = 0
    C = y.max() + 1
Right:
    margins[np.arange(n), y] = 0
    C = W.shape[1]
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
OFTEN = 1
#: Which classes count for every example, (C,).
VARIANTS: dict[str, Callable[[Question], np.ndarray]] = {
    "every class that occurs in the batch is left out of every sum over j, and not the own class "
    "of the example alone": lambda q: q.own.sum(axis=0) == 0,
    "only classes that occur in the batch are summed: an absent class is left out": (
        lambda q: q.own.sum(axis=0) > 0
    ),
    "the number of classes is taken to be max(y) + 1: where the last class does not occur in the "
    "batch, it is left out": lambda q: np.arange(q.C) <= q.y.max(),
}


def kept(scene: Scene, those: Callable[[Question], np.ndarray]) -> Floats:
    return np.asarray(those(scene.question) + 0 * scene.own)
