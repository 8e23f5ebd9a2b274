"""One question to a function: W, X, y and reg, the right answer, and what is special about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from sympy import exp

from gradbook.loss import Loss
from gradbook.questions.formula import Floats
from gradbook.questions.values import Values, rounds, values

#: A margin nearer to 0 than this, and not 0, is tiny.
TINY = 2.0**-9
#: exp(±600) and its products with what is usual are numbers of double precision.
_EXPONENT = 600.0


@dataclass(frozen=True, eq=False)
class Question:
    """W: (C, D), X: (n, D), y: (n,), in float64 and in the page's layout; reg: a number ≥ 0."""

    loss: Loss
    W: Floats
    X: Floats
    y: np.ndarray
    reg: float = 0.0

    @property
    def n(self) -> int:
        """The number of examples."""
        return len(self.y)

    @property
    def C(self) -> int:
        """The number of classes."""
        return len(self.W)

    @property
    def D(self) -> int:
        """The number of features, the bias included."""
        return self.W.shape[1]

    @property
    def entries(self) -> int:
        """How much there is to compute: n·C·D."""
        return self.n * self.C * self.D

    def is_within(self, other: Question) -> bool:
        """Whether the other one has as many examples, classes and features, or more."""
        return self.n <= other.n and self.C <= other.C and self.D <= other.D

    @cached_property
    def S(self) -> Floats:
        """The scores, (n, C)."""
        return self.X @ self.W.T

    @cached_property
    def sizes(self) -> Floats:
        """Σ_d |x_d W_cd|, the sum of the absolute values of the terms of each score: (n, C)."""
        return np.abs(self.X) @ np.abs(self.W).T

    @property
    def _rounded(self) -> Floats | None:
        """The sizes, where the loss rounds; sums and products of these data are exact."""
        return self.sizes if rounds(self.loss) else None

    @cached_property
    def right(self) -> Values:
        """ℓ, μ and the kinks of every example, kinks as the loss declares them."""
        return values(self.loss, self.S, self.y, sizes=self._rounded)

    def right_at_kink(self, at_kink: float) -> Values:
        """The same with another slope at 0."""
        if at_kink not in self._kept:
            self._kept[at_kink] = values(self.loss, self.S, self.y, at_kink, self._rounded)
        return self._kept[at_kink]

    @cached_property
    def _kept(self) -> dict[float, Values]:
        return {}

    @cached_property
    def expected(self) -> dict[tuple[Any, ...], Any]:
        """What `evidence.expected` worked out: the right answers, by what they depend on."""
        return {}

    @cached_property
    def told(self) -> dict[str, Any]:
        """What `conditions` worked out: what is special about its examples."""
        return {}

    @cached_property
    def gradient_is_0(self) -> bool:
        """Whether the data's part of the right gradient is 0 throughout."""
        return not (self.right.mu.T @ self.X).any()

    @cached_property
    def places_apart(self) -> np.ndarray | None:
        """A feature of each example that no other one has, (n,); None if not all have such."""
        there = self.X != 0
        if (there.sum(axis=0) > 1).any() or not there.any(axis=1).all():
            return None
        return np.asarray(np.abs(self.X).argmax(axis=1))

    @cached_property
    def own(self) -> Floats:
        """1 where the class is the example's own: (n, C)."""
        return np.asarray(self.y[:, None] == np.arange(self.C), dtype=float)

    @cached_property
    def at_kink(self) -> bool:
        """Whether a margin is exactly 0."""
        return bool((self.right.kinks == 0).any())

    @cached_property
    def overflows(self) -> bool:
        """Whether exp may leave the numbers of double precision, in a loss that has one."""
        return self.loss.formula.has(exp) and bool(
            np.ptp(self.S, axis=1).max() > _EXPONENT or np.abs(self.S).max() > _EXPONENT
        )

    @cached_property
    def size(self) -> tuple[float, ...]:
        """Few examples, classes and features first; then whole numbers, and small ones."""
        numbers = np.abs(np.concatenate([self.W, self.X])).astype(float)
        whole = bool((numbers == np.round(numbers)).all())
        return (self.n, self.C, self.D, self.reg, not whole, float(numbers.sum()))

    def example(self, i: int) -> Question:
        """One example of it, alone."""
        return replace(self, X=self.X[i : i + 1], y=self.y[i : i + 1])

    def with_reg(self, reg: float) -> Question:
        """The same data with another reg, and with what is known of them."""
        another = replace(self, reg=reg)
        _ = self.right, self._kept, self.told  # what every answer is compared with
        known = {name: self.__dict__[name] for name in _OF_DATA if name in self.__dict__}
        another.__dict__.update(known)
        return another


def worked_out(questions: Iterable[Question], at_kink: float | None = None) -> tuple[Question, ...]:
    """These questions, each with its right answer: at once they take a tenth of the time.

    at_kink: another slope at 0 than the declared one.
    """
    every = tuple(questions)
    alike: dict[tuple[Loss, int], list[Question]] = {}
    for one in every:
        if at_kink is None or at_kink not in one._kept:
            alike.setdefault((one.loss, one.C), []).append(one)
    for (loss, _), some in alike.items():
        S, y = np.concatenate([one.S for one in some]), np.concatenate([one.y for one in some])
        sizes = np.concatenate([one.sizes for one in some]) if rounds(loss) else None
        found, ends = values(loss, S, y, at_kink, sizes), np.cumsum([one.n for one in some])
        for one, end in zip(some, ends, strict=True):
            right = found.of(slice(end - one.n, end))
            if at_kink is None:
                one.__dict__["right"] = right
            else:
                one._kept[at_kink] = right
    return every


def together(questions: Sequence[Question]) -> Question:
    """All examples of questions of one C and D, with what is right; W is that of the first."""
    first, rights = questions[0], [one.right for one in questions]
    X, y, S = (
        np.concatenate([getattr(one, name) for one in questions]) for name in ("X", "y", "S")
    )
    whole = Question(first.loss, first.W, X, y)
    whole.__dict__["S"] = S
    whole.__dict__["right"] = Values.joined(rights)
    return whole


#: What does not depend on reg, once it is worked out.
_OF_DATA = (
    "S",
    "sizes",
    "right",
    "_kept",
    "told",
    "gradient_is_0",
    "places_apart",
    "own",
    "at_kink",
)
