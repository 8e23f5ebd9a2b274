"""A formula at a point: an exact fraction, or an interval that contains what is no fraction."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import reduce
from typing import Any

from mpmath import mpf, nstr, workprec
from mpmath.ctx_iv import MPIntervalContext
from sympy import Add, Expr, Heaviside, Max, Mul, Pow, Rational, Symbol, exp, log

from gradbook.notation import hinge, step

#: A number, exactly or between two bounds.
Number = Any

#: Intervals of this project's own, with 50 digits: nobody else changes their precision.
iv = MPIntervalContext()
iv.prec = 170


class NoValue(ValueError):
    """The formula has no value there, or its sign at a kink cannot be told."""


class Values:
    """Values of formulas at one point. What was computed once is kept."""

    def __init__(self, point: Mapping[Symbol, Fraction]) -> None:
        self.known: dict[Expr, Number] = dict(point)

    def of(self, formula: Expr) -> Number:
        """Raises NoValue outside of the formula's domain."""
        if formula not in self.known:
            self.known[formula] = self._of(formula)
        return self.known[formula]

    def _of(self, formula: Expr) -> Number:
        match formula:
            case Rational():
                return Fraction(int(formula.p), int(formula.q))
            case Add():
                return reduce(added, map(self.of, formula.args))
            case Mul():
                return reduce(multiplied, map(self.of, formula.args))
            case Pow():
                return self._power(formula.base, formula.exp)
            case exp():
                return _as_interval(iv.exp, self.of(formula.args[0]), Fraction(0), Fraction(1))
            case log():
                u = self.of(formula.args[0])
                if sign(u) <= 0:
                    raise NoValue(f"log of {u}")
                return _as_interval(iv.log, u, Fraction(1), Fraction(0))
            case hinge(args=(u, _)):
                value = self.of(u)
                return value if sign(value) > 0 else Fraction(0)
            case step(args=(u, at_kink)):
                found = sign(self.of(u))
                return Fraction(1) if found > 0 else self.of(at_kink) if found == 0 else Fraction(0)
            case Heaviside(args=(u, at_kink)):  # SymPy's own derivative of Max(0, u)
                return self.of(step(u, at_kink))
            case Max():
                return reduce(lambda a, b: a if sign(a - b) > 0 else b, map(self.of, formula.args))
        raise NoValue(f"{formula} has no value")

    def _power(self, base: Expr, exponent: Expr) -> Number:
        value = self.of(base)
        if exponent.is_Integer:
            if exponent < 0:
                if sign(value) == 0:
                    raise NoValue("a division by 0")
                value = 1 / value
            return value ** abs(int(exponent))
        if exponent.is_Rational and exponent.q == 2:
            if sign(value) < 0 or (sign(value) == 0 and exponent < 0):
                raise NoValue(f"a root of {value}")
            root = _as_interval(iv.sqrt, value, Fraction(0), Fraction(0))
            return _power_of(root, int(exponent.p))
        if sign(value) <= 0:
            raise NoValue(f"{value} to the power {exponent}")
        return iv.exp(interval(self.of(exponent)) * iv.log(interval(value)))


def _power_of(root: Number, exponent: int) -> Number:
    return root**exponent if exponent >= 0 else 1 / root ** (-exponent)


def added(a: Number, b: Number) -> Number:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a + b
    return interval(a) + interval(b)


def multiplied(a: Number, b: Number) -> Number:
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return a * b
    return Fraction(0) if a == 0 or b == 0 else interval(a) * interval(b)


def interval(value: Number) -> Any:
    """An interval that contains the value."""
    if isinstance(value, Fraction):
        return iv.mpf(value.numerator) / iv.mpf(value.denominator)
    return value


def _as_interval(function: Any, u: Number, at: Fraction, exactly: Fraction) -> Number:
    """function(u), exactly where u is `at`."""
    return exactly if isinstance(u, Fraction) and u == at else function(interval(u))


def sign(value: Number) -> int:
    """−1, 0 or 1. Raises NoValue where an interval contains 0 and more."""
    if isinstance(value, Fraction):
        return (value > 0) - (value < 0)
    if value.a > 0:
        return 1
    if value.b < 0:
        return -1
    if value.a == value.b == 0:
        return 0
    raise NoValue("the sign cannot be told")


def written(left: Number, right: Number) -> tuple[str, str]:
    """Both, each as 1/2, or as ≈ 0.693147 where it is no fraction: with so many digits that they
    differ.
    """
    for digits in range(6, 36):
        found = _written(left, digits), _written(right, digits)
        if found[0] != found[1]:
            break
    return found


def _written(value: Number, digits: int) -> str:
    if isinstance(value, Fraction):
        return str(value).replace("-", "−")
    with workprec(iv.prec):
        return f"≈ {nstr(decimal(value), digits)}".replace("-", "−")


def decimal(value: Number) -> mpf:
    """The number, or the middle of the interval, with 50 digits."""
    with workprec(iv.prec):
        if isinstance(value, Fraction):
            return mpf(value.numerator) / value.denominator
        return mpf(value.mid.a)


def apart(value: Number, other: mpf | float) -> mpf:
    """How far another number is from this, or from the nearest in an interval."""
    with workprec(iv.prec):
        if isinstance(value, Fraction):
            return abs(decimal(value) - other)
        return max(mpf(0), mpf(value.a) - other, other - mpf(value.b))


def as_fraction(value: Rational) -> Fraction:
    return Fraction(int(value.p), int(value.q))
