"""Conditions of a claim, j ≠ y or s_j − s_y + 1 > 0, and 1{…}, which is 1 where they hold."""

from __future__ import annotations

from sympy import And, Eq, Expr, Ge, Gt, Integer, Le, Lt, Mul, Ne, Or
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from gradbook.any_size.letters import range_of, zero
from gradbook.notation import equal, indicator, unequal


def is_about_indices(condition: Expr) -> bool:
    """Whether it is j ≠ y or k = j, rather than a comparison of real numbers."""
    return isinstance(condition, Eq | Ne) and all(
        range_of(side) is not None or side.is_Integer for side in condition.args
    )


def indicator_of(condition: Expr) -> Expr:
    """1{condition}. Raises ValueError for what is not made of comparisons."""
    match condition:
        case Eq() if is_about_indices(condition):
            return equal(*condition.args)
        case Ne() if is_about_indices(condition):
            return unequal(*condition.args)
        case Eq():
            return zero(condition.lhs - condition.rhs)
        case Ne():
            return 1 - zero(condition.lhs - condition.rhs)
        case And():
            return Mul(*map(indicator_of, condition.args))
        case Or():
            return 1 - Mul(*(1 - indicator_of(part) for part in condition.args))
        case Relational():
            return indicator(condition)
        case BooleanAtom():
            return Integer(bool(condition))
    raise ValueError(f"a condition is made of comparisons, not {condition}")


def strict(given: list[Relational]) -> list[list[Relational]]:
    """u ≤ 0 as u < 0 and as u = 0, each a claim of its own."""
    found: list[list[Relational]] = [[]]
    for condition in given:
        parts = [condition]
        if isinstance(condition, Le | Ge):
            open_ = Lt if isinstance(condition, Le) else Gt
            parts = [open_(*condition.args, evaluate=False), Eq(*condition.args, evaluate=False)]
        found = [[*each, part] for each in found for part in parts]
    return found
