"""What the numbers of a letter are declared to be: their sign, bounds, shares, a kind of matrix."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Interval:
    """low, high: its ends, None for one there is not; open: which of them are not in it."""

    low: Fraction | None = None
    high: Fraction | None = None
    open: tuple[bool, bool] = (False, False)

    @classmethod
    def of(cls, limits: Iterable[tuple[str, Any]]) -> Interval:
        """limits: (">", 0), ("≤", 1): what its numbers are above or below, as rational numbers."""
        said = [(s, Fraction(int(n.numerator), int(n.denominator))) for s, n in limits]
        low = max(((end, sign == ">") for sign, end in said if sign in ">≥"), default=(None, False))
        high = min(((end, sign != "<") for sign, end in said if sign in "<≤"), default=(None, True))
        return cls(low[0], high[0], (low[1], not high[1]))

    def nearest(self, value: Any) -> Any:
        """The value if it lies in the interval, else another that does, for each value its own."""
        above = self.low is None or value > self.low or (value == self.low and not self.open[0])
        below = self.high is None or value < self.high or (value == self.high and not self.open[1])
        if above and below:
            return value
        if self.low is not None and self.high is not None:
            part = Fraction(1, 2) + Fraction(value) / (2 + 2 * abs(Fraction(value)))
            return self.low + (self.high - self.low) * part
        end, sign = (self.low, 1) if self.low is not None else (self.high, -1)
        assert end is not None
        return end + sign * (abs(value) or 1)


@dataclass(frozen=True, order=True)
class Domain:
    """sign: ">" or ">=" for numbers that are not below 0. bounds: others, (">", −1), ("≤", 1).

    which: "shares", that add up to 1 along the last axis; a "symmetric" or "invertible" matrix.
    """

    sign: str = ""
    bounds: tuple[tuple[str, Any], ...] = ()
    which: str = ""

    @cached_property
    def interval(self) -> Interval:
        signs = {">": ((">", Fraction(0)),), ">=": (("≥", Fraction(0)),), "": ()}
        return Interval.of((*signs[self.sign], *self.bounds))

    def fitted(self, drawn: np.ndarray) -> np.ndarray:
        """The numbers, floats or fractions; in the place of those outside the domain, others in it.
        A new array, unless any number will do.
        """
        if self == ANY_NUMBERS:
            return drawn
        found = np.empty(drawn.shape, drawn.dtype)
        for place, value in np.ndenumerate(drawn):
            nearest = self.interval.nearest(value)
            found[place] = Fraction(nearest) if drawn.dtype == object else nearest
        return _KINDS[self.which](found) if self.which else found


#: What is declared of numbers that may be any.
ANY_NUMBERS = Domain()


def _shares(numbers: np.ndarray) -> np.ndarray:
    found: np.ndarray = abs(numbers)
    found[..., 0] += found.sum(axis=-1) == 0
    return found / found.sum(axis=-1, keepdims=True)


def _symmetric(numbers: np.ndarray) -> np.ndarray:
    upper = np.triu(np.ones(numbers.shape[-2:], bool))
    return np.where(upper, numbers, numbers.swapaxes(-1, -2))


def _invertible(numbers: np.ndarray) -> np.ndarray:
    """A triangle without a 0 on its diagonal."""
    diagonal = np.eye(numbers.shape[-1], dtype=bool)
    found = np.where(np.triu(np.ones(numbers.shape[-2:], bool)), numbers, 0 * numbers)
    return np.where(diagonal & (found == 0), found + 1, found)


_KINDS = {"shares": _shares, "symmetric": _symmetric, "invertible": _invertible}
