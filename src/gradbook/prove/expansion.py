"""Products are multiplied out up to a size: SymPy knows no limit, and might not come back."""

from __future__ import annotations

from functools import lru_cache
from math import comb, prod

from sympy import Add, Basic, Expr, Mul, Pow

from gradbook.notation import hinge

#: More terms are not written out, and no higher power is taken.
MOST_TERMS = 10_000
MOST_POWER = 1_000


class TooLarge(ValueError):
    """A formula that has more terms, multiplied out, than are written out."""


class TooHigh(TooLarge):
    """A power that is not even computed."""


def expanded(expr: Expr, *, deep: bool = True) -> Expr:
    """The formula, multiplied out; `deep`: inside of functions too. Raises TooLarge."""
    terms(expr)
    return expr.expand(deep=deep)


@lru_cache(maxsize=100_000)
def terms(expr: Basic) -> int:
    """How many terms the formula has at most, multiplied out, max(0, u) being u.

    Raises TooLarge above MOST_TERMS.
    """
    inside = [terms(part) for part in expr.args]
    match expr:
        case Add():
            return at_most(sum(inside))
        case Mul():
            return at_most(prod(inside))
        case Pow() if expr.exp.is_Integer and expr.exp > 0:
            return at_most(comb(inside[0] + power(expr) - 1, power(expr)))
        case hinge():
            return inside[0]
    return 1


def power(expr: Pow) -> int:
    """The exponent of a power that is a whole number > 0. Raises TooHigh above MOST_POWER."""
    if expr.exp > MOST_POWER:
        raise TooHigh(f"a power with an exponent of more than {MOST_POWER:,}")
    return int(expr.exp)


def at_most(count: int) -> int:
    """The count. Raises TooLarge where it is more than MOST_TERMS."""
    if count > MOST_TERMS:
        raise TooLarge(f"multiplied out, it has more than {MOST_TERMS:,} terms")
    return count
