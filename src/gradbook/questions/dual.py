"""Numbers with their derivatives, and with what rounding comes to in both.

A number is m·eᵏ, so that no exp overflows. Sums, products and whole powers of exact numbers are
exact; beside everything else stands what an error of one unit roundoff in each step comes to, a
running error analysis (Higham 2002, §3.3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import add, mul
from typing import Any

import numpy as np
from sympy import Function, Rational, asinh, atan, cos, cosh, sin, sinh, tanh

from gradbook.questions.formula import Floats

#: Beside exp and log: a function, and its first two derivatives.
FUNCTIONS: Mapping[type[Function], tuple[Callable[[Any], Any], ...]] = {
    sinh: (np.sinh, np.cosh, np.sinh),
    cosh: (np.cosh, np.sinh, np.cosh),
    tanh: (np.tanh, lambda m: np.cosh(m) ** -2.0, lambda m: -2 * np.tanh(m) * np.cosh(m) ** -2.0),
    sin: (np.sin, np.cos, lambda m: -np.sin(m)),
    cos: (np.cos, lambda m: -np.sin(m), lambda m: -np.cos(m)),
    atan: (np.arctan, lambda m: 1 / (1 + m**2), lambda m: -2 * m / (1 + m**2) ** 2),
    asinh: (np.arcsinh, lambda m: (1 + m**2) ** -0.5, lambda m: -m * (1 + m**2) ** -1.5),
}


@dataclass(frozen=True)
class Dual:
    """m·eᵏ for each of n examples, and its derivative slope·eᵏ with respect to C scores.

    m, k, size: (n,), or one for all. slope, slope_size: (n, C). size, slope_size: what rounding
    comes to in m and in slope, in units. None stands for 0.
    """

    m: Any
    slope: Floats | None = None
    size: Any = None
    slope_size: Floats | None = None
    k: Any = None

    @property
    def plain(self) -> Dual:
        """The same with k = 0."""
        return self if self.k is None else self._times_e(self.k)

    def masked(self, live: np.ndarray) -> Dual:
        """The same for those examples, (n,), and 0 for the others."""
        if live.all():
            return self
        parts = (_where(live, part) for part in (self.m, self.slope, self.size, self.slope_size))
        return replace(Dual(*parts), k=None if self.k is None else np.where(live, self.k, -np.inf))

    def summed(self, n: int, count: int) -> Dual:
        """The sums of so many neighbouring numbers, in the largest of their scales: of n examples.

        n · count is the number of examples that they are of.
        """
        number, k = self, None
        if self.k is not None:
            scales = np.broadcast_to(self.k, n * count).reshape(n, count)
            k = scales.max(axis=1, initial=-np.inf)
            k = np.where(np.isfinite(k), k, 0.0)
            number = self._times_e((scales - k[:, None]).ravel())

        def folded(part: Any) -> Any:
            if part is None:
                return None
            whole = np.broadcast_to(part, (n * count, *np.shape(part)[1:]))
            return whole.reshape(n, count, *whole.shape[1:]).sum(axis=1)

        m, slope = number.m, number.slope
        size, slope_size = _and(number.size, m), _and(number.slope_size, slope)
        return Dual(folded(m), folded(slope), folded(size), folded(slope_size), k)

    def __mul__(self, other: Dual) -> Dual:
        pairs = ((self, other), (other, self))
        m, slope = self.m * other.m, _sum(_times(a.m, b.slope) for a, b in pairs)
        if self.size is other.size is self.k is other.k is None:  # nothing is rounded
            return Dual(m, slope)
        size = _sum(_times(abs(a.m), b.size) for a, b in pairs)
        slope_size = _sum(
            part
            for a, b in pairs
            for part in (_times(abs(a.m), b.slope_size), _times(a.size, _abs(b.slope)))
        )
        k = _sum((self.k, other.k))
        return Dual(m, slope, _and(size, m), _and(slope_size, slope), k)

    def power(self, q: Rational) -> Dual:
        """mᵠ·eᵠᵏ. A whole power is a product, and as exact."""
        if q.is_Integer and q > 0:
            return reduce(mul, [self] * int(q))
        p, m = float(q), np.asarray(self.m)
        found = self._of(m**p, p * m ** (p - 1), p * (p - 1) * m ** (p - 2))
        return found if self.k is None else replace(found, k=p * self.k)

    @property
    def exp(self) -> Dual:
        """1·eᵛ: the value goes to the exponent."""
        v = self.plain
        one = np.ones_like(v.m, dtype=float)
        return replace(v._of(one, one, one), k=v.m + 0.0)

    @property
    def log(self) -> Dual:
        """log m + k: eᵏ cancels in the slope."""
        m = np.asarray(self.m)
        found = self._of(np.log(m), 1 / m, -1 / m**2)
        if self.k is None:
            return found
        return replace(found, m=found.m + self.k, size=found.size + abs(self.k))

    def function(self, name: type[Function]) -> Dual:
        """One of FUNCTIONS."""
        plain = self.plain
        m = np.asarray(plain.m, dtype=float)
        return plain._of(*(of(m) for of in FUNCTIONS[name]))

    def _of(self, value: Any, first: Any, second: Any) -> Dual:
        """A smooth function of m, with its first two derivatives, at k = 0."""
        size = 0.0 if self.size is None else self.size
        slope = _times(first, self.slope)
        parts = (_times(abs(first), self.slope_size), _times(abs(second) * size, _abs(self.slope)))
        return Dual(value, slope, abs(first) * size + abs(value), _sum((*parts, _abs(slope))))

    def _times_e(self, k: Any) -> Dual:
        by = np.exp(k)
        return Dual(*(_times(by, p) for p in (self.m, self.slope, self.size, self.slope_size)))


def total(parts: Sequence[Dual]) -> Dual:
    """Their sum, in the largest of their scales."""
    scale = None
    if all(part.size is part.k is None for part in parts):  # nothing is rounded
        m, slope = _sum(part.m for part in parts), _sum(part.slope for part in parts)
        return Dual(0.0 if m is None else m, slope)
    if any(part.k is not None for part in parts):
        scales = [0.0 if part.k is None else part.k for part in parts]
        scale = np.maximum.reduce(np.broadcast_arrays(*scales))
        scale = np.where(np.isfinite(scale), scale, 0.0)
        parts = [part._times_e(k - scale) for part, k in zip(parts, scales, strict=True)]
    size, slope_size = (
        _sum(getattr(part, name) for part in parts) for name in ("size", "slope_size")
    )
    if size is not None:
        size = size + _sum(abs(part.m) for part in parts)
    if slope_size is not None:
        slope_size = _sum((slope_size, *(_abs(part.slope) for part in parts)))
    m = _sum(part.m for part in parts)
    return Dual(0.0 if m is None else m, _sum(p.slope for p in parts), size, slope_size, scale)


def _sum(parts: Iterable[Any]) -> Any:
    """The sum of what is there; None if nothing is."""
    there = [part for part in parts if part is not None]
    return reduce(add, there) if there else None


def _and(size: Any, value: Any) -> Any:
    """Of what is rounded already, one unit more of the value."""
    return None if size is None else _sum((size, _abs(value)))


def _abs(part: Any) -> Any:
    return None if part is None else np.abs(part)


def _times(factor: Any, part: Any) -> Any:
    """A number for each example times something for each, (n,) or (n, C)."""
    if factor is None or part is None:
        return None
    return (np.asarray(factor)[..., None] if np.ndim(part) == 2 else factor) * part


def _where(live: np.ndarray, part: Any) -> Any:
    if part is None:
        return None
    return np.where(live[:, None] if np.ndim(part) == 2 else live, part, 0.0)
