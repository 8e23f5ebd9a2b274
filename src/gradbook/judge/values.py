"""ℓ and μ of many examples at once, by walking the loss's formula with dual numbers.

`Loss.coefficients` differentiates a formula for each number of classes and each label; here the
formula is walked as it stands, with every example's own label, so that 130 classes cost no more
than a loop over 130 numbers. On data that are exact in floating point the result is exact. It
shares no code with the symbolic derivation and is tested against it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from sympy import Add, Expr, Indexed, Mul, Pow, Rational, Sum

from gradbook import notation
from gradbook.check.formula import Floats, Unsuitable
from gradbook.loss import Loss
from gradbook.notation import equal, hinge, step, unequal


@dataclass(frozen=True)
class Values:
    """Of n examples with C classes.

    loss:  ℓ_i, (n,).
    mu:    ∂ℓ_i/∂s_a, (n, C).
    kinks: the arguments u of the formula's hinges and steps, (n, K), in the order in which they are
           met; NaN where the formula multiplies them by an indicator of classes that is 0.
    """

    loss: Floats
    mu: Floats
    kinks: Floats


def values(loss: Loss, S: Floats, y: np.ndarray, at_kink: float | None = None) -> Values:
    """ℓ and μ at scores S (n, C) with labels y (n,).

    at_kink: a slope for all hinges at 0, in place of the declared ones. Raises Unsuitable for a
    formula that is more than sums, products, whole powers, hinges, steps and rational numbers.
    """
    walk = _Walk(S, y, at_kink)
    with np.errstate(all="ignore"):
        result = walk(loss.formula, {notation.C: S.shape[1], notation.y: y}, np.ones(len(y), bool))
    mu = np.zeros_like(S) if result.slope is None else np.broadcast_to(result.slope, S.shape)
    kinks = np.array(walk.kinks, dtype=float).reshape(len(walk.kinks), len(y)).T
    return Values(np.broadcast_to(result.value, y.shape).astype(float), np.array(mu), kinks)


@dataclass(frozen=True)
class _Dual:
    """A number for each example, (n,) or one for all, and its derivative, (n, C) or None for 0."""

    value: Any
    slope: Floats | None = None

    def __add__(self, other: _Dual) -> _Dual:
        slopes = [slope for slope in (self.slope, other.slope) if slope is not None]
        return _Dual(self.value + other.value, reduce(add, slopes) if slopes else None)

    def __mul__(self, other: _Dual) -> _Dual:
        parts = [
            np.asarray(factor)[..., None] * slope
            for factor, slope in ((self.value, other.slope), (other.value, self.slope))
            if slope is not None
        ]
        return _Dual(self.value * other.value, reduce(add, parts) if parts else None)


def _total(parts: Iterable[_Dual]) -> _Dual:
    return reduce(add, parts, _Dual(0.0))


@dataclass
class _Walk:
    S: Floats
    y: np.ndarray
    at_kink: float | None
    kinks: list[Floats] = field(default_factory=list)

    def __call__(self, part: Expr, letters: Mapping[Any, Any], live: np.ndarray) -> _Dual:
        """The value of `part`. live: the examples for which it counts, (n,)."""
        match part:
            case Rational():
                return _Dual(float(part))
            case Add():
                return _total(self(term, letters, live) for term in part.args)
            case Mul():
                return self._product(part, letters, live)
            case Pow() if part.exp.is_Integer and part.exp > 0:
                base = self(part.base, letters, live)
                result = base
                for _ in range(int(part.exp) - 1):
                    result = result * base
                return result
            case Sum():
                return self._finite_sum(part, letters, live)
            case Indexed():
                return self._score(self._index(part.indices[0], letters))
            case hinge() | step():
                return self._kink(part, letters, live)
            case equal() | unequal():
                return _Dual(self._indicator(part, letters))
        if part in letters:
            return _Dual(np.asarray(letters[part], dtype=float))
        raise Unsuitable(
            "the loss must be made of scores, rational numbers, sums, products, whole powers, "
            f"hinges and steps to be judged exactly; it contains {part.func.__name__}"
        )

    def _product(self, part: Mul, letters: Mapping[Any, Any], live: np.ndarray) -> _Dual:
        masks = [p for p in part.args if isinstance(p, equal | unequal)]
        for mask in masks:
            live = live & (self._indicator(mask, letters) != 0)
        product = _Dual(live.astype(float)) if masks else _Dual(1.0)
        for factor in part.args:
            if factor not in masks:
                product = product * self(factor, letters, live)
        return product

    def _finite_sum(self, part: Sum, letters: Mapping[Any, Any], live: np.ndarray) -> _Dual:
        *inner, (index, first, last) = part.limits
        summand = Sum(part.function, *inner) if inner else part.function
        low, high = (self._index(limit, letters) for limit in (first, last))
        terms = []
        for value in range(int(np.min(low)), int(np.max(high)) + 1):
            within = live & (low <= value) & (value <= high)
            term = self(summand, {**letters, index: value}, within)
            terms.append(_Dual(within.astype(float)) * term)
        return _total(terms)

    def _index(self, index: Expr, letters: Mapping[Any, Any]) -> Any:
        """A class number, or one for each example."""
        match index:
            case Rational():
                return int(index)
            case Add():
                return sum(self._index(part, letters) for part in index.args)
            case Mul():
                return np.prod(
                    np.broadcast_arrays(*(self._index(p, letters) for p in index.args)), 0
                )
        return letters[index]

    def _score(self, index: Any) -> _Dual:
        one = np.zeros_like(self.S)
        places = np.broadcast_to(index, self.y.shape)
        rows = np.arange(len(self.y))
        one[rows, places] = 1
        return _Dual(self.S[rows, places], one)

    def _kink(self, part: Expr, letters: Mapping[Any, Any], live: np.ndarray) -> _Dual:
        u = self(part.args[0], letters, live)
        self.kinks.append(np.where(live, u.value, np.nan))
        at_kink = float(part.args[1]) if self.at_kink is None else self.at_kink
        if isinstance(part, step):
            declared = float(part.args[1])
            return _Dual(np.where(u.value > 0, 1.0, np.where(u.value == 0, declared, 0.0)))
        active = np.where(u.value > 0, 1.0, np.where(u.value == 0, at_kink, 0.0))
        slope = None if u.slope is None else np.asarray(active)[..., None] * u.slope
        return _Dual(np.maximum(u.value, 0), slope)

    def _indicator(self, part: Expr, letters: Mapping[Any, Any]) -> np.ndarray:
        a, b = (self._index(argument, letters) for argument in part.args)
        same = np.broadcast_to(np.equal(a, b), self.y.shape)
        return np.asarray(same if isinstance(part, equal) else ~same, dtype=float)
