"""Decides a claim of a page region by region.

Between its kinks a formula of sums, products, max(0, u) and indicators is a polynomial. A region is
one sign, −, 0 or +, for the argument of each kink. If both sides are the same polynomial in every
region that the conditions leave, the claim is proved: also in regions that are empty, which costs
nothing. Defined letters stay letters as long as that is enough; then they are unfolded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from sympy import Expr, Integer

from gradbook.linear import Exhausted
from gradbook.notation import hinge
from gradbook.prove.pages.derivatives import ByPieces, Meaning
from gradbook.prove.pages.points import Sides
from gradbook.prove.pieces import Pieces
from gradbook.regions import Budget, NotAffine, cells, kinks_of, letters_of

_SIGNS = {
    ">": {1},
    ">=": {0, 1},
    "<": {-1},
    "<=": {-1, 0},
    "==": {0},
    "!=": {-1, 1},
}

#: So many regions are gone through for one claim in one case; with more, it is undecided.
REGIONS = 3**9


class Undecided(ValueError):
    """Why a claim is neither proved nor refuted, in words."""


@dataclass(frozen=True)
class Found:
    """Whether the claim is proved, and in how many regions that was looked at."""

    proved: bool
    regions: int


def by_regions(sides: Sides) -> Found:
    """Whether all entries agree in every region. Raises Undecided for what is no polynomial."""
    regions = 0
    for left, right in zip(sides.left, sides.right, strict=True):
        if sides.relation == "=" and left == right:
            continue
        found = _entry(left - right, sides)
        regions += found.regions
        if not found.proved:
            return Found(False, regions)
    return Found(True, regions)


def _entry(difference: Expr, sides: Sides) -> Found:
    conditions = [(c.lhs - c.rhs, c.rel_op) for c in sides.given]
    if sides.relation != "=":
        return _ordered(difference, sides, conditions)
    kinks = _inner_first([difference, *(u for u, _ in conditions)])
    arguments = tuple(
        dict.fromkeys([*(kink.args[0] for kink in kinks), *(u for u, _ in conditions)])
    )
    try:
        pieces = Pieces.of([difference, *arguments], {})
        polynomial = pieces.read(difference)
        read = {u: pieces.read(u) for u in arguments}
    except NotAffine as error:
        raise Undecided(
            "exp, log, √ and quotients are not decided: a counterexample was looked for, none found"
        ) from error
    if not polynomial:
        return Found(True, 0)
    if 3 ** len(arguments) > REGIONS:
        raise Undecided(f"{len(arguments)} kinks have more than {REGIONS:,} regions")
    count = 0
    for signs in _patterns(arguments, conditions):
        count += 1
        if not _vanishes(polynomial, kinks, signs, read, pieces):
            return Found(False, count)
    return Found(True, count)


def _patterns(
    arguments: Sequence[Expr], conditions: Sequence[tuple[Expr, str]]
) -> Iterator[dict[Expr, int]]:
    """A sign for each argument; u and −u have opposite ones."""
    independent = [u for place, u in enumerate(arguments) if -u not in arguments[:place]]
    for chosen in product((1, -1, 0), repeat=len(independent)):
        signs = dict(zip(independent, chosen, strict=True))
        signs |= {u: -signs[-u] for u in arguments if u not in signs}
        if all(signs[u] in _SIGNS[relation] for u, relation in conditions):
            yield signs


def _inner_first(formulas: Sequence[Expr]) -> list[Expr]:
    """The kinks, those inside of others before them."""
    found = dict.fromkeys(kink for formula in formulas for kink in kinks_of(formula))
    return sorted(found, key=lambda kink: len(kinks_of(kink)))


def _vanishes(
    polynomial: Any,
    kinks: Sequence[Expr],
    signs: dict[Expr, int],
    read: dict[Expr, Any],
    pieces: Pieces,
) -> bool:
    """Whether the polynomial is 0 in a region, the equalities of a face used."""
    replaced: list[tuple[Any, Any]] = []
    for kink in kinks:
        u, at_kink = kink.args
        sign = signs[u]
        if isinstance(kink, hinge):
            piece = _composed(read[u], replaced) if sign > 0 else pieces.ring.zero
        else:
            piece = pieces.read((Integer(0), at_kink, Integer(1))[sign + 1])
        replaced.append((pieces.known[kink], piece))
    inside = _composed(polynomial, replaced)
    for u, sign in signs.items():
        if inside and sign == 0:
            inside = _used(inside, _composed(read[u], replaced), pieces)
    return not inside


def _composed(polynomial: Any, replaced: list[tuple[Any, Any]]) -> Any:
    return polynomial.compose(replaced) if polynomial and replaced else polynomial


def _used(inside: Any, zero: Any, pieces: Pieces) -> Any:
    """The polynomial where `zero` = 0, which is solved for a letter that has a number there."""
    for generator in pieces.ring.gens:
        slope = zero.diff(generator)
        if slope and slope.is_ground:
            return inside.compose([(generator, generator - zero.quo_ground(slope.LC))])
    return inside


def _ordered(difference: Expr, sides: Sides, conditions: Sequence[tuple[Expr, str]]) -> Found:
    """left ≥ right, where everything is affine in the letters."""
    forms = [*(kink.args[0] for kink in kinks_of(difference)), *(u for u, _ in conditions)]
    letters = sorted(letters_of(difference).union(*map(letters_of, forms)), key=str)
    count = 0
    try:
        for cell in cells([form.expand() for form in forms], letters, budget=Budget(REGIONS)):
            if any(cell.sign(u.expand()) not in _SIGNS[relation] for u, relation in conditions):
                continue
            count += 1
            restricted = difference.xreplace(
                {k: k.func(k.args[0].expand(), k.args[1]) for k in kinks_of(difference)}
            )
            inside = cell.restrict(restricted).expand()
            if sides.relation == ">" and inside.is_number:
                if not inside > 0:
                    return Found(False, count)
            elif sides.relation == ">" or cell.negative_point(inside) is not None:
                return Found(False, count)
    except NotAffine as error:
        raise Undecided(f"an inequality that is not piecewise affine: {error}") from None
    except Exhausted as error:
        raise Undecided(str(error)) from None
    return Found(True, count)


def derivative_agrees(f: Expr, v: Any, meaning: Meaning) -> bool:
    """Whether the chain rule and the rules written by hand give the same, in every region."""
    given = meaning.unfolded(f)
    if v in meaning.of:
        return True
    ours = meaning.unfolded(meaning.derivative(f, v))
    other = ByPieces(v).of(given)
    return _entry(ours - other, Sides((ours,), (other,), "=", (), 1)).proved
