"""Decides a claim region by region.

Inside one region every hinge is u or 0 and every indicator 1 or 0, so both sides are polynomials in
W, x̃ and s. Because x̃₀ = 1, the bias weights can be exchanged for the scores, W_j0 = s_j −
Σ_{b≥1} W_jb x_b: the scores become free coordinates, and a region, faces included, is cut out of
them by linear conditions alone. A polynomial vanishes on such a region only if, once the region's
equalities are used, all of its coefficients are 0. That decides every claim of this kind; where one
is false, a point of the region at which the polynomial is not 0 is the counterexample.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from sympy import Expr, Integer, Symbol, false, true
from sympy.core.relational import (
    Equality,
    GreaterThan,
    LessThan,
    Relational,
    StrictGreaterThan,
    StrictLessThan,
    Unequality,
)
from sympy.polys.polyerrors import CoercionFailed

from gradbook.case import Case
from gradbook.derivation import Claim, Proof
from gradbook.notation import hinge, partial, step
from gradbook.prove.derivatives import Batch, disagreement, without_partials
from gradbook.prove.witness import counterexample, counterexample_of_shape, search
from gradbook.regions import Cell, NotAffine, cells, forms_of

METHOD = "region by region"
PROVED = Proof("proved", METHOD)

_SIGNS = {
    StrictGreaterThan: {1},
    GreaterThan: {0, 1},
    StrictLessThan: {-1},
    LessThan: {-1, 0},
    Equality: {0},
    Unequality: {-1, 1},
}


def prove_by_regions(claim: Claim, case: Case) -> Proof:
    """Proved, refuted with a counterexample, or undecided with a reason: for this C, m and y."""
    batch = claim.batch or (case,)
    if claim.left.shape != claim.right.shape:
        left, right = (" × ".join(map(str, side.shape)) for side in (claim.left, claim.right))
        reason = f"the left side is {left}, the right side {right}"
        return Proof("refuted", METHOD, "", reason, counterexample_of_shape(claim, batch))
    given = [condition for condition in claim.given if condition != true]
    if false in given:
        return Proof("undecided", METHOD, reason="its conditions never hold")
    try:
        if given and not any(True for _ in _regions(Integer(0), _conditions(given, batch), batch)):
            reason = f"its conditions never hold together: {', '.join(map(str, given))}"
            return Proof("undecided", METHOD, reason=reason)
        problem = _derivatives_disagree(claim, batch)
        if problem:
            return Proof("undecided", METHOD, reason=problem)
        for entry in product(*map(range, claim.left.shape)):
            found = _decide_entry(claim, entry, given, batch)
            if found is not PROVED:
                return found
    except (NotAffine, CoercionFailed) as error:
        return Proof("undecided", METHOD, reason=f"not piecewise polynomial: {error}")
    return PROVED


def _derivatives_disagree(claim: Claim, batch: Batch) -> str | None:
    wanted: dict[Expr, dict[Symbol, None]] = {}
    for entry in [*claim.left, *claim.right]:
        for f, v in (atom.args for atom in entry.atoms(partial)):
            wanted.setdefault(f, {})[v] = None
    found = (
        disagreement(in_scores(f, batch), tuple(variables), batch)
        for f, variables in wanted.items()
    )
    return next((problem for problem in found if problem), None)


def in_scores(expr: Expr, batch: Batch) -> Expr:
    """`expr` with the bias weights exchanged for the scores, where one example gives them."""
    if len(batch) > 1 or not (case := batch[0]).W.free_symbols & expr.free_symbols:
        return expr
    exchanged = expr.xreplace(
        {
            case.W[a, 0]: case.s[a] - (product_ - case.W[a, 0])
            for a, product_ in enumerate(case.products.values())
        }
    )
    return exchanged.replace(
        lambda part: isinstance(part, hinge | step),
        lambda part: part.func(part.args[0].expand(), part.args[1]),
    )


def _decide_entry(
    claim: Claim, entry: tuple[int, int], given: Sequence[Relational], batch: Batch
) -> Proof:
    left = without_partials(claim.left[entry], batch)
    right = without_partials(claim.right[entry], batch)
    difference = left - right
    if difference == 0 or (difference := in_scores(difference, batch).expand()) == 0:
        return PROVED
    if len(batch) > 1:
        return _search_batch(claim, entry, (left, right), batch)
    for cell in _regions(difference, _conditions(given, batch), batch):
        if claim.relation == "=":
            false_here = cell.restrict(difference).expand() != 0
        else:
            least = cell.minimum(cell.restrict(difference))
            false_here = least is None or least < 0
        if false_here:
            witness = counterexample(claim, entry, (left, right), cell, batch)
            if witness is None:
                return Proof("undecided", METHOD, reason="no rational point found in the region")
            return Proof("refuted", METHOD, counterexample=witness)
    return PROVED


def _conditions(given: Sequence[Relational], batch: Batch) -> list[Relational]:
    """u > 0 for each condition a > b, with u in the scores."""
    return [
        condition.func(in_scores(condition.lhs - condition.rhs, batch).expand(), 0, evaluate=False)
        for condition in given
    ]


def _regions(difference: Expr, conditions: Sequence[Relational], batch: Batch) -> Iterator[Cell]:
    """The cells, of the kinks that matter here, in which all conditions hold."""
    forms = [*forms_of(difference), *(condition.lhs for condition in conditions)]
    coordinates = [*batch[0].s, *batch[0].s_prime]
    for cell in cells(forms, coordinates):
        if all(cell.sign(c.lhs) in _SIGNS[type(c)] for c in conditions):
            yield cell


def _search_batch(
    claim: Claim, entry: tuple[int, int], sides: tuple[Expr, Expr], batch: Batch
) -> Proof:
    """Several examples share W, so their regions are not free of one another: search instead."""
    witness = search(claim, entry, sides, batch)
    if witness is not None:
        return Proof("refuted", METHOD, counterexample=witness)
    return Proof(
        "undecided", METHOD, reason="the two sides are written differently, no point tells"
    )
