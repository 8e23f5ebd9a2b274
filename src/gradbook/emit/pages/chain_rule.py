"""The value of a formula at a point, and its slopes by all letters at once, in any arithmetic.

Every part of the formula is worked out once; then, from the whole back to the letters, each part
hands its slope on to what it is made of, times its derivative as SymPy knows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import prod
from typing import Any

import mpmath
from sympy import Add, Expr, Function, Mul, Pow, Rational, Symbol, exp, log

from gradbook.notation import hinge, step


class Values:
    """Formulas at a point, the values of their letters. What was computed once is kept.

    Raises ArithmeticError or ValueError where there is no value.
    """

    def __init__(self, point: Mapping[Symbol, Any]) -> None:
        self._known: dict[Expr, Any] = dict(point)

    def value(self, formula: Expr) -> Any:
        if formula not in self._known:
            self._known[formula] = self._value(formula)
        return self._known[formula]

    def slopes(self, formula: Expr) -> dict[Expr, Any]:
        """The slopes of the formula by its parts, and so by each letter in it."""
        parts = _parts(formula)
        found: dict[Expr, Any] = dict.fromkeys(parts, mpmath.mpf(0))
        found[formula] = mpmath.mpf(1)
        for part in reversed(parts):
            for place, argument in enumerate(part.args):
                if argument in found:
                    found[argument] += found[part] * self._slope(part, place)
        return found

    def _value(self, formula: Expr) -> Any:
        values = [self.value(each) for each in formula.args]
        match formula:
            case Rational():
                return mpmath.mpf(int(formula.p)) / int(formula.q)
            case Add():
                return mpmath.fsum(values)
            case Mul():
                return prod(values)
            case Pow(exp=exponent) if exponent.is_Integer:
                return values[0] ** int(exponent)
            case Pow() if values[0] >= 0:
                return values[0] ** values[1]
            case exp():
                return mpmath.exp(values[0])
            case log() if values[0] > 0:
                return mpmath.log(values[0])
            case hinge():
                return values[0] if values[0] > 0 else mpmath.mpf(0)
            case step():
                return mpmath.mpf(values[0] > 0) if values[0] else values[1]
        raise ValueError(f"{formula} has no value")

    def _slope(self, part: Expr, place: int) -> Any:
        """The derivative of a part by one of its arguments."""
        match part:
            case Add():
                return 1
            case Mul(args=factors):
                return prod(self.value(each) for n, each in enumerate(factors) if n != place)
            case Pow(base=base, exp=exponent) if place == 0:
                return self.value(exponent) * self.value(base ** (exponent - 1))
            case Function():
                return self.value(part.fdiff(place + 1))
        raise ValueError(f"{part} has no slope")


def _parts(formula: Expr) -> list[Expr]:
    """The parts that have letters, each once, and after what it is made of."""
    found: dict[Expr, bool] = {}

    def has_letters(part: Expr) -> bool:
        if part not in found:
            inside = [has_letters(each) for each in part.args]
            found[part] = part.is_Symbol or any(inside)
        return found[part]

    has_letters(formula)
    return [part for part, letters in found.items() if letters]
