"""Vectors that stand in some rows of the gradient where x̃ belongs."""

from collections.abc import Callable
from typing import Any

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

#: Which rows, in words; and what is 1{j = y} there, where that is not both.
ROWS = {"": None, "in row y alone, ": 1, "in the rows j ≠ y alone, ": 0}


def in_rows(vector: Callable[[Scene], Any], own: int | None, scene: Scene) -> Floats:
    """The vectors in these rows, x̃ in the others: (n, C, D), or (n, D) where all rows have one."""
    found, X = np.asarray(vector(scene), dtype=float), scene.question.X
    if own is None and found.ndim < 3:
        return np.broadcast_to(found, X.shape)
    found = found if found.ndim == 3 else np.broadcast_to(found, X.shape)[:, None, :]
    there = np.ones_like(scene.own, bool) if own is None else scene.own == own
    return np.where(there[:, :, None], found, X[:, None, :])
