"""Row y does not count the active classes, or counts them otherwise.

The label is counted too, a class counts once at most, or the count does not fit into its type.

Wrong:
    dW[:, y[i]] -= (k > 0) * X[i]
Right:
    dW[:, y[i]] -= k * X[i]
"""

from collections.abc import Callable

import numpy as np

from gradbook.judge.faults.indicators import hinges
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("row_y",)
OF_INDICATORS = True
OFTEN = 19


def _count(a: Floats) -> Floats:
    return np.asarray(a.sum(axis=1))


def _of_last_class(scene: Scene, a: Floats) -> Floats:
    return np.where(scene.question.y == scene.question.C - 1, a[:, -2], a[:, -1])


_NOT = "not −Σ_{j≠y} 1{…} x̃ᵀ"
#: From the coefficients of the rows j ≠ y, (n, C), what row y has: (n,). k is their sum.
VARIANTS: dict[str, Callable[[Scene, Floats], Floats]] = {
    "row y is x̃ᵀ where a margin is active and 0 elsewhere: so it is where −k, for k active "
    "margins, is stored in a Boolean array, as True": lambda scene, a: (_count(a) > 0).astype(
        float
    ),
    "row y is (256 − k) x̃ᵀ where k > 0 margins are active: so it is where −k is stored in an array "
    "of uint8": lambda scene, a: np.mod(-_count(a), 256),
    "the correct class is not left out, and adds x̃ᵀ to row y: it is (1 − Σ_{j≠y} 1{…}) x̃ᵀ, "
    f"{_NOT}": lambda scene, a: 1 - _count(a),
    f"row y is treated like the others: it is x̃ᵀ, {_NOT}": lambda scene, a: 1 + 0 * _count(a),
    f"row y counts one active class at most: it is −x̃ᵀ, {_NOT}": (
        lambda scene, a: -1.0 * (_count(a) != 0)
    ),
    f"row y counts every other class, active or not: it is −(C − 1) x̃ᵀ, {_NOT}": (
        lambda scene, a: 0 * _count(a) - (scene.question.C - 1)
    ),
    f"row y counts every class, active or not: it is −C x̃ᵀ, {_NOT}": (
        lambda scene, a: 0 * _count(a) - scene.question.C
    ),
    f"row y is always −x̃ᵀ, {_NOT}": lambda scene, a: 0 * _count(a) - 1,
    "row y has the square of the number of active classes": lambda scene, a: -(_count(a) ** 2),
    "row y has the square root of the number of active classes": (
        lambda scene, a: -np.sqrt(np.maximum(_count(a), 0))
    ),
    "row y is subtracted below the loop over j and not within it: it counts the last class alone": (
        lambda scene, a: -_of_last_class(scene, a)
    ),
    "row y counts one active class too few": lambda scene, a: -np.maximum(_count(a) - 1, 0),
    "row y sums the squares of the margins, not their indicators": (
        lambda scene, a: -(hinges(scene, scene.u) ** 2).sum(axis=1)
    ),
    "row y sums the margins, not their indicators": (
        lambda scene, a: -hinges(scene, scene.u).sum(axis=1)
    ),
    "row y sums the margins, that of the correct class included, not the indicators": (
        lambda scene, a: -np.maximum(scene.u, 0).sum(axis=1)
    ),
    "row y counts the positive scores, not the active margins": (
        lambda scene, a: -scene.indicator(scene.question.S).sum(axis=1)
    ),
    "row y is divided by the number of active classes": (
        lambda scene, a: -_count(a) / np.maximum((a != 0).sum(axis=1), 1)
    ),
    "row y counts at most C − 2 active classes": (
        lambda scene, a: -np.minimum(_count(a), scene.question.C - 2)
    ),
    "row y has the count in 8 bits, int8(k)": (lambda scene, a: -((_count(a) + 128) % 256 - 128)),
    "row y has the count in 8 bits, uint8(k)": lambda scene, a: -(_count(a) % 256),
}
