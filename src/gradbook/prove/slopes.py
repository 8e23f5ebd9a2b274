"""Where the slopes of a formula change: the borders between its pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sympy import Eq, Expr, Ne, Symbol, true
from sympy.core.relational import Relational

from gradbook.notation import step
from gradbook.prove.smt import IN_PIECES, degree, pieces_of


def no_kink_between(kinks: Iterable[Expr], to: Mapping[Symbol, Expr]) -> tuple[Relational, ...]:
    """Every u keeps strictly to one side of 0, at s′ = `to` the same as at s."""
    conditions: list[Relational] = []
    for u in kinks:
        there = u.xreplace(to)
        conditions += [Ne(u, 0, evaluate=False), Ne(there, 0, evaluate=False)]
        conditions.append(Eq(step(u), step(there), evaluate=False))
    return tuple(conditions)


def borders_of(*formulas: Expr) -> tuple[Expr, ...]:
    """The expressions at whose zeros a formula passes from one piece to another."""
    return tuple(dict.fromkeys(u for expr in formulas for u in _borders(expr)))


def _borders(expr: Expr) -> Iterator[Expr]:
    for condition, value in pieces_of(expr) or ():
        if condition != true:
            yield condition.lhs - condition.rhs
            yield from _borders(condition.lhs - condition.rhs)
        yield from _borders(value)
    for part in expr.args:
        yield from _borders(part)


def is_affine_in_pieces(expr: Expr) -> bool:
    """Whether every piece is affine, and no kink has a kink itself."""
    return degree(expr) in (0, 1) and not any(u.has(*IN_PIECES) for u in borders_of(expr))
