"""The slopes of a formula by all of its letters at once, at a point.

Every part of the formula is worked out once; then, from the whole back to the letters, each part
hands its slope on to what it is made of, times its derivative as SymPy knows it.
"""

from __future__ import annotations

from fractions import Fraction
from functools import reduce

from sympy import Add, Expr, Function, Mul, Pow

from gradbook.prove.values import Number, Values, added, multiplied


def slopes_of(formula: Expr, values: Values) -> dict[Expr, Number]:
    """The slopes of a formula by its parts, and so by each letter in it.

    Raises values.NoValue where there is none.
    """
    parts = _parts(formula)
    found: dict[Expr, Number] = dict.fromkeys(parts, Fraction(0))
    found[formula] = Fraction(1)
    for part in reversed(parts):
        for place, argument in enumerate(part.args):
            if argument in found:
                slope = multiplied(found[part], _slope(part, place, values))
                found[argument] = added(found[argument], slope)
    return found


def _slope(part: Expr, place: int, values: Values) -> Number:
    """The derivative of a part by one of its arguments."""
    match part:
        case Add():
            return Fraction(1)
        case Mul(args=factors):
            others = (values.of(each) for n, each in enumerate(factors) if n != place)
            return reduce(multiplied, others)
        case Pow(base=base, exp=exponent) if place == 0:
            return multiplied(values.of(exponent), values.of(base ** (exponent - 1)))
        case Function():
            return values.of(part.fdiff(place + 1))
    raise NotImplementedError(f"the slope of {part}")


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
