"""The scores are clipped.

Something of exp that overflows is feared, or large scores are taken for mistakes.

Wrong:
    scores = np.clip(X @ W, -10, 10)
Right:
    scores = X @ W
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "the scores are clipped {found}"


def _to(bound: float, S: Floats) -> Floats:
    return np.clip(S, -bound, bound)


def _from_below(below: float, axis: int | None, S: Floats) -> Floats:
    return np.maximum(S, S.max(axis=axis, keepdims=True) - below)


VARIANTS: dict[str, Callable[[Floats], Floats]] = {
    **{
        f"to ±{bound:g}": partial(_to, bound)
        for bound in (1.0, 5.0, 10.0, 20.0, 50.0, 100.0, 500.0, 1e3, 1e4)
    },
    **{
        f"from below, {below:g} under {whose} largest": partial(_from_below, below, axis)
        for below in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, 30.0, 50.0, 100.0)
        for whose, axis in (("the batch's", None), ("the example's", 1))
    },
}


def seen(scene: Scene, clip: Callable[[Floats], Floats]) -> Scene:
    return scene.with_scores(clip(scene.question.S))
