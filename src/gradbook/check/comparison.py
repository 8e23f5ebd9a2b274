"""Numbers that were found, beside numbers that were expected, each with its own bound."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike


@dataclass(frozen=True)
class Comparison:
    """How many numbers were compared, whether all kept to their bounds, and the closest call.

    error and bound belong to the place where error/bound is largest (where no error is, to the
    place of the smallest bound), in the unit it was given.
    """

    cases: int
    passed: bool
    error: float
    bound: float

    @property
    def nearness(self) -> float:
        """error / bound, where 0/0 is 0; NaN counts as infinite."""
        if self.error == 0:
            return 0.0
        ratio = self.error / self.bound if self.bound else np.inf
        return float(np.inf if np.isnan(ratio) else ratio)


#: Nothing was compared.
NOTHING = Comparison(0, False, 0.0, 0.0)


def compare(
    found: ArrayLike, expected: ArrayLike, bound: ArrayLike, unit: float = 1.0
) -> Comparison:
    """|found − expected| ≤ bound, entry by entry; error and bound are reported in `unit`s."""
    error, bounds = np.broadcast_arrays(
        np.abs(np.asarray(found, dtype=np.float64) - np.asarray(expected)), np.asarray(bound)
    )
    if error.size == 0:
        return NOTHING
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(error == 0, 0.0, error / bounds)
    worst = int(
        np.argmax(np.where(np.isnan(ratio), np.inf, ratio)) if error.any() else bounds.argmin()
    )
    return Comparison(
        cases=error.size,
        passed=bool((error <= bounds).all()),
        error=float(error.flat[worst] / unit),
        bound=float(bounds.flat[worst] / unit),
    )


def together(comparisons: Iterable[Comparison]) -> Comparison:
    """Several comparisons as one: the closest call of all. Nothing compared does not pass."""
    made = [comparison for comparison in comparisons if comparison.cases]
    if not made:
        return NOTHING
    closest = max(made, key=lambda comparison: (comparison.nearness, -comparison.bound))
    return Comparison(
        cases=sum(comparison.cases for comparison in made),
        passed=all(comparison.passed for comparison in made),
        error=closest.error,
        bound=closest.bound,
    )
