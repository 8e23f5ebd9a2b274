"""Coefficients of the rows j ≠ y, with row y as minus their sum; and margins of another kind."""

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene


def with_row_y(scene: Scene, a: Floats) -> Floats:
    """μ (n, C) from what the rows j ≠ y have."""
    others = np.asarray(a) * (1 - scene.own)
    return np.asarray(others - scene.own * others.sum(axis=1, keepdims=True))


def hinges(scene: Scene, u: Floats) -> Floats:
    """max(0, u_j) for j ≠ y, 0 in the own class: (n, C)."""
    return np.maximum(u, 0) * (1 - scene.own)
