"""Numbers to compute with: exact fractions, or 50 digits; and dual numbers, u + u′ε with ε² = 0."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mpmath

#: Of a formula that is not rational.
DIGITS = 50
_TOLERANCE = mpmath.mpf(10) ** (10 - DIGITS)


def precise() -> Any:
    """A context in which mpf numbers are computed with DIGITS digits."""
    return mpmath.workdps(DIGITS)


Number = Any


def sign_of(difference: Number) -> int:
    return 0 if same(difference, 0) else 1 if difference > 0 else -1


def same(left: Number, right: Number) -> bool:
    """Equality of Fractions; of 50-digit numbers, to 40 digits."""
    if isinstance(left, mpmath.mpf) or isinstance(right, mpmath.mpf):
        with precise():
            left, right = (_decimal(number) for number in (left, right))
            return bool(abs(left - right) <= _TOLERANCE * max(1, abs(left), abs(right)))
    return bool(left == right)


def _decimal(number: Number) -> Any:
    """A Fraction as a number of 50 digits; what is one already stays."""
    if isinstance(number, mpmath.mpf):
        return number
    return mpmath.mpf(number.numerator) / number.denominator


@dataclass(frozen=True)
class Dual:
    """value + slope·ε with ε² = 0."""

    value: Number
    slope: Number

    def __add__(self, other: Number) -> Dual:
        other = dual(other)
        return Dual(self.value + other.value, self.slope + other.slope)

    def __mul__(self, other: Number) -> Dual:
        other = dual(other)
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    __radd__, __rmul__ = __add__, __mul__


def dual(number: Number) -> Dual:
    return number if isinstance(number, Dual) else Dual(number, 0)


def plain(number: Number) -> Number:
    """The value alone, of a derivative of a derivative too."""
    return plain(number.value) if isinstance(number, Dual) else number
