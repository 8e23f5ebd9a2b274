"""What is added to the rows beside the page's multiples of x̃: multiples of other vectors.

What single examples have too much in each row is compared with the vectors of `multiplied`, and
what multiplies these is a number for each active class, for each class, or for row y.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import Edit
from gradbook.judge.hypothesis import Hypothesis
from gradbook.judge.measuring import Measured, of_singles, same
from gradbook.judge.multiplied import VECTORS, Vector, parallel_to, vectors
from gradbook.judge.numbers_in_words import in_words, is_plain, plain
from gradbook.judge.quantities import count, hinges
from gradbook.judge.scene import Scene
from gradbook.judge.search import Answered


@dataclass(frozen=True)
class _Share:
    """words: to which rows, and how often. of: how often, (n, C)."""

    words: str
    of: Callable[[Scene], Floats]


_SHARES: tuple[_Share, ...] = (
    _Share("row j for each active class j", lambda scene: scene.active),
    _Share("row y for each active class", lambda scene: scene.own * count(scene)),
    _Share("row j, and −1 times that to row y, for each active class",
           lambda scene: scene.active - scene.own * count(scene)),
    _Share("row j and to row y for each active class",
           lambda scene: scene.active + scene.own * count(scene)),
    _Share("every row", lambda scene: np.ones_like(scene.own)),
    _Share("row y", lambda scene: scene.own),
    _Share("every row j ≠ y", lambda scene: 1 - scene.own),
    _Share("every row j ≠ y, active or not, and −1 times their number to row y",
           lambda scene: 1 - scene.own * scene.question.C),
    _Share("every row for each active class", lambda scene: count(scene) + 0 * scene.own),
    _Share("every row whose margin is not active", lambda scene: 1 - scene.own - scene.active),
    _Share("row j times its margin, for each active class j", hinges),
    _Share("every row, if the example has an active class",
           lambda scene: (count(scene) > 0) + 0 * scene.own),
)  # fmt: skip


def added(singles: Sequence[Answered]) -> Iterator[Hypothesis]:
    """Hypotheses that something is added to the page's gradient, which single examples tell."""
    over = [
        replace(answer, found=answer.found - answer.scene.mu.T @ answer.scene.question.X)
        for answer in singles
        if np.abs(answer.scene.question.W).max() < 1e3
    ]
    telling = sorted(over, key=lambda answer: (not answer.wrong, answer.scene.question.D < 3))
    for vector in VECTORS:
        if parallel_to(vector, telling, own=True) and parallel_to(vector, telling, own=False):
            yield from _of_vector(vector, of_singles(over, vector, vector))


def _of_vector(vector: Vector, measured: Measured) -> Iterator[Hypothesis]:
    if not measured.scenes:
        return
    found = np.concatenate([measured.others(), measured.own()])
    for share in _SHARES:
        times = np.concatenate([measured.of_others(share.of), measured.of_own(share.of)])
        if not times.any():
            continue
        factor = float(found @ times / (times @ times))
        if factor and is_plain(factor) and same(found, factor * times).all():
            yield Hypothesis({"added": _adding(vector, share, plain(factor))})


def _adding(vector: Vector, share: _Share, factor: float) -> Edit:
    times = {1.0: "", -1.0: "−"}.get(factor, f"{in_words(factor)}·")
    words = f"{times}{vector.words} is added to {share.words}, beside what belongs there"

    def apply(scene: Scene) -> Floats:
        shares = np.broadcast_to(share.of(scene), scene.own.shape)
        return np.asarray(factor * np.einsum("nc,ncd->cd", shares, vectors(vector, scene)))

    return Edit(words, words, "gradient", apply)
