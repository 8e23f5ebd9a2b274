"""The coefficients of an example multiply other examples.

Wrong:
    dW[:, y[i]] -= X[0]
Right:
    dW[:, y[i]] -= X[i]
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from gradbook.judge.faults.rows import ROWS, in_rows
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("multiplied",)
BREAKS = "mean"
OFTEN = 4

#: (n, D), or what spreads to it; or (1, C, D).
_VECTORS: dict[str, Callable[[Question], Any]] = {
    "the first example stands in place of every other": lambda q: q.X[:1],
    "the last example stands in place of every other": lambda q: q.X[-1:],
    "the mean of the examples stands in place of each": lambda q: q.X.mean(axis=0),
    "each example's coefficients multiply the example before": lambda q: np.roll(q.X, 1, axis=0),
    "each example's coefficients multiply the example after": lambda q: np.roll(q.X, -1, axis=0),
    "the examples are in reversed order": lambda q: q.X[::-1],
    "the sum of the examples stands in place of each": lambda q: q.X.sum(axis=0),
    "x̃ less the mean of the examples stands where x̃ belongs": lambda q: q.X - q.X.mean(axis=0),
    "x̃ standardised over the examples stands where x̃ belongs": (
        lambda q: (q.X - q.X.mean(axis=0)) / q.X.std(axis=0)
    ),
    "x̃ divided by the length of all examples together stands where x̃ belongs": (
        lambda q: q.X / np.linalg.norm(q.X)
    ),
    "x̃ divided by the largest entry of X stands where x̃ belongs": (
        lambda q: q.X / np.abs(q.X).max()
    ),
    "the mean of the examples with the same label stands where x̃ belongs": (
        lambda q: (q.own / np.maximum(q.own.sum(axis=0), 1)) @ q.own.T @ q.X
    ),
    "the running sum of the examples stands where x̃ belongs": lambda q: np.cumsum(q.X, axis=0),
    "the example whose number is j stands where x̃ belongs": (
        lambda q: q.X[np.arange(q.C) % q.n][None]
    ),
    "the example whose number is y stands where x̃ belongs": lambda q: q.X[q.y % q.n],
}


def _in(own: int | None, vector: Callable[[Question], Any], scene: Scene) -> Floats:
    return in_rows(lambda scene: vector(scene.question), own, scene)


_OF_ANOTHER = {
    "row y is built of another example: of the first": (1, lambda q: q.X[:1]),
    "row y is built of another example: of the last": (1, lambda q: q.X[-1:]),
    "row y is built of another example: of that numbered y": (1, lambda q: q.X[q.y % q.n]),
    "row j is built of another example: of that numbered j": (
        0,
        lambda q: q.X[np.arange(q.C) % q.n][None],
    ),
}
VARIANTS: dict[str, Callable[[Scene], Floats]] = {
    **{words: partial(_in, None, of) for words, of in _VECTORS.items()},
    **{f"{words}, not of example i": partial(_in, *of) for words, of in _OF_ANOTHER.items()},
    **{
        head + words: partial(_in, own, of)
        for head, own in ROWS.items()
        for words, of in _VECTORS.items()
        if head
    },
}
