"""A question, and what the traits of its call and of its examples are made of."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question


@dataclass(frozen=True, eq=False)
class Seen:
    """A question, and what its traits are made of."""

    q: Question

    @cached_property
    def i(self) -> np.ndarray:
        """The numbers of the examples, from 0, (n,)."""
        return np.arange(self.q.n)

    @cached_property
    def u(self) -> Floats:
        """The margins, NaN where there is none: (n, K)."""
        return self.q.right.kinks

    @cached_property
    def high(self) -> Floats:
        """The margins, −∞ where there is none, with a column that has none."""
        return np.column_stack([np.where(np.isnan(self.u), -np.inf, self.u), self._none])

    @cached_property
    def low(self) -> Floats:
        """The margins, ∞ where there is none, with a column that has none."""
        return np.column_stack([np.where(np.isnan(self.u), np.inf, self.u), -self._none])

    @property
    def _none(self) -> Floats:
        return np.full(self.q.n, -np.inf)

    @cached_property
    def active(self) -> Floats:
        """How many margins of each example are active, (n,)."""
        return np.asarray((self.u > 0).sum(axis=1))

    @cached_property
    def own(self) -> Floats:
        """s_y, (n,)."""
        return self.q.S[np.arange(self.q.n), self.q.y]

    @cached_property
    def others(self) -> Floats:
        """The scores, NaN for the label's: (n, C)."""
        return np.where(self.q.own == 1, np.nan, self.q.S)

    @cached_property
    def top(self) -> Floats:
        """The largest score of each example."""
        return self.q.S.max(axis=1)

    @cached_property
    def gradient(self) -> Floats:
        """The right gradient, (C, D)."""
        return self.q.right.mu.T @ self.q.X / self.q.n

    @cached_property
    def labels(self) -> tuple[int, ...]:
        """The labels that occur, each once."""
        return tuple(sorted(set(self.q.y.tolist())))

    @cached_property
    def label_before(self) -> np.ndarray:
        """Whether an example before has the same label, (n,)."""
        return _occurs_before(self.q.y.tolist())

    @cached_property
    def label_again(self) -> np.ndarray:
        """Whether an example after has the same label, (n,)."""
        return _occurs_before(self.q.y[::-1].tolist())[::-1]

    @cached_property
    def example_before(self) -> np.ndarray:
        """Whether an example before is equal in x̃, (n,)."""
        return _occurs_before([tuple(x) for x in self.q.X.tolist()])

    @cached_property
    def equal_scores(self) -> np.ndarray:
        """Whether two scores of an example are equal, (n,)."""
        ordered = np.sort(self.q.S, axis=1)
        return np.asarray((np.diff(ordered, axis=1) == 0).any(axis=1))

    @cached_property
    def equal_margins(self) -> np.ndarray:
        """Whether two active margins of an example are equal, (n,)."""
        ordered = np.sort(np.where(self.u > 0, self.u, np.nan), axis=1)
        return np.asarray((np.diff(ordered, axis=1) == 0).any(axis=1))


def _occurs_before(values: Iterable[Hashable]) -> np.ndarray:
    """Whether each of them is equal to one before it, (n,)."""
    before: set[Hashable] = set()
    found = []
    for value in values:
        found.append(value in before)
        before.add(value)
    return np.array(found)
