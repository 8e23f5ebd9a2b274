"""How far rounding may take a kernel for one size, wherever its inputs are in a box.

The γ analysis of `rounding`, with a box in the place of a point: a term is as large as the box
allows, every hinge may be active, and no step is in doubt. So the bound of the gradient holds where
no margin is nearer to its kink than the margin's own bound; the others hold everywhere.

A score is W_a x̃, added up in any order: D operations on a term at most. Overflow and underflow are
not covered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import Literal

import numpy as np
from sympy import Expr

from gradbook import arguments
from gradbook.loss import Loss
from gradbook.questions.formula import evaluate, formulas
from gradbook.questions.rounding import Ball, Balls, unit_roundoff


@dataclass(frozen=True)
class Box:
    """All W with |W_ab| ≤ weights, and all x̃ with |x̃_b| ≤ features. Raises ValueError unless
    both are above 0.
    """

    weights: float = 4.0
    features: float = 1.0

    def __post_init__(self) -> None:
        arguments.positive("weights", self.weights)
        arguments.positive("features", self.features)

    def __str__(self) -> str:
        return f"|W| ≤ {self.weights:g}, |x̃| ≤ {self.features:g}"


@dataclass(frozen=True)
class RoundingBound:
    """|computed − exact| of one example is at most so much, in units of the unit roundoff u.

    score, margin, loss, gradient: of any score, any margin (0 for a loss without kinks), the loss
    and any entry of the gradient, the latter where every margin is further from 0 than `margin`.
    unit: u, by which they are to be multiplied. by: how they were found.
    """

    box: Box
    score: float
    margin: float
    loss: float
    gradient: float
    by: Literal["γ", "gappa"] = "γ"
    unit: float = unit_roundoff(np.float64)

    def __str__(self) -> str:
        """A line for a report; what is said of a bound is rounded up."""
        bounds = {"margins": self.margin} if self.margin else {}
        bounds |= {"loss": self.loss, "gradient off the kinks": self.gradient}
        parts = [f"scores within {ceil(self.score):,} u"]
        parts += [f"{name} {ceil(units):,} u" for name, units in bounds.items()]
        return f"{', '.join(parts)}, for {self.box} ({self.by}; u = {self.unit:.3g})"


def rounding_in_a_box(loss: Loss, classes: int, features: int, box: Box) -> RoundingBound:
    """The bounds for float64, W (C, m + 1), x̃ (m + 1,) and every label.

    Raises Unsuitable for a loss whose rounding is not bounded.
    """
    unit, width = unit_roundoff(np.float64), features + 1
    sizes = np.full(classes, width * box.weights * box.features)
    balls = _InABox(np.zeros(classes), sizes, width, unit)

    def worst(parts: Callable[[int], Iterable[Expr]], more: int = 0, factor: float = 1.0) -> float:
        """The largest error of formulas of the scores, over the labels."""
        found = [evaluate(u, classes, balls) for y in range(classes) for u in parts(y)]
        return max((factor * float(u.error(unit, more)) for u in found), default=0.0) / unit

    return RoundingBound(
        box=box,
        score=float(balls.score(0).error(unit)) / unit,
        margin=worst(lambda y: loss.kinks(classes, y)),
        loss=worst(lambda y: formulas(loss, classes, y)[:1]),
        # One operation more: the product with x̃.
        gradient=worst(lambda y: formulas(loss, classes, y)[1], 1, box.features),
    )


class _InABox(Balls):
    """Balls of all inputs at once: their values say nothing."""

    def hinge(self, u: Ball) -> Ball:
        return replace(u, inside=u.inside + u.terms, terms=u.leaves)

    def step(self, u: Ball, at_kink: Fraction) -> Ball:
        one = np.array(max(float(abs(at_kink)), 1.0))
        return Ball(one, one, np.zeros(()), 0, 0, 0)
