"""Numbers to compute with: exact fractions, or 50 digits; and dual numbers, u + u′ε with ε² = 0."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from typing import Any

import mpmath
from sympy import (
    Abs,
    Expr,
    Function,
    Heaviside,
    Indexed,
    Max,
    Min,
    Piecewise,
    Pow,
    Symbol,
    lambdify,
    sign,
)

from gradbook.any_size.binding import definition_of
from gradbook.any_size.inverses import det, inverse
from gradbook.any_size.largest import chosen, largest
from gradbook.any_size.letters import within, zero
from gradbook.any_size.rules import slope
from gradbook.notation import equal, hinge, partial, step, unequal

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


def is_more(left: Number, right: Number) -> bool:
    """left > right."""
    return bool(_decimal(left) > _decimal(right))


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


# Functions of them.

#: Functions in pieces that have no declared derivative, but exact values.
PIECES: dict[type, Callable[..., Number]] = {
    Abs: abs,
    sign: lambda u: (u > 0) - (u < 0),
    Max: max,
    Min: min,
    Heaviside: lambda u, at_zero: at_zero if u == 0 else int(u > 0),
}


_RATIONAL = (
    hinge,
    step,
    zero,
    largest,
    chosen,
    inverse,
    det,
    equal,
    unequal,
    within,
    partial,
    Piecewise,
    *PIECES,
)


@lru_cache(maxsize=10_000)
def is_rational(expr: Expr) -> bool:
    """Whether the value of `expr` is rational wherever its letters are."""
    if isinstance(expr, Indexed) or expr.is_Symbol:
        defined = definition_of(expr)
        return defined is None or is_rational(defined.meaning)
    if expr.is_number and not expr.args:
        return bool(expr.is_Rational)
    if isinstance(expr, Pow) and not expr.exp.is_Integer:
        return False
    if isinstance(expr, Function) and not isinstance(expr, _RATIONAL):
        return False
    return all(is_rational(part) for part in expr.args if isinstance(part, Expr))


def positive(u: Number, slope: Number) -> Number:
    """max(0, u), with this slope."""
    if isinstance(u, Dual):
        return Dual(positive(u.value, slope), slope * u.slope)
    return u if u > 0 else 0 * u


def power(u: Number, p: int) -> Number:
    """u^p, exactly: 1/u is a Fraction for an integer u."""
    if isinstance(u, Dual):
        return Dual(power(u.value, p), p * power(u.value, p - 1) * u.slope)
    return u**p if p >= 0 else 1 / power(Fraction(u) if isinstance(u, int) else u, -p)


def inverse_entry(rows: Sequence[Sequence[Number]], i: int, j: int) -> Number:
    """A cofactor of the transpose, over the determinant. Raises ZeroDivisionError where it is 0."""
    return _minor(rows, j, i) * power(determinant(rows), -1)


def _minor(rows: Sequence[Sequence[Number]], row: int, column: int) -> Number:
    """The determinant without a row and a column, with its sign."""
    rest = [[*each[:column], *each[column + 1 :]] for n, each in enumerate(rows) if n != row]
    return (-1) ** (row + column) * determinant(rest)


def determinant(rows: Sequence[Sequence[Number]]) -> Number:
    """By the first row: matrices are small here, and nothing is divided."""
    if not rows:
        return 1
    terms = (entry * _minor(rows, 0, column) for column, entry in enumerate(rows[0]))
    return reduce(operator.add, terms)


class NoValue(ArithmeticError):
    """A formula that has no real value at an instance: log 0, a root of −1."""


def applied(g: Expr, arguments: tuple[Symbol, ...], given: tuple[Number, ...]) -> Number:
    """g at numbers, some of them dual, as a formula of its arguments. Raises NoValue."""
    if not any(isinstance(u, Dual) for u in given):
        found = _arithmetic(g, arguments)(*given)
        if isinstance(found, mpmath.mpc) or not mpmath.isfinite(found):
            raise NoValue(f"{g} has no value there")
        return found
    values = tuple(u.value if isinstance(u, Dual) else u for u in given)
    slopes = (
        u.slope * applied(_slope(g, place, arguments), arguments, values)
        for place, u in enumerate(given, 1)
        if isinstance(u, Dual)
    )
    return Dual(applied(g, arguments, values), sum(slopes, mpmath.mpf(0)))


def _slope(g: Expr, place: int, arguments: tuple[Symbol, ...]) -> Expr:
    """g′, as declared; of what is a derivative already, SymPy's."""
    if isinstance(g, Function | Pow):
        return slope(g, place)
    return g.diff(arguments[place - 1])


@lru_cache(maxsize=1_000)
def _arithmetic(expr: Expr, arguments: tuple[Symbol, ...]) -> Callable[..., Number]:
    """g as a function of numbers."""
    return lambdify(arguments, expr, modules="mpmath")
