"""The rows j ≠ y have other coefficients; row y is right.

Wrong:
    M = margins * 1.0
    M[np.arange(n), y] = -(margins > 0).sum(axis=1)
Right:
    M = (margins > 0) * 1.0
    M[np.arange(n), y] = -(margins > 0).sum(axis=1)
"""

from collections.abc import Callable

import numpy as np

from gradbook.judge.faults.indicators import hinges
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
OFTEN = 7


def _margins(scene: Scene, a: Floats) -> Floats:
    scene.require_indicators()
    return hinges(scene, scene.u)


def _of_scores(scene: Scene, a: Floats) -> Floats:
    scene.require_indicators()
    return scene.indicator(scene.question.S)


VARIANTS: dict[str, Callable[[Scene, Floats], Floats]] = {
    "only row y is written: the rows j ≠ y stay 0": lambda scene, a: 0 * a,
    "the rows j ≠ y have the wrong sign": lambda scene, a: -a,
    "the rows j ≠ y are doubled": lambda scene, a: 2 * a,
    "the rows j ≠ y are halved": lambda scene, a: a / 2,
    "the rows j ≠ y count every margin, active or not": lambda scene, a: np.ones_like(a),
    "the rows j ≠ y are the margin times x̃ᵀ, not its indicator times x̃ᵀ": _margins,
    "the rows j ≠ y count the positive scores, not the active margins": _of_scores,
    "the rows j ≠ y have the weight j + 1": (
        lambda scene, a: a * (1 + np.arange(scene.question.C))
    ),
    "the rows j ≠ y are divided by the number of active classes": (
        lambda scene, a: a / np.maximum((a * (1 - scene.own) != 0).sum(axis=1, keepdims=True), 1)
    ),
    "the rows j ≠ y are divided by C": lambda scene, a: a / scene.question.C,
    "the rows j ≠ y are divided by C − 1": lambda scene, a: a / (scene.question.C - 1),
}


def coefficients(scene: Scene, mu: Floats, of: Callable[[Scene, Floats], Floats]) -> Floats:
    return np.asarray(of(scene, mu) * (1 - scene.own) + mu * scene.own)
