"""Only classes for which something else holds count, beside that their margin is active.

Wrong:
    if margin > 0 and scores[j] > 0:
Right:
    if margin > 0:
"""

from collections.abc import Callable
from functools import partial
from itertools import product
from typing import Any

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "an active class j counts only where {found}"


def _rank(scene: Scene) -> Floats:
    """1 for the largest margin of an example, equal ones in the order of the classes."""
    order = np.argsort(np.where(scene.own == 1, np.inf, -scene.u), axis=1, kind="stable")
    return np.asarray(np.argsort(order, axis=1, kind="stable") + 1.0)


_NUMBERS: dict[str, Callable[[Scene], Any]] = {
    "s_j": lambda scene: scene.question.S,
    "s_j − s_y": lambda scene: scene.u - 1,
    "s_j − the largest score": lambda scene: (
        scene.question.S - scene.question.S.max(axis=1, keepdims=True)
    ),
    "s_j − s_{j−1}": lambda scene: scene.question.S - np.roll(scene.question.S, 1, axis=1),
    "s_j − the mean of the scores": lambda scene: (
        scene.question.S - scene.question.S.mean(axis=1, keepdims=True)
    ),
    "j": lambda scene: np.arange(scene.question.C),
    "j − y": lambda scene: np.arange(scene.question.C) - scene.question.y[:, None],
    "the number of other active classes": lambda scene: scene.active.sum(axis=1, keepdims=True) - 1,
    "the number of active classes before j": lambda scene: (
        np.cumsum(scene.active, axis=1) - scene.active
    ),
    "the number of classes with a larger margin": lambda scene: (
        (scene.u[:, None, :] > scene.u[:, :, None]) * (1 - scene.own)[:, None, :]
    ).sum(axis=2),
    "the rank of its margin": _rank,
    "the number of earlier examples in which class j is active": lambda scene: (
        np.cumsum(scene.active, axis=0) - scene.active
    ),
}
_SIGNS = {
    ">": np.greater,
    "≥": np.greater_equal,
    "<": np.less,
    "≤": np.less_equal,
    "=": np.equal,
    "≠": np.not_equal,
}


def _compared(
    number: Callable[[Scene], Any], compare: Callable[[Any, float], Any], value: float, scene: Scene
) -> Floats:
    return np.asarray(compare(number(scene), value), dtype=float)


def _odd(number: Callable[[Scene], Any], rest: int, scene: Scene) -> Floats:
    return np.asarray(number(scene) % 2 == rest, dtype=float)


VARIANTS: dict[str, Callable[[Scene], Floats]] = {
    **{
        f"{name} {sign} {value}": partial(_compared, number, compare, value)
        for value, (name, number), (sign, compare) in product(
            (0, 1, 2, -1), _NUMBERS.items(), _SIGNS.items()
        )
    },
    **{
        f"{name} is {kind}": partial(_odd, _NUMBERS[name], rest)
        for name, (kind, rest) in product(("j", "j − y"), (("even", 0), ("odd", 1)))
    },
}


def _not_the_label_before(first_too: bool, scene: Scene) -> Floats:
    before = np.arange(scene.question.C) != np.roll(scene.question.y, 1)[:, None]
    before[0] |= not first_too
    return before.astype(float)


VARIANTS |= {
    "j is not the label of the example before": partial(_not_the_label_before, True),
    "i = 0 or j is not the label of the example before": partial(_not_the_label_before, False),
}


def kept(scene: Scene, condition: Callable[[Scene], Floats]) -> Floats:
    return condition(scene) + 0 * scene.own
