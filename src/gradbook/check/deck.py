"""The exact deck: data on which a right kernel agrees with exact arithmetic to the last bit.

Small binary fractions and n a power of two: there floating point rounds nothing, in any order of
summation (`exactness` proves it for each case, and a case of which it cannot is left out). The deck
visits every region of the loss at every label, its kinks, ties, and the shapes, magnitudes and
layouts at which kernels have been seen to go wrong.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

import numpy as np

from gradbook.check.exact_case import Case, exact_case
from gradbook.judge.convention.presentation import LAYOUTS
from gradbook.loss import Loss
from gradbook.questions.deck import of_size
from gradbook.questions.question import worked_out

#: Sizes for kernels of any size. Beyond the small ones the regions are sampled, at one width.
SMALL_CLASSES, LARGE_CLASSES = (2, 3, 4, 5), (7, 10, 13)
WIDTHS, LARGE_WIDTHS = (1, 2, 3, 5), (3,)


@lru_cache(maxsize=16)
def deck(loss: Loss, classes: int | None, width: int | None) -> tuple[Case, ...]:
    """All cases for kernels of `classes` and `width` = D, where None is any size."""
    cases: list[Case | None] = []
    for C, D in _sizes(classes, width):
        # A kernel of one size is asked for each of its labels; of thirteen, three stand for all.
        labels = tuple(range(C)) if classes or C in SMALL_CLASSES else (0, C // 2, C - 1)
        asked = worked_out(of_size(loss, D, C, labels, np.random.default_rng([C, D])))
        plain = [exact_case(question) for question in asked]
        cases += plain
        # One size stands for all where the same data are presented in other ways.
        if (classes or 3, width or 3) == (C, D):
            cases += (exact_case(one, np.float32, "the numbers are float32") for one in asked)
            batches = [case for case in plain if case and case.n > 1][:8]
            for words, layout in LAYOUTS.items():
                said = f"the arrays are {words}"
                cases += (replace(case, presented=said, layout=layout) for case in batches)
    return tuple(case for case in cases if case is not None)


def _sizes(classes: int | None, width: int | None) -> Iterator[tuple[int, int]]:
    for C in (classes,) if classes else SMALL_CLASSES + LARGE_CLASSES:
        widths = LARGE_WIDTHS if classes is None and C in LARGE_CLASSES else WIDTHS
        for D in (width,) if width else widths:
            yield C, D
    if classes is None and width is None:
        yield 3, 20
