"""Regions: one sign, −, 0 or +, for the argument of each kink, and what a formula is there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sympy import Expr, Integer
from sympy.core.relational import Relational

from gradbook.notation import hinge
from gradbook.prove.points import Point, solved_for

#: The signs of u that a relation of it to 0 allows.
SIGNS = {
    ">": {1},
    ">=": {0, 1},
    "<": {-1},
    "<=": {-1, 0},
    "==": {0},
    "!=": {-1, 1},
}


class Undecided(ValueError):
    """Why a claim is neither proved nor refuted, in words."""


@dataclass(frozen=True)
class Found:
    """Whether the claim is proved, in how many regions that was looked at, and where it failed."""

    proved: bool
    regions: int
    failing: tuple[Point, ...] = ()


def with_signs(conditions: Iterable[Relational]) -> list[tuple[Expr, str]]:
    return [(c.lhs - c.rhs, c.rel_op) for c in conditions]


def patterns(
    of: Mapping[Expr, tuple[Any, int]],
    known: Mapping[Any, tuple[int, ...]],
    conditions: Sequence[tuple[Expr, str]],
) -> Iterator[dict[Expr, int]]:
    """A sign for each argument; u and 2u have the same, u and −u opposite ones.

    of: what an argument is a multiple of, and the sign of the multiple. known: signs of these.
    """
    independent = dict.fromkeys(p for p, _ in of.values())
    for chosen in product(*(known.get(p, (1, -1, 0)) for p in independent)):
        signs_of = dict(zip(independent, chosen, strict=True))
        signs = {u: signs_of[p] * leading for u, (p, leading) in of.items()}
        if all(signs[u] in SIGNS[relation] for u, relation in conditions):
            yield signs


def inside(formula: Expr, kinks: Sequence[Expr], signs: Mapping[Expr, int]) -> Expr:
    """The formula in a region: without its kinks."""
    pieces: dict[Expr, Expr] = {}
    for kink in kinks:
        u, at_kink = kink.args
        sign = signs[u]
        if isinstance(kink, hinge):
            pieces[kink] = u.xreplace(pieces) if sign > 0 else Integer(0)
        else:
            pieces[kink] = (Integer(0), at_kink, Integer(1))[sign + 1]
    return formula.xreplace(pieces)


def on_face(formula: Expr, kinks: Sequence[Expr], signs: Mapping[Expr, int]) -> Expr:
    """The formula in a region, what is 0 there solved for a letter that has a number before it."""
    found = inside(formula, kinks, signs)
    for zero in (inside(u, kinks, signs) for u, sign in signs.items() if sign == 0):
        solved = solved_for(zero)
        if solved is not None:
            found = found.xreplace(dict([solved]))
    return found


def is_empty(
    kinks: Sequence[Expr], signs: Mapping[Expr, int], conditions: Sequence[tuple[Expr, str]]
) -> bool:
    """Whether a condition is seen not to hold there: x² > 0 where x = 0."""
    values = ((on_face(u, kinks, signs), relation) for u, relation in conditions)
    return any(
        value.is_Rational and bool(value > 0) - bool(value < 0) not in SIGNS[relation]
        for value, relation in values
    )
