"""The classes j ≠ y do not count once each.

Wrong:
    loss += (j + 1) * margin
Right:
    loss += margin
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = "class j has the weight {found}, not 1"


def _distance(q: Question) -> Floats:
    return np.abs(np.arange(q.C) - q.y[:, None])


def _scaled(factor: float) -> Callable[[Question], Any]:
    return lambda q: factor * _distance(q)


def _and_1(factor: float) -> Callable[[Question], Any]:
    return lambda q: 1 + factor * _distance(q)


#: (n, C), or what spreads to it.
VARIANTS: dict[str, Callable[[Question], Any]] = {
    "j + 1": lambda q: np.arange(q.C) + 1,
    "1/(j + 1)": lambda q: 1 / (np.arange(q.C) + 1),
    "2 where j < y": lambda q: 1 + (np.arange(q.C) < q.y[:, None]),
    "2 where j > y": lambda q: 1 + (np.arange(q.C) > q.y[:, None]),
    "1/C": lambda q: np.full((1, q.C), 1 / q.C),
    "1/(C − 1)": lambda q: np.full((1, q.C), 1 / (q.C - 1)),
    **{f"{factor:g}·|j − y|": _scaled(factor) for factor in (1.0, 0.5, 0.1, 0.01)},
    **{f"1 + {factor:g}·|j − y|": _and_1(factor) for factor in (1.0, 0.5, 0.1, 0.01)},
}


def kept(scene: Scene, weights: Callable[[Question], Any]) -> Floats:
    return np.asarray(weights(scene.question) + 0 * scene.own)
