"""Row y has not minus the sum of what the other rows have.

It is forgotten, or has another sign or factor.

Wrong:
    dW[:, y[i]] += X[i]
Right:
    dW[:, y[i]] -= X[i]
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import NotPredicted, Scene

MESSAGE = "{found}"
CHANGES = ("row_y",)
OFTEN = True


def _count(a: Floats) -> Floats:
    return np.asarray(a.sum(axis=1))


def _largest(scene: Scene, a: Floats) -> Floats:
    if np.array_equal(scene.mu_of_others, scene.active):
        raise NotPredicted  # it counts one active class at most
    return np.asarray(-a.max(axis=1))


#: From the coefficients of the rows j ≠ y, (n, C), what row y has: (n,).
VARIANTS: dict[str, Callable[[Scene, Floats], Floats]] = {
    "row y stays 0": lambda scene, a: 0 * _count(a),
    "row y has the wrong sign": lambda scene, a: _count(a),
    "row y is doubled": lambda scene, a: -2 * _count(a),
    "row y is halved": lambda scene, a: -_count(a) / 2,
    "row y alone is the page's": lambda scene, a: (scene.mu * scene.own).sum(axis=1),
    "row y takes the largest of the other rows' coefficients, not their sum": _largest,
    "row y is divided by C − 1": lambda scene, a: -_count(a) / (scene.question.C - 1),
    "row y is divided by C": lambda scene, a: -_count(a) / scene.question.C,
    "row y is C times too large": lambda scene, a: -_count(a) * scene.question.C,
}
