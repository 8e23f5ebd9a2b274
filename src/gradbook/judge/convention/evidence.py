"""What a function answered, beside the right answer, and the bound that rounding allows.

The bound is γ_k Σ|terms| (Higham 2002, §3.1) with a k that no sensible way of computing exceeds. On
the exact data it is some 10⁻¹³ of the numbers, on which any real fault shows as a fraction of 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.reply import Reply
from gradbook.questions.formula import Floats
from gradbook.questions.question import TINY, Question
from gradbook.questions.rounding import gamma, operations, unit_roundoff


@dataclass(frozen=True)
class Expected:
    """The right loss and gradient (C, D), and how far a right function may be from them."""

    loss: float
    loss_bound: float
    gradient: Floats
    gradient_bound: Floats

    def allows(self, part: str, found: Any, times: float = 1.0, room: float = 1.0) -> bool:
        """Whether a loss or a gradient is so many times the right one, within so many bounds."""
        right, bound = getattr(self, part), getattr(self, f"{part}_bound")
        with np.errstate(all="ignore"):
            apart = np.abs(found - times * right)
        return bool(np.all(apart <= room * times * bound))


@dataclass(frozen=True, eq=False)
class Observation:
    """One question, what was answered, and the convention in which it was asked."""

    question: Question
    reply: Reply
    convention: Convention

    @cached_property
    def expected(self) -> Expected:
        return expected(self.question, self.convention, self.unit)

    @property
    def unit(self) -> float:
        """The unit roundoff of the type that the gradient, or a loss alone, was returned in."""
        gradient = self.reply.gradient
        single = self.reply.single if gradient is None else gradient.dtype == np.float32
        return unit_roundoff(np.float32 if single else np.float64)

    @cached_property
    def beyond(self) -> bool:
        """Whether the data need double precision, and the function works in single."""
        return self.unit > unit_roundoff(np.float64) and _needs_double(self.question)

    @property
    def undecided(self) -> bool:
        """Whether a right gradient may be one of several: a subgradient of its own choice."""
        return self.convention.at_kink is None and self.question.at_kink

    @property
    def failed(self) -> bool:
        """Whether there was no answer at all."""
        return bool(self.reply.error)

    @cached_property
    def loss_wrong(self) -> bool:
        if self.reply.loss is None or self.failed or self.beyond:
            return False
        return not self.expected.allows("loss", self.reply.loss)

    @cached_property
    def gradient_wrong(self) -> bool:
        if self.reply.gradient is None or self.failed or self.beyond or self.undecided:
            return False
        return not self.expected.allows("gradient", self.reply.gradient)

    @property
    def right(self) -> bool:
        return not (self.failed or self.loss_wrong or self.gradient_wrong)


def expected(question: Question, convention: Convention, unit: float = 2.0**-53) -> Expected:
    """The right answer in a convention, and its bound for a function that computes with `unit`.

    Kept with the question: each is asked of many functions, and seen in many conventions.
    """
    key = (
        convention.penalty,
        bool(convention.weighed),
        convention.constant,
        convention.at_kink,
        unit,
    )
    if key not in question.expected:
        question.expected[key] = _expected(question, convention, unit)
    found: Expected = question.expected[key]
    return found


def _expected(question: Question, convention: Convention, unit: float) -> Expected:
    right = question.right
    if convention.at_kink is not None and question.at_kink:
        right = question.right_at_kink(convention.at_kink)
    n, reg = question.n, question.reg
    penalty, its_slope = convention.added(question)
    relative = float(gamma(operations(question.C, question.D, n), unit))
    X = np.abs(question.X)
    # Each score may be in C margins; that of the label's own class may be there and go again.
    in_margins = (1 + question.C) * question.sizes.sum()
    terms = (right.loss_size.sum() + in_margins) / n + question.C + penalty
    coefficients = right.mu_size + np.abs(right.mu) + 1
    # Where the data's part is a difference of two answers, their penalties round too.
    strength = max(reg, 1.0) if convention.weighed else reg
    terms += (strength - reg) * (question.W**2).sum()
    size = np.abs(question.W)
    if convention.constant:
        terms += (question.W**2 + size).sum()
        size = size + 0.5
        strength = max(strength, 1.0)
    return Expected(
        loss=float(right.loss.mean() + penalty),
        loss_bound=float(relative * terms),
        gradient=right.mu.T @ question.X / n + its_slope,
        gradient_bound=relative * (coefficients.T @ X / n + 2 * strength * size),
    )


def wrong(observations: Iterable[Observation]) -> list[Observation]:
    return [observation for observation in observations if not observation.right]


def smallest(observations: Sequence[Observation]) -> Observation:
    """The one that is easiest to follow by hand: of few numbers, and these quarters at most."""
    return min(observations, key=lambda one: (_is_fine(one.question), one.question.size))


def _is_fine(question: Question) -> bool:
    return any((4 * a % 1 != 0).any() for a in (question.W, question.X))


def _needs_double(question: Question) -> bool:
    with np.errstate(all="ignore"):
        single = [a.astype(np.float32) for a in (question.W, question.X, question.S)]
    whole = (question.W, question.X, question.S)
    u = question.right.kinks
    tiny = (np.abs(u) < TINY) & (u != 0)
    exact = all((a == b).all() for a, b in zip(single, whole, strict=True))
    # The square of a number may be computed, too.
    largest = max(float(np.abs(question.S).max()) / 2**12, float(np.abs(question.W).max()) / 2**60)
    return bool(tiny.any()) or not exact or largest > 1
