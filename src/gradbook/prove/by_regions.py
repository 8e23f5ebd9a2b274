"""Decides a claim region by region.

Between its kinks a formula of sums, products, max(0, u) and indicators is a polynomial. A region is
one sign, −, 0 or +, for the argument of each kink. If both sides are the same polynomial in every
region that the conditions leave, the claim is proved: also in regions that are empty, which costs
nothing. Where they are not, and every argument is affine, the regions that are there decide.
Defined letters, such as scores, stay letters as long as that is enough; then they are unfolded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from sympy import Add, Expr, Integer, Mul, Pow, Rational, Symbol

from gradbook.linear import Budget, Exhausted
from gradbook.notation import hinge
from gradbook.page.stated import Need, Stated
from gradbook.proof import Proof
from gradbook.prove.derivatives import ByPieces, Meaning, NotClear, meaning_of, partials_of
from gradbook.prove.domains import condition, to_be_stated, written
from gradbook.prove.expansion import TooHigh, TooLarge, expanded, power, terms
from gradbook.prove.in_field import in_field
from gradbook.prove.patterns import SIGNS, Found, Undecided, patterns, with_signs
from gradbook.prove.pieces import Pieces
from gradbook.prove.points import FEW, SPARSE, Case, Point, Sides, can_hold, search
from gradbook.prove.values import as_fraction
from gradbook.regions import (
    Cell,
    NotAffine,
    cells,
    forms_of,
    kinks_of,
    letters_of,
    values_of,
)

METHOD = "region by region"


#: So many regions are gone through for one entry of a claim; with more, it is undecided.
REGIONS = 3**9

#: Said of a claim in a case in which no point was found at which its conditions hold.
NEVER = "its conditions never hold together"


def decide_by_regions(stated: Stated, case: Case, budget: int = REGIONS) -> Proof:
    """Proved, refuted with a point, or undecided with a reason.

    budget: how many regions may be gone through for an entry; with more, it is undecided.
    """
    meaning = meaning_of(stated.meant)
    try:
        needs = needs_of(stated, meaning)
        folded, sides = (sides_of(stated, meaning, unfold, needs) for unfold in (False, True))
        require_low_powers(sides)
    except (NotClear, TooHigh) as error:
        return Proof("undecided", METHOD, reason=str(error))
    reason, exhausted, found = "", False, Found(False, 0)
    failing: tuple[Point, ...] = ()
    try:
        reason = _derivatives(stated, meaning, budget)
        found = by_regions(folded, budget)
        failing = found.failing
        if not found.proved and folded != sides:
            found = by_regions(sides, budget)
        if found.proved and not reason:
            if not can_hold(sides):
                return Proof("undecided", METHOD, reason=NEVER, vacuous=True)
            # Nothing is proved by polynomials alone: it is also computed at a few points.
            witness = search(sides, case, attempts=FEW, every=SPARSE)
            if witness is not None:
                return Proof("refuted", METHOD, counterexample=witness)
            where = tuple(dict.fromkeys(map(written, needs)))
            return Proof("proved", METHOD, regions=found.regions, where=where)
        reason = reason or "the two sides are written differently, and no point tells them apart"
    except (NotClear, Undecided, TooLarge) as error:
        reason = str(error)
    except Exhausted as error:
        reason, exhausted = str(error), True
    witness = search(sides, case, (*failing, *found.failing), meaning.unfolded)
    if witness is not None:
        return Proof("refuted", METHOD, counterexample=witness)
    if not can_hold(sides):
        return Proof("undecided", METHOD, reason=NEVER, vacuous=True)
    return Proof("undecided", METHOD, reason=reason, exhausted=exhausted)


def decide_by_points(stated: Stated, case: Case) -> Proof:
    """Refuted, or undecided: a few points are looked at, and no region."""
    try:
        meaning = meaning_of(stated.meant)
        sides = sides_of(stated, meaning, True, needs_of(stated, meaning))
        require_low_powers(sides)
    except (NotClear, TooHigh) as error:
        return Proof("undecided", "at points", reason=str(error))
    witness = search(sides, case, attempts=FEW)
    if witness is not None:
        return Proof("refuted", "at points", counterexample=witness)
    return Proof("undecided", "at points", reason="no point refutes it")


def needs_of(stated: Stated, meaning: Meaning) -> tuple[Need, ...]:
    """What has to be stated so that all of the claim has a value. Raises NotClear."""
    return to_be_stated(stated.needs, stated.given, _worked(meaning, unfold=True))


def sides_of(stated: Stated, meaning: Meaning, unfold: bool, needs: Iterable[Need] = ()) -> Sides:
    """The claim without derivatives and, unfolded, in the given letters alone.

    Raises NotClear.
    """
    worked = _worked(meaning, unfold)
    given = tuple(c.func(worked(c.lhs - c.rhs), 0, evaluate=False) for c in stated.given)
    left, right = (tuple(map(worked, side)) for side in (stated.left, stated.right))
    domain = tuple(condition(need, worked) for need in needs)
    return Sides(left, right, stated.relation, given, stated.left.cols, domain)


def _worked(meaning: Meaning, unfold: bool) -> Callable[[Expr], Expr]:
    def worked(part: Expr) -> Expr:
        found = meaning.worked_out(part)
        return meaning.unfolded(found) if unfold else found

    return worked


def require_low_powers(sides: Sides) -> None:
    """Raises TooHigh for a power that is too high to be computed at a point."""
    for part in (*sides.left, *sides.right, *(c.lhs for c in sides.given)):
        for each in part.atoms(Pow):
            if each.exp.is_Integer and each.exp > 0:
                power(each)


def by_regions(sides: Sides, budget: int = REGIONS) -> Found:
    """Whether all entries agree in every region. Raises Undecided for what is no polynomial, and
    Exhausted.
    """
    regions = 0
    for left, right in zip(sides.left, sides.right, strict=True):
        if sides.relation == "=" and left == right:
            continue
        found = _entry(left - right, sides, budget)
        regions += found.regions
        if not found.proved:
            return Found(False, regions, found.failing)
    return Found(True, regions)


def _entry(difference: Expr, sides: Sides, budget: int) -> Found:
    conditions = with_signs(sides.given)
    kinks = _inner_first([difference, *(u for u, _ in conditions)])
    arguments = tuple(
        dict.fromkeys([*(kink.args[0] for kink in kinks), *(u for u, _ in conditions)])
    )
    if sides.relation != "=":
        return _inequality(difference, kinks, arguments, sides, budget)
    for part in (difference, *arguments):
        terms(part)
    try:
        pieces = Pieces.of([difference, *arguments], {})
        polynomial = pieces.read(difference)
        read = {u: pieces.read(u) for u in arguments}
    except NotAffine:
        return in_field(difference, "=", kinks, arguments, sides, budget)
    if not polynomial:
        return Found(True, 0)
    spent = Budget(budget)
    count = 0
    of = {u: (polynomial.monic(), _leading(polynomial)) for u, polynomial in read.items()}
    known = {p: (1,) if p else (0,) for p, _ in of.values() if p.is_ground}
    for signs in patterns(of, known, conditions):
        spent.spend()
        count += 1
        if not _vanishes(polynomial, kinks, signs, read, pieces):
            try:  # the region may be empty
                return _in_cells(difference, "=", conditions, budget)
            except (Undecided, TooLarge):
                return Found(False, count)
    return Found(True, count)


def _inequality(
    difference: Expr, kinks: Sequence[Expr], arguments: Sequence[Expr], sides: Sides, budget: int
) -> Found:
    conditions = with_signs(sides.given)
    found = None
    try:
        found = _in_cells(difference, sides.relation, conditions, budget)
    except (Undecided, TooLarge):
        found = None
    if found is not None and found.proved:
        return found
    other = in_field(difference, sides.relation, kinks, arguments, sides, budget)
    if not other.proved and found is None:
        raise Undecided("no reason is seen why it should hold")
    return other if other.proved else found or other


def _leading(polynomial: Any) -> int:
    return -1 if polynomial and polynomial.LC < 0 else 1


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


def _in_cells(
    difference: Expr, relation: str, conditions: Sequence[tuple[Expr, str]], budget: int
) -> Found:
    """left = right, or left ≥ right, where every kink is at the zeros of an affine form: then the
    regions that are there can be told from those that are empty, and have points.
    """
    kinks = {k: k.func(expanded(k.args[0]), k.args[1]) for k in kinks_of(difference)}
    difference = difference.xreplace(kinks)
    given = [(expanded(u), relation_of) for u, relation_of in conditions]
    declared = letters_of(difference).union(*(letters_of(u) for u, _ in given))
    given += [(t, ">=" if t.is_zero is None else ">") for t in declared if t.is_nonnegative]
    signed = [u for u, _ in given]
    forms = [*forms_of(difference, *signed), *(f for u in signed for f in values_of(u))]
    of = forms if relation == "=" else [*forms, difference]
    letters = sorted(frozenset().union(*map(letters_of, of)), key=str)
    pieces = Pieces.of([difference, *letters], {})
    count = 0
    try:
        for cell in cells(forms, letters, budget=Budget(budget)):
            if any(cell.sign(cell.inside(u)) not in SIGNS[relation_of] for u, relation_of in given):
                continue
            count += 1
            failing = _failing(difference, relation, cell, pieces)
            if failing is not None:
                points = [{t: as_fraction(v) for t, v in p.items()} for p in islice(failing, 3)]
                return Found(False, count, tuple(points))
    except NotAffine as error:
        named: dict[Expr, Symbol] = {}
        given = [(_with_names(u, named), relation_of) for u, relation_of in conditions]
        other = _with_names(difference, named)
        if named and _in_cells(other, relation, given, budget).proved:
            return Found(True, count)
        raise Undecided(f"not piecewise affine: {error}") from None
    return Found(True, count)


def _with_names(formula: Expr, named: dict[Expr, Symbol]) -> Expr:
    """The formula with a letter for each product of letters: what holds for all values of these
    letters holds for the products.
    """
    if kinks_of(formula) and not isinstance(formula, Add | Mul):
        return formula.func(*(_with_names(part, named) for part in formula.args))
    found = Integer(0)
    for term in Add.make_args(expanded(formula)):
        number, factors = term.as_coeff_Mul()
        kinks = [part for part in Mul.make_args(factors) if kinks_of(part)]
        rest = factors / Mul(*kinks)
        if not (rest.is_Symbol or rest == 1):
            rest = named.setdefault(rest, Symbol(f"product {len(named)}", real=True))
        found += number * rest * Mul(*(_with_names(kink, named) for kink in kinks))
    return found


def _failing(
    difference: Expr, relation: str, cell: Cell, pieces: Pieces
) -> Iterable[Mapping[Symbol, Rational]] | None:
    """Points of the cell that may show that the claim is false there; None where it is true."""
    if relation == "=":
        return cell.points() if pieces.inside(difference, pieces.region(cell)) else None
    point = cell.negative_point(expanded(cell.restrict(difference)), or_zero=relation == ">")
    return None if point is None else [point]


def _derivatives(stated: Stated, meaning: Meaning, budget: int) -> str:
    """Which derivative two ways find differently; "" for none."""
    found = map(partials_of, (*stated.left, *stated.right))
    in_order = (sorted(each, key=str) if len(each) > 1 else each for each in found)
    for f, v in dict.fromkeys(atom.args for each in in_order for atom in each):
        if not partials_of(f) and not derivative_agrees(f, v, meaning, budget):
            return f"two ways to work out ∂/∂{v} differ"
    return ""


def derivative_agrees(f: Expr, v: Any, meaning: Meaning, budget: int = REGIONS) -> bool:
    """Whether the chain rule and the rules written by hand give the same, in every region."""
    if v in meaning.of or (f, v) in meaning.agreed:
        return True
    ours = meaning.unfolded(meaning.derivative(f, v))
    other = ByPieces(v).of(meaning.unfolded(f))
    agree = _entry(ours - other, Sides((ours,), (other,), "=", (), 1), budget).proved
    if agree:
        meaning.agreed.add((f, v))
    return agree
