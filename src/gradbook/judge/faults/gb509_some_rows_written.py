"""Only some rows of the gradient are written.

A number of classes is written into the program, or a loop ends too early.

Wrong:
    for c in range(10):
Right:
    for c in range(C):
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from gradbook.judge.explain.answered import Answered
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
BREAKS = "gradient"


def _row_0(place: int, G: Floats) -> Floats:
    G = G.copy()
    G[place] = 0
    return G


def _first(count: int, G: Floats) -> Floats:
    return G * (np.arange(len(G)) < count)[:, None]


VARIANTS: dict[str, Callable[[Floats], Floats]] = {
    "the first row stays 0": partial(_row_0, 0),
    "the last row stays 0": partial(_row_0, -1),
}


def measured(answers: Sequence[Answered]) -> Iterator[tuple[str, Callable[[Floats], Floats]]]:
    """How many rows are written, if the same number always is."""
    count = 0
    for answer in answers:
        if answer.wrong:
            if answer.found.ndim != 2 or len(answer.found) != answer.scene.question.C:
                return
            count = max(count, int(np.flatnonzero(answer.found.any(axis=1)).max(initial=-1)) + 1)
    if count:
        said = f"only the first {count} rows are written: that is right for C ≤ {count} alone"
        yield said, partial(_first, count)


def gradient(scene: Scene, value: Floats, written: Callable[[Floats], Floats]) -> Floats:
    return written(value)
