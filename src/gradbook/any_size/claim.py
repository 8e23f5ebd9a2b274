"""A claim about entries, for any C, m and n, and whether it says something at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Real
from typing import Any

from sympy import And, Basic, Expr, Float, Indexed, Pow, sympify, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from gradbook.any_size.letters import (
    CLASSES,
    EXAMPLES,
    FEATURES,
    M,
    Range,
    S,
    W,
    X,
    label,
    range_of,
    s,
    s_prime,
    x,
)
from gradbook.arguments import instance, shown
from gradbook.claim import Relation
from gradbook.notation import equal, unequal, with_equal
from gradbook.prove.expansion import MOST_POWER

#: What each letter is indexed by.
SLOTS: dict[Any, tuple[Range, ...]] = {
    W: (CLASSES, FEATURES),
    x: (FEATURES,),
    X: (EXAMPLES, FEATURES),
    s: (CLASSES,),
    s_prime: (CLASSES,),
    S: (EXAMPLES, CLASSES),
    M: (EXAMPLES, CLASSES),
    label: (EXAMPLES,),
}


@dataclass(frozen=True)
class IndexedClaim:
    """left = right (or left ≥ right), for all values of the indices, wherever `given` holds.

    left, right: formulas of s, x̃, W, y (one example) or S, X̃, W, y_i (many), with class letters
                 a, j, k, features b, c and examples i; ∂f/∂W_ab is `partial(f, W[a, b])`.
    given:       j ≠ y or k = j, between classes; comparisons of a margin with 0. All must hold.

    Raises TypeError for another relation, a side that is no formula, or a condition that is no
    comparison.
    """

    left: Expr
    right: Expr
    given: tuple[Expr, ...] = ()
    relation: Relation = "="

    def __post_init__(self) -> None:
        if self.relation not in ("=", "≥"):
            raise TypeError(f"relation must be = or ≥, not {shown(self.relation)}")
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
    """The first letter whose index is of another kind, in words; "" where each is in its place."""
    for part in claim.parts:
        for letter in _in_order(part, Indexed):
            for index, slot in zip(letter.indices, SLOTS.get(letter.base, ()), strict=False):
                known = range_of(index)
                if known is not None and known != slot:
                    return f"in {letter}, {index} is not a {slot.of}"
        for pair in _in_order(part, equal, unequal):
            kinds = {known.of for term in pair.args if (known := range_of(term)) is not None}
            if len(kinds) > 1:
                return f"{pair} compares a {' with a '.join(sorted(kinds))}"
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
