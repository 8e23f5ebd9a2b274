"""What belongs to each example is subtracted along the classes.

One score of each example is a row of n numbers: NumPy lays it beside the classes, without an
error where n = C.

Wrong:
    margins = scores - scores[np.arange(n), y] + 1
Right:
    margins = scores - scores[np.arange(n), y][:, None] + 1
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = (
    "{found} of example j is subtracted from the scores of class j, not that of each example from "
    "its own: an axis is lacking, as [:, None]"
)


def _label(q: Question) -> Floats:
    return np.asarray((q.S * q.own).sum(axis=1))


VARIANTS: dict[str, Callable[[Question], Floats]] = {
    "the label's score": _label,
    "the largest score": lambda q: q.S.max(axis=1),
}


def seen(scene: Scene, of: Callable[[Question], Floats]) -> Scene:
    """What is subtracted from s_j − s_y; of more than one example only where n = C."""
    q = scene.question
    taken = of(q) if q.n in (1, q.C) else np.full(q.n, np.nan)[:, None]
    if of is _label:
        return scene.with_scores(np.where(q.own == 1, 0.0, q.S - taken))
    return scene.with_scores(q.S - taken)
