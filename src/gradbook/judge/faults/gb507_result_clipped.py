"""The result is clipped.

Gradients are clipped in training, where they are used; here it makes them wrong.

Wrong:
    return loss, np.clip(dW, -1, 1)
Right:
    return loss, dW
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from gradbook.judge.explain.answered import Answered
from gradbook.judge.faults.ratios import ALIKE, short
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
BREAKS = "mean"


def _entries(bound: float, G: Floats) -> Floats:
    return np.clip(G, -bound, bound)


def _length(bound: float, G: Floats) -> Floats:
    return np.asarray(G * min(1.0, bound / max(float(np.linalg.norm(G)), 1e-300)))


def measured(answers: Sequence[Answered]) -> Iterator[tuple[str, Callable[[Floats], Floats]]]:
    """A number that the largest entry is most often, or the length."""
    wrong = [answer.found for answer in answers if answer.wrong]
    if not wrong or not all(np.isfinite(found).all() for found in wrong):
        return
    if not wrong[0].ndim:
        if len({float(found) for found in wrong}) == 1:
            bound = float(wrong[0])
            said = f"it is cut at {bound:.6g}: that is right for small losses alone"
            yield said, partial(_entries, bound)
        return
    for sizes, words, clip in (
        (
            [float(np.linalg.norm(found)) for found in wrong],
            "it is clipped to a length of {:g}: it is right where it is shorter, and else has this "
            "length",
            _length,
        ),
        (
            [float(np.abs(found).max()) for found in wrong],
            "its entries are clipped to ±{:g}: that is right for small ones alone",
            _entries,
        ),
    ):
        bound = short(float(np.median(sizes)))
        if bound and sum(abs(a - bound) < ALIKE * bound for a in sizes) > len(sizes) / 2:
            yield words.format(bound), partial(clip, bound)


def loss(scene: Scene, value: Floats, clip: Callable[[Floats], Floats]) -> Floats:
    return clip(value)


def gradient(scene: Scene, value: Floats, clip: Callable[[Floats], Floats]) -> Floats:
    return clip(value)
