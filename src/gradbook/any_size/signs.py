"""What is above 0, or not below it, by its parts: e^u > 0, u² ≥ 0, a sum of what is above 0.

False says nothing.
"""

from __future__ import annotations

from sympy import Add, Expr, Indexed, Mul, Piecewise, Pow, Sum, Symbol
from sympy import exp as e_to

from gradbook.any_size.binding import definition_of, free, meaning_of, nested
from gradbook.any_size.inverses import det
from gradbook.any_size.largest import chosen
from gradbook.any_size.letters import is_size, least_of, range_between, zero
from gradbook.notation import equal, hinge, step, unequal


def is_above(u: Expr, *, strictly: bool) -> bool:
    """Whether it is seen from its parts to be > 0, or else ≥ 0, wherever it has a value."""
    if u.is_number:
        return bool(u > 0 if strictly else u >= 0)
    if all(map(is_size, free(u))) and u.is_rational_function() and not u.has(Sum):
        return _is_above_of_sizes(u, strictly=strictly)
    match u:
        case Indexed() | Symbol():
            meaning = meaning_of(u) if definition_of(u) else None
            known = u.is_positive if strictly else u.is_nonnegative
            return bool(known) or (meaning is not None and is_above(meaning, strictly=strictly))
        case e_to():
            return True
        case Add():
            some = not strictly or any(is_above(term, strictly=True) for term in u.args)
            return some and all(is_above(term, strictly=False) for term in u.args)
        case Mul():
            return _is_product_above(u, strictly=strictly)
        case Pow():
            above = is_above(u.base, strictly=strictly)
            even = u.exp.is_even and not strictly
            root = u.exp.is_Rational and not u.exp.is_Integer and not strictly
            return bool(even or root or above)
        case Sum():
            summand, _, first, last = nested(u)
            known = range_between(first, last)
            enough = not strictly or (known is not None and known.least > 0)
            return enough and is_above(summand, strictly=strictly)
        case Piecewise():
            return all(is_above(value, strictly=strictly) for value, _ in u.args)
        case hinge():
            return not strictly or is_above(u.args[0], strictly=True)
        case det():
            return bool(u.is_positive)
        case equal() | unequal() | step() | zero() | chosen():
            return not strictly
    return False


def _is_product_above(u: Expr, *, strictly: bool) -> bool:
    sign = 1
    for factor in u.args:
        if factor.is_number:
            sign *= 1 if factor > 0 else -1
        elif not is_above(factor, strictly=strictly):
            return False
    return sign > 0


def _is_above_of_sizes(u: Expr, *, strictly: bool) -> bool:
    """A formula of sizes: with n = 2 + n′ for n ≥ 2, no number in it is negative."""
    above, below = u.as_numer_denom()
    if below != 1:
        return is_above(below, strictly=True) and is_above(above, strictly=strictly)
    sizes = {size: size + least_of(size) for size in free(u)}
    poly = u.xreplace(sizes).as_poly(*sizes) if sizes else None
    if poly is None:
        return False
    constant = poly.coeff_monomial((0,) * len(sizes))
    return all(number >= 0 for number in poly.coeffs()) and bool(not strictly or constant > 0)
