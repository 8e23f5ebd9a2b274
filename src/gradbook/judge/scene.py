"""A question as the page sees it: margins, indicators, coefficients, and what is special there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.question import TINY, Question


class NotPredicted(Exception):
    """What is asked for is not defined for this loss."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A question under a convention at the kink.

    at_kink: the value of the indicator of a margin of exactly 0; None is read as 0.
    """

    question: Question
    at_kink: float | None

    @cached_property
    def mu(self) -> Floats:
        """The right coefficients, (n, C)."""
        if not self.question.at_kink or self.at_kink is None:
            return self.question.right.mu
        return self.question.right_at_kink(self.at_kink).mu

    @property
    def own(self) -> Floats:
        """1 where the class is the example's own: (n, C)."""
        return self.question.own

    @cached_property
    def one_margin_each(self) -> bool:
        """Whether the loss has one kink for each class but the label's, as the page's has."""
        u = self.question.right.kinks
        return u.shape == self.own.shape and bool((np.isnan(u) == (self.own == 1)).all())

    @cached_property
    def u(self) -> Floats:
        """The margins, (n, C), with the 1 that s_y − s_y + 1 is in the example's own class.

        Raises NotPredicted for a loss that has not one margin for each j ≠ y.
        """
        if not self.one_margin_each:
            raise NotPredicted
        return np.where(self.own == 1, 1.0, self.question.right.kinks)

    @cached_property
    def active(self) -> Floats:
        """1{u > 0} for j ≠ y, in the convention at the kink; 0 in the own class. (n, C)."""
        return self.indicator(self.u)

    @cached_property
    def _seen(self) -> dict[str, Scene]:
        return {}

    def seen_through(self, edit: Any) -> Scene:
        """The scene that an edit of the data makes of this one, made once."""
        if edit.key not in self._seen:
            self._seen[edit.key] = edit.apply(self)
        return self._seen[edit.key]

    def indicator(self, u: Floats) -> Floats:
        """1{u > 0} in the convention at the kink, 0 in the own class."""
        kink = self.at_kink or 0.0
        return np.where(u > 0, 1.0, np.where(u == 0, kink, 0.0)) * (1 - self.own)

    @cached_property
    def traits(self) -> frozenset[str]:
        """What is special, as clauses that can follow "where"."""
        return frozenset(name for name, holds in _traits(self) if holds)


@lru_cache(maxsize=8192)
def scene_of(question: Question, at_kink: float | None) -> Scene:
    return Scene(question, at_kink)


def _traits(scene: Scene) -> Iterator[tuple[str, bool]]:
    q = scene.question
    S, y, C, D, n = q.S, q.y, q.C, q.D, q.n
    labels = set(y.tolist())
    kinks = q.right.kinks
    u = kinks[~np.isnan(kinks)]
    others = np.where(scene.own == 1, np.nan, S)
    own_scores = S[np.arange(n), y]
    positive = np.nansum(kinks > 0, axis=1)
    live = (~np.isnan(kinks)).sum(axis=1)
    top = S.max(axis=1)
    yield "n = 1", n == 1
    yield "n > 1", n > 1
    yield "a margin is exactly 0", q.at_kink
    yield "a margin is near 0 and not 0", bool(((np.abs(u) < TINY) & (u != 0)).any())
    yield "another score equals s_y", bool((others == own_scores[:, None]).any())
    yield "two scores are equal", any(len(set(s)) < C for s in S.tolist())
    yield "the largest score is shared", bool(((top[:, None] == S).sum(axis=1) > 1).any())
    yield "W = 0", not q.W.any()
    yield "all rows of W are equal", bool((q.W[0] == q.W).all())
    yield "X = 0", not q.X.any()
    yield "no margin is active", not positive.any()
    yield "an example has no active margin", bool((positive == 0).any())
    yield "every margin is active", bool((positive == live).all())
    yield "an example has more than one active margin", bool((positive > 1).any())
    for count in (2, 3, 4, 5):
        yield f"an example has more than {count} active margins", bool((positive > count).any())
    yield "two active margins of an example are equal", _equal_margins(kinks)
    yield "an example has exactly one active margin", bool((positive == 1).any())
    yield "a label repeats", len(labels) < n
    yield "no label repeats", len(labels) == n > 1
    yield "all labels are the same", len(labels) == 1
    yield "an example repeats", n > 1 and len({tuple(x) for x in q.X.tolist()}) < n
    yield "a class does not occur", len(labels) < C
    yield "every class occurs", len(labels) == C
    yield "the last class does not occur", C - 1 not in labels
    yield "the last class occurs", C - 1 in labels
    yield "the first class does not occur", 0 not in labels
    yield "the first class occurs", 0 in labels
    yield "n > D", n > D
    yield "n < D", n < D
    yield "n ≤ D", n <= D
    yield "n ≥ D", n >= D
    yield "n = D", n == D
    yield "n = C", n == C
    yield "n ≠ C", n != C
    yield "n ≠ D", n != D
    yield "C = D", C == D
    yield "C ≠ D", C != D
    yield "n > C", n > C
    yield "n < C", n < C
    yield "C > D", C > D
    yield "C < D", C < D
    yield "n is odd", n % 2 == 1
    yield "n is even", n % 2 == 0
    yield "D = 1", D == 1
    yield "D > 1", D > 1
    yield "the classes' scores include a negative one", bool((S < 0).any())
    yield "s_y < 0", bool((own_scores < 0).any())
    yield "s_y > 0", bool((own_scores > 0).any())
    yield "s_y is the largest score", bool((own_scores == top).any())
    yield "s_y is not the largest score", bool((own_scores < top).any())
    yield "C > 2", C > 2
    yield "C ≥ 10", C >= 10
    yield "C > 10", C > 10
    yield "C > 127", C > 127
    for size in (2, 3, 4, 5, 10):
        yield f"C = {size}", size == C
        yield f"C ≠ {size}", size != C
    for size in (1, 2, 3, 3073):
        yield f"D = {size}", size == D
        yield f"D ≠ {size}", size != D
    for size in (32, 100, 128, 256, 1000):
        yield f"n ≥ {size}", n >= size
        yield f"D ≥ {size}", size <= D


def _equal_margins(kinks: Floats) -> bool:
    active = [[value for value in row if value > 0] for row in kinks.tolist()]
    return any(len(set(row)) < len(row) for row in active)
