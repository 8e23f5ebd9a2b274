"""How far rounding may take right code: bounds that are derived, and nothing chosen to fit.

A `Ball` is a quantity, computed here in float64, and a bound on how far this number, and whatever
right code computes in its place, may be from the exact value (Higham, Accuracy and Stability of
Numerical Algorithms, 2002, §2.2 and §3.1). A sum may be taken in any order. Where every number is a
multiple of one power of two, its grain, and so small that no sum or product needs more digits than
there are, nothing is rounded in any order, and the bound is 0: at small whole scores that is so for
every sum, product and kink.

An indicator whose argument is nearer to 0 than rounding may take it counts with its whole jump.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray
from sympy import (
    Add,
    Basic,
    Expr,
    Max,
    Mul,
    Pow,
    Rational,
    Symbol,
    asinh,
    atan,
    cos,
    cosh,
    exp,
    log,
    sin,
    sinh,
    tanh,
)

from gradbook.notation import equal, hinge, step, unequal

Floats: TypeAlias = NDArray[np.float64]
Labels: TypeAlias = NDArray[np.int64]

#: The libraries of NumPy, C, JAX and PyTorch are off by at most so many units in the last place.
LAST_PLACES = 4

EXACT = np.zeros(())

MONOTONE = (exp, log, sinh, tanh, atan, asinh)
OTHERS = (cosh, sin, cos)


class Unbounded(ValueError):
    """A formula with a function whose rounding is not bounded here."""


@dataclass(frozen=True)
class Ball:
    """value: computed here. error: no right result is further from the exact one, and neither is
    the value. grain: what both are multiples of, without any error; 0 where something is rounded.
    """

    value: Floats
    error: Floats
    grain: float

    @cached_property
    def size(self) -> Floats:
        """What no right result exceeds in magnitude."""
        return np.abs(self.value) + 2 * self.error

    def __getitem__(self, places: Any) -> Ball:
        """Those of the last axis."""
        return Ball(self.value[..., places], self.error[..., places], self.grain)

    def spread(self, shape: tuple[int, ...]) -> Ball:
        """The same in another shape that it fits."""
        value, error = (np.broadcast_to(each, shape) for each in (self.value, self.error))
        return Ball(value, error, self.grain)

    def where(self, counted: NDArray[np.bool_]) -> Ball:
        """The same at some of the places, and 0 at the others."""
        return Ball(np.where(counted, self.value, 0), np.where(counted, self.error, 0), self.grain)

    @property
    def flat(self) -> Ball:
        return Ball(self.value.ravel(), self.error.ravel(), self.grain)

    def with_error_of(self, other: Ball) -> Ball:
        """The same value, with the larger error of two ways to it."""
        return Ball(self.value, np.maximum(self.error, other.error), min(self.grain, other.grain))

    @cached_property
    def length(self) -> float:
        """The largest value in grains."""
        largest = float(np.max(np.abs(self.value), initial=0))
        return max(1.0, largest / self.grain) if self.grain else math.inf


@dataclass(frozen=True)
class Rounding:
    """Formulas in balls, for code that computes in a dtype."""

    dtype: DTypeLike

    @cached_property
    def unit(self) -> float:
        """The unit roundoff."""
        return float(np.finfo(self.dtype).eps) / 2

    @cached_property
    def room(self) -> float:
        """How many grains a number can hold."""
        return float(2 ** (np.finfo(self.dtype).nmant + 1))

    def gamma(self, count: int) -> float:
        """γ_k, for a term that passes through so many operations."""
        return count * self.unit / (1 - count * self.unit)

    @cached_property
    def least(self) -> float:
        """The smallest normal number: what is nearer to 0 has fewer digits, or is taken for 0."""
        return float(np.finfo(self.dtype).tiny)

    def rounded(self, count: int, size: Floats) -> Floats:
        """How far so many operations may take a term of this size; what is 0 stays 0."""
        return np.asarray(self.gamma(count) * size + count * self.least * (size > 0))

    def exact(self, value: Any) -> Ball:
        """Numbers that the code is given. Raises ValueError unless they are small and dyadic."""
        found = np.asarray(value, np.float64)
        grain = grain_of(found)
        if np.max(np.abs(found), initial=0) / grain > self.room:
            raise ValueError(f"{found} cannot be held in {self.dtype}")
        return Ball(found, EXACT, grain)

    def number(self, value: Expr) -> Ball:
        """A number of the formula: what is no short binary fraction is rounded, twice at most."""
        found = np.asarray(float(value))
        if isinstance(value, Rational) and not value.q & (value.q - 1):
            grain = 1 / float(value.q)
            if abs(found) / grain <= self.room:
                return Ball(found, EXACT, grain)
        return Ball(found, self.rounded(2, np.abs(found)), 0.0)

    def add(self, parts: Sequence[Ball]) -> Ball:
        if len(parts) == 1:
            return parts[0]
        value, error, size = (_sum(list(each)) for each in _columns(parts))
        grain = min(part.grain for part in parts)
        if grain and sum(part.length * part.grain for part in parts) / grain <= self.room:
            return Ball(value, error, grain)
        return Ball(value, error + self.rounded(2 * len(parts), size), 0.0)

    def total(self, part: Ball, where: NDArray[np.bool_] | None = None) -> Ball:
        """The sum over the first axis, of the places where `where` is True."""
        counted = np.ones(part.value.shape, bool) if where is None else where
        value, error, size = (
            np.where(counted, each, 0).sum(0) for each in (part.value, part.error, part.size)
        )
        count = len(counted)
        if part.grain and part.length * count <= self.room:
            return Ball(value, error, part.grain)
        return Ball(value, error + self.rounded(2 * count, size), 0.0)

    def greatest(self, part: Ball, where: NDArray[np.bool_]) -> Ball:
        """The maximum over the first axis, of the places where `where` is True."""
        value = np.where(where, part.value, -np.inf).max(axis=0)
        return Ball(value, np.where(where, part.error, 0).max(axis=0), part.grain)

    def product(self, left: Ball, right: Ball) -> Ball:
        """The matrix product of what is rounded with what is exact."""
        value, count = left.value @ right.value, len(right.value)
        if left.grain and left.length * right.length * count <= self.room:
            return Ball(value, EXACT, left.grain * right.grain)
        size = np.abs(right.value)
        error = left.spread(left.value.shape).error @ size
        return Ball(value, error + self.rounded(2 * count, left.size @ size), 0.0)

    def divided(self, part: Ball, by: int) -> Ball:
        if part.grain and not by & (by - 1):
            return Ball(part.value / by, part.error / by, part.grain / by)
        return Ball(part.value / by, part.error / by + self.rounded(2, part.size / by), 0.0)

    def multiply(self, parts: Sequence[Ball]) -> Ball:
        product, *others = parts
        for part in others:
            value, size = product.value * part.value, product.size * part.size
            grain = product.grain * part.grain
            if grain and product.length * part.length <= self.room:
                product = Ball(value, EXACT, grain)
                continue
            error = product.size * part.error + part.size * product.error
            product = Ball(value, error + self.rounded(2, size), 0.0)
        return product

    def power(self, base: Ball, exponent: Ball) -> Ball:
        """base^exponent, where the base is positive, or the exponent a whole number."""
        n = float(exponent.value) if exponent.grain and exponent.value.ndim == 0 else 0.5
        if n in (1, 2):
            return self.multiply([base] * int(n))
        whole = n.is_integer()
        low, high = _magnitudes(base) if whole and n % 2 == 0 else _ends(base)
        corners = [b**e for b in (low, high) for e in _ends(exponent)]
        found = self._between(base.value**exponent.value, corners, int(abs(n)) if whole else 0)
        # Beyond a pole, or where there is no real value, nothing is known.
        inside = low >= 0 if float(np.min(exponent.value)) > 0 else low > 0
        if whole:
            inside = np.ones_like(inside) if n > 0 else inside | (high < 0)
        error = found.error + self.least * (base.size > 0)
        return Ball(found.value, np.where(inside, error, np.inf), 0.0)

    def function(self, name: type, u: Ball) -> Ball:
        compute = getattr(np, {"asinh": "arcsinh", "atan": "arctan"}.get(name.__name__, str(name)))
        value = compute(u.value)
        if name in (sin, cos):
            error = np.minimum(2, 4 * u.error) + LAST_PLACES * 2 * self.unit
            return Ball(value, error, 0.0)
        ends = _magnitudes(u) if name is cosh else _ends(u)
        found = self._between(value, [compute(end) for end in ends])
        # No logarithm is so small, but 0; an exponential is never 0, and may be taken for it.
        small = name is exp or (name is not log and u.size > 0)
        return replace(found, error=found.error + self.least * small)

    def _between(self, value: Floats, ends: Sequence[Floats], places: int = 0) -> Ball:
        """What is monotone between the ends, each computed by a library."""
        lowest, highest = np.minimum.reduce(ends), np.maximum.reduce(ends)
        size = np.maximum(np.abs(lowest), np.abs(highest))
        error = highest - lowest + 4 * max(places, LAST_PLACES) * self.unit * size
        return Ball(value, np.where(np.isfinite(error), error, np.inf), 0.0)

    def hinge(self, u: Ball) -> Ball:
        value = np.where(u.value > 0, u.value, np.where(np.isnan(u.value), np.nan, 0))
        return Ball(value, np.where(u.value + 2 * u.error < 0, 0, u.error), u.grain)

    def step(self, u: Ball, at_kink: Expr) -> Ball:
        c = self.number(at_kink)
        value = np.where(u.value > 0, 1.0, np.where(u.value == 0, c.value, 0.0))
        jump = max(1.0, abs(float(c.value)), abs(1 - float(c.value)))
        doubtful = (u.error > 0) & (np.abs(u.value) <= 2 * u.error)
        error = np.where(doubtful, jump, np.where(u.value == 0, c.error, 0))
        if doubtful.any() or not c.grain:
            return Ball(value, error, 0.0)
        return Ball(value, error, min(1.0, c.grain))

    def largest(self, parts: Sequence[Ball]) -> Ball:
        value = np.max(np.broadcast_arrays(*(part.value for part in parts)), axis=0)
        error = np.max(np.broadcast_arrays(*(part.error for part in parts)), axis=0)
        return Ball(value, error, min(part.grain for part in parts))

    def evaluate(self, expr: Basic, values: Mapping[Symbol, Ball]) -> Ball:
        """A formula without sums, for letters that have values. Raises Unbounded."""
        if expr in values:
            return values[expr]
        if isinstance(expr, Expr) and expr.is_number:
            return self.number(expr)
        parts = [] if isinstance(expr, step) else [self.evaluate(u, values) for u in expr.args]
        match expr:
            case equal() | unequal():
                same = parts[0].value == parts[1].value
                return self.exact(same if isinstance(expr, equal) else ~same)
            case Add():
                return self.add(parts)
            case Mul():
                return self.multiply(parts)
            case Max():
                return self.largest(parts)
            case hinge():
                return self.hinge(parts[0])
            case step():
                return self.step(self.evaluate(expr.args[0], values), expr.args[1])
            case Pow():
                return self.power(*parts)
        if isinstance(expr, MONOTONE + OTHERS):
            return self.function(expr.func, parts[0])
        raise Unbounded(f"the rounding of {expr.func.__name__} is not bounded")


def _columns(parts: Sequence[Ball]) -> tuple[list[Floats], ...]:
    return tuple([getattr(part, name) for part in parts] for name in ("value", "error", "size"))


def _sum(arrays: Sequence[Floats]) -> Floats:
    """The sum of arrays whose shapes broadcast."""
    total = arrays[0]
    for array in arrays[1:]:
        total = total + array
    return total


def _ends(u: Ball) -> tuple[Floats, Floats]:
    """Between these a right result lies."""
    return u.value - 2 * u.error, u.value + 2 * u.error


def _magnitudes(u: Ball) -> tuple[Floats, Floats]:
    """The same of the magnitude."""
    return np.maximum(np.abs(u.value) - 2 * u.error, 0), u.size


def grain_of(values: Floats) -> float:
    """The largest power of two of which every one is a multiple; 1 if all are 0."""
    mantissa, exponent = np.frexp(values[values != 0])
    whole = np.abs(mantissa * 2.0**53).astype(np.int64)
    lowest = np.ldexp((whole & -whole).astype(np.float64), exponent - 53)
    return float(np.min(lowest, initial=np.inf)) if len(lowest) else 1.0
