"""A claim with exp, log, roots or quotients, region by region: as quotients of polynomials."""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Expr

from gradbook.linear import Budget
from gradbook.prove.domains import by_form
from gradbook.prove.field import Field, NotInField
from gradbook.prove.patterns import Found, Undecided, is_empty, on_face, patterns, with_signs
from gradbook.prove.points import Sides
from gradbook.regions import kinks_of


def in_field(
    difference: Expr,
    relation: str,
    kinks: Sequence[Expr],
    arguments: Sequence[Expr],
    sides: Sides,
    budget: int,
) -> Found:
    """left = right, ≥ or >, with exp, log, roots or quotients: as quotients of polynomials."""
    spent, count, everywhere = Budget(budget), 0, with_signs(sides.conditions)
    positive = [u for u, relation_of in everywhere if relation_of == ">" and not kinks_of(u)]
    try:
        if _is_seen(relation, difference, positive):
            return Found(True, 0)
        field = Field()
        of = {u: field.multiple(u) for u in arguments}
        for signs in patterns(of, {}, with_signs(sides.given)):
            spent.spend()
            if is_empty(kinks, signs, everywhere):
                continue
            count += 1
            if not _is_seen(relation, on_face(difference, kinks, signs), positive):
                return Found(False, count)
    except (NotInField, ZeroDivisionError) as error:
        raise Undecided(str(error)) from error
    return Found(True, count)


def _is_seen(relation: str, difference: Expr, positive: Sequence[Expr]) -> bool:
    """Whether difference relation 0, wherever it has a value. positive: what is > 0."""
    field = Field(positive)
    if relation == "=":
        return field.vanishes(difference)
    if by_form(difference, relation, dict.fromkeys(positive, ">")):
        return True
    return (field.is_positive if relation == ">" else field.is_nonnegative)(difference)
