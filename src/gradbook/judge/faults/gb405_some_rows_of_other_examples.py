"""In row y, or in the rows j ≠ y, the examples count otherwise than in the rest.

Wrong:
    dW[j] += X[i] / n
    dW[y[i]] -= X[i]
Right:
    dW[j] += X[i] / n
    dW[y[i]] -= X[i] / n
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("counted",)
BREAKS = "mean"
OFTEN = True


def _weighted(row_y: bool, weights: Callable[[Question], Any], scene: Scene, a: Floats) -> Floats:
    those = scene.own if row_y else 1 - scene.own
    return np.asarray(a * (1 + those * (np.reshape(weights(scene.question), (-1, 1)) - 1)))


_WEIGHTS: dict[str, Callable[[Question], Any]] = {
    "only the last example counts in {}": lambda q: np.arange(q.n) == q.n - 1,
    "only the first example counts in {}": lambda q: np.arange(q.n) == 0,
    "{} {are} not divided by n": lambda q: q.n,
    "{} {are} divided by n twice": lambda q: 1 / q.n,
    "in {}, example i counts i + 1 times": lambda q: np.arange(q.n) + 1,
}
VARIANTS: dict[str, Callable[[Scene, Floats], Floats]] = {
    words.format(rows, are=are): partial(_weighted, row_y, weights)
    for words, weights in _WEIGHTS.items()
    for rows, are, row_y in (("row y", "is", True), ("the rows j ≠ y", "are", False))
}
