"""Thresholds of sizes, between what was seen on either side: whole numbers, or the shortest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, floor, isfinite, log10

import numpy as np

from gradbook.questions.formula import Floats

#: How near the two sides have to be, of real numbers, for a threshold to be stated as one number.
_NEAR = 1e-4


#: Bounds that nobody writes, but that the floating-point numbers have.
_KNOWN = {
    float(np.log(np.finfo(np.float64).max)): "exp overflows",
    -float(np.log(np.finfo(np.float64).max)): "exp of the negative overflows",
    float(np.log(np.finfo(np.float32).max)): "exp overflows in single precision",
    float(np.finfo(np.float16).max): "half precision, float16, overflows",
}


@dataclass(frozen=True)
class Threshold:
    """outside: the nearest value that was not to be met; inside: the nearest one that was.

    upwards: whether what is above counts. whole: whether sizes are whole numbers.
    """

    outside: float
    inside: float
    upwards: bool
    whole: bool

    @property
    def closed(self) -> bool:
        """Whether nothing worth asking is left between the two sides."""
        apart = abs(self.inside - self.outside)
        if self.whole:
            return apart <= 1
        return apart <= _NEAR * max(abs(self.inside), abs(self.outside))

    def of(self, size: Floats) -> np.ndarray:
        """Which sizes count; between the two sides, those beyond the number that is stated."""
        number, included = self._number
        if self.upwards:
            return size >= number if included else size > number
        return size <= number if included else size < number

    def said(self, compared: Callable[[str, str], str]) -> str:
        """The comparison in words; compared(sign, number) makes it."""
        number, included = self._number
        sign = (">", "≥") if self.upwards else ("<", "≤")
        if self.closed or not number:
            return compared(sign[included], f"{number + 0.0:.12g}")
        low, high = sorted((self.outside, self.inside))
        near = not self.whole and abs(high - low) <= 0.25 * min(abs(low), abs(high))
        for known, what in _KNOWN.items() if near else ():
            if low < known < high:
                return compared(sign[0], f"{known:.5g}, beyond which {what}")
        return compared(sign[0], f"a bound between {low:.4g} and {high:.4g}")

    @property
    def _number(self) -> tuple[float, bool]:
        """The number, and whether it counts itself."""
        if self.whole:
            return self.outside, False
        return shortest(self.outside, self.inside)


def above(those: Floats, others: Floats, whole: bool) -> Threshold | None:
    """The threshold that all those are above; None if no other is below it."""
    inside = float(those.min())
    lower = others[others < inside]
    outside = float(lower.max()) if len(lower) else -np.inf
    usable = isfinite(inside) and isfinite(outside)
    return Threshold(outside, inside, True, whole) if usable else None


def below(those: Floats, others: Floats, whole: bool) -> Threshold | None:
    """The threshold that all those are below; None if no other is above it."""
    inside = float(those.max())
    higher = others[others > inside]
    outside = float(higher.min()) if len(higher) else np.inf
    usable = isfinite(inside) and isfinite(outside)
    return Threshold(outside, inside, False, whole) if usable else None


def shortest(outside: float, inside: float) -> tuple[float, bool]:
    """The number of fewest digits from `outside` to `inside`, and whether it is the latter."""
    size = max(abs(outside), abs(inside))
    if min(outside, inside) < 0 < max(outside, inside) or not outside:
        return 0.0, False
    power = floor(log10(size)) + 1
    for digits in range(18):
        step = 10.0 ** (power - digits)
        rounded = ceil if outside < inside else floor
        number = float(f"{rounded(outside / step) * step:.{max(digits, 1)}g}")
        if min(outside, inside) <= number <= max(outside, inside):
            return number, number == inside
    return outside, False
