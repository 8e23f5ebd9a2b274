"""Measured numbers, as short as they can be said."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

#: How far a measured number may be from the one that is said; everything is tested afterwards.
_NEAR = 1e-7
#: Nearer to 0 than this, a measured number is 0.
_ZERO = 1e-12


def plain(value: float) -> float:
    """The short decimal or the simple fraction that a measured number is, else the number."""
    if abs(value) < _ZERO:
        return 0.0
    near = _NEAR * max(abs(value), 1e-3)
    ratio = float(Fraction(value).limit_denominator(360))
    decimals = [float(f"{value:.{digits}g}") for digits in range(1, 8)]
    found = (*decimals[:5], ratio, *decimals[5:])
    return next((short for short in found if abs(short - value) <= near), float(value))


def in_words(value: float) -> str:
    """ "2", "0.999", "1/3", "−0.5"."""
    value = plain(value)
    short = f"{value:.7g}"
    ratio = Fraction(value).limit_denominator(360)
    if float(short) != value and abs(float(ratio) - value) <= 1e-12 * abs(value):
        short = f"{ratio.numerator}/{ratio.denominator}"
    return short.replace("-", "−")


def unlike(value: float, right: float, digits: int = 6) -> str:
    """A number in so many digits, or in as many more as tell it from the right one."""
    enough = (
        count
        for count in range(digits, 18)
        if value == right or float(f"{value:.{count}g}") != float(f"{right:.{count}g}")
    )
    return f"{value:.{next(enough, 17)}g}".replace("-", "−")


def simplest(low: float, high: float) -> float:
    """The number from one to another that takes the fewest digits to write."""
    for digits in range(-6, 16):
        step = 10.0**-digits
        multiple = round((low + high) / 2 / step) * step
        for found in (low, high, float(f"{multiple:.15g}")):
            if low <= found <= high and float(f"{found:.{max(digits, 0)}f}") == found:
                return found
    return (low + high) / 2


def written(a: np.ndarray) -> str:
    """A matrix on one line, row by row."""
    rows = ("[" + ", ".join(short(v) for v in row) + "]" for row in a.tolist())
    return "[" + ", ".join(rows) + "]"


def short(value: float) -> str:
    """A number in six digits, or in as many as it needs to be itself; no −0."""
    value = value + 0.0
    return f"{value:g}" if float(f"{value:g}") == value else repr(float(value))
