"""A claim about entries, for any size, and whether it says something at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal, get_args

from sympy import And, Basic, Expr, Float, Indexed, Pow, sympify, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from gradbook.any_size.letters import range_of
from gradbook.arguments import instance, shown
from gradbook.notation import equal, unequal, with_equal
from gradbook.prove.expansion import MOST_POWER

#: What relates the two sides of a claim.
Sign = Literal["=", "≥", ">"]


@dataclass(frozen=True)
class IndexedClaim:
    """left = right (or ≥, or >), for all values of the indices, wherever `given` holds.

    left, right: formulas of letters with indices, those of a loss of scores or a page's own;
                 ∂f/∂W_ab is `partial(f, W[a, b])`.
    given:       j ≠ y or k = j, between indices; comparisons of a margin with 0. All must hold.

    Raises TypeError for another relation, a side that is no formula, or a condition that is no
    comparison.
    """

    left: Expr
    right: Expr
    given: tuple[Expr, ...] = ()
    relation: Sign = "="

    def __post_init__(self) -> None:
        if self.relation not in get_args(Sign):
            raise TypeError(f"relation must be =, ≥ or >, not {shown(self.relation)}")
        for name in ("left", "right"):
            object.__setattr__(self, name, _formula(name, getattr(self, name)))
        object.__setattr__(self, "given", tuple(_conditions(self.given)))

    @property
    def parts(self) -> tuple[Expr, ...]:
        return (self.left, self.right, *self.given)


def _formula(name: str, side: Any) -> Expr:
    instance(name, side, (Expr, Real), "one formula")
    return with_equal(sympify(side))


def _conditions(given: Any) -> Iterator[Expr]:
    """The conditions one by one; what holds anyway is left out."""
    for condition in given if isinstance(given, tuple | list) else (given,):
        instance("given", condition, (Basic, bool), "comparisons")
        for part in And.make_args(sympify(condition)):
            if part != true:
                instance("given", part, (Relational, BooleanAtom), "comparisons")
                yield with_equal(part)


def misplaced(claim: IndexedClaim) -> str:
    """The first letter whose index is of another range, in words; "" where each is in its place."""
    for part in claim.parts:
        for letter in _in_order(part, Indexed):
            for index, size in zip(letter.indices, letter.shape or (), strict=False):
                known = range_of(index)
                if known is not None and known.size != size:
                    return f"in {letter}, {index} is one of {known.size}, not of {size}"
        for pair in _in_order(part, equal, unequal):
            sizes = {str(known.size) for term in pair.args if (known := range_of(term)) is not None}
            if len(sizes) > 1:
                return f"{pair} compares one of {' with one of '.join(sorted(sizes))}"
    return ""


def inexact(claim: IndexedClaim) -> str:
    """The first number that is not exact or not real, or power that is too high, in words; "" where
    there is none.
    """
    for part in claim.parts:
        for high in _in_order(part, Pow):
            if high.exp.is_Integer and abs(high.exp) > MOST_POWER:
                return f"the exponent {high.exp} is more than {MOST_POWER:,}"
        for number in _in_order(part, Float):
            return f"{float(number):g} is not exact: write it as a Rational"
        for number in part.atoms():
            if number.is_number and not (number.is_real and number.is_finite):
                return f"{number} is not a real number"
    return ""


def _in_order(part: Basic, *kinds: type) -> list[Any]:
    return sorted(part.atoms(*kinds), key=str)
