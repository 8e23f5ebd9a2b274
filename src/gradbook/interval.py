"""Numbers between two ends, as a page has them of a letter, 0 ≤ α < 1, or in a condition, x > 3."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction


@dataclass(frozen=True)
class Interval:
    """low, high: its ends, None for one that it does not have; open: whether it is without them."""

    low: Fraction | None = None
    high: Fraction | None = None
    open: bool = False

    @classmethod
    def of(cls, limits: Iterable[tuple[str, Fraction]]) -> Interval:
        """limits: (">", 0), ("≤", 1): what its numbers are above or below."""
        found = cls()
        for sign, end in limits:
            found = replace(found, open=found.open or sign in "<>")
            if sign in ">≥":
                found = replace(found, low=end if found.low is None else max(found.low, end))
            else:
                found = replace(found, high=end if found.high is None else min(found.high, end))
        return found

    def nearest(self, value: Fraction) -> Fraction:
        """The value if it lies in the interval, else another that does, for each value its own."""
        above = self.low is None or value > self.low or (value == self.low and not self.open)
        below = self.high is None or value < self.high or (value == self.high and not self.open)
        if above and below:
            return value
        if self.low is not None and self.high is not None:
            part = Fraction(1, 2) + Fraction(value) / (2 + 2 * abs(value))
            return self.low + (self.high - self.low) * part
        end, sign = (self.low, 1) if self.low is not None else (self.high, -1)
        assert end is not None
        return end + sign * (abs(value) + self.open)
