"""The result has a factor that does not belong there.

Wrong:
    return loss, -dW
Right:
    return loss, dW
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from gradbook.judge.explain.answered import Answered
from gradbook.judge.explain.numbers_in_words import unlike
from gradbook.judge.faults.ratios import ratios, short
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("factor",)
BREAKS = "part"
OFTEN = True


def _fixed(value: float, scene: Scene) -> float:
    return value


VARIANTS: dict[str, Callable[[Scene], Any]] = {
    "it is 0 everywhere": partial(_fixed, 0.0),
    "everything has the wrong sign": partial(_fixed, -1.0),
    "it is twice the right one": partial(_fixed, 2.0),
    "it is half the right one": partial(_fixed, 0.5),
    "it is C times too large": lambda scene: scene.question.C,
    "it is D times too large": lambda scene: scene.question.D,
    "it is C − 1 times too large": lambda scene: scene.question.C - 1,
}


def measured(answers: Sequence[Answered]) -> Iterator[tuple[str, Callable[[Scene], Any]]]:
    """The same wrong factor every time."""
    found = ratios(answers)
    if len(found) and np.isfinite(found).all() and found.all():
        value = short(float(found[0]))
        usual = value in (-1.0, 2.0, 0.5)
        if not usual and np.ptp(found) <= 1e-9 * np.abs(found).max():
            yield f"it is {unlike(value, 1.0)} times the right one", partial(_fixed, value)
