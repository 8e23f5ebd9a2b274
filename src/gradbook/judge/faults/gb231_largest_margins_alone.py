"""Only the largest margin of an example counts, or only the smallest active one.

Only the largest is in the loss of Crammer and Singer, a loss of its own.

Wrong:
    loss = margins.max(axis=1).mean()
Right:
    loss = margins.sum(axis=1).mean()
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "only {found}"
OFTEN = 1


def _others(scene: Scene) -> Floats:
    return np.where(scene.own == 1, -np.inf, scene.u)


def _at(scene: Scene, place: np.ndarray) -> np.ndarray:
    return np.asarray(np.arange(scene.question.C) == place[:, None])


#: Which of the classes, (n, C); of several that are the largest the first, or each.
VARIANTS: dict[str, Callable[[Scene], np.ndarray]] = {
    "the largest margin of an example counts, not all, as in the loss of Crammer and Singer": (
        lambda scene: _at(scene, _others(scene).argmax(axis=1))
    ),
    "the largest margins of an example count, not all": (
        lambda scene: _others(scene) == _others(scene).max(axis=1, keepdims=True)
    ),
    "the smallest active margin of an example counts": (
        lambda scene: _at(scene, np.where(scene.active > 0, scene.u, np.inf).argmin(axis=1))
    ),
}


def kept(scene: Scene, those: Callable[[Scene], np.ndarray]) -> Floats:
    return np.asarray(those(scene), dtype=float)
