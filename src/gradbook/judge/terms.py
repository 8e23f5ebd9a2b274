"""What a kernel may sum up as the loss of one example, instead of Σ_{j≠y} max(0, s_j − s_y + 1).

Where the same fault may be in the gradient, the edit has the key that it has in `edits`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import INDICATORS, PREDICTED, ROUNDINGS, Edit
from gradbook.judge.scene import Scene


def _hinges(scene: Scene) -> Floats:
    """max(0, u_j) for j ≠ y, 0 in the own class: (n, C)."""
    return np.maximum(scene.u, 0) * (1 - scene.own)


def _rounded(places: int) -> Callable[[Scene], Floats]:
    def apply(scene: Scene) -> Floats:
        hinges = np.maximum(np.round(scene.u, places), 0) * (1 - scene.own)
        return np.asarray(hinges.sum(axis=1))

    return apply


_WORDS = {edit.key: edit for edit in (*INDICATORS, *ROUNDINGS)}

TERMS: tuple[Edit, ...] = (
    Edit("counts", "the active margins are counted, and not summed", "loss",
         lambda scene: scene.active.sum(axis=1)),
    Edit("losses cut", "every L_i is cut to a whole number", "loss",
         lambda scene: np.trunc(_hinges(scene).sum(axis=1)), alone=True),
    Edit("losses rounded", "every L_i is rounded to a whole number", "loss",
         lambda scene: np.round(_hinges(scene).sum(axis=1)), alone=True),
    Edit("margins cut", _WORDS["margins cut"].words, "loss",
         lambda scene: np.trunc(_hinges(scene)).sum(axis=1), alone=True),
    Edit("predicted", PREDICTED, "loss", lambda scene: np.maximum(scene.u, 0).max(axis=1)),
    *(Edit(f"rounded {places}", _WORDS[f"rounded {places}"].words, "loss", _rounded(places))
      for places in range(9)),
)  # fmt: skip
