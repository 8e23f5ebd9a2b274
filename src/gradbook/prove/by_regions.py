"""Decides a claim region by region.

Inside one region every hinge is u or 0 and every indicator 1 or 0, so both sides are polynomials in
W, x̃ and s. Because x̃₀ = 1, the bias weights can be exchanged for the scores, W_j0 = s_j −
Σ_{b≥1} W_jb x_b: the scores become free coordinates, and a region, faces included, is cut out of
them by linear conditions alone. A polynomial vanishes on such a region only if, once the region's
equalities are used, all of its coefficients are 0. That decides every claim of this kind; where one
is false, a point of the region at which the polynomial is not 0 is the counterexample.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import chain

from sympy import Add, Expr, Integer, Symbol, false, true
from sympy.core.relational import (
    Equality,
    GreaterThan,
    LessThan,
    Relational,
    StrictGreaterThan,
    StrictLessThan,
    Unequality,
)
from sympy.logic.boolalg import Boolean

from gradbook.case import Case
from gradbook.derivation import Claim, Proof
from gradbook.linear import Exhausted
from gradbook.prove.derivatives import (
    REGIONS,
    Batch,
    by_chain_rule,
    disagreement,
    mentioned,
    partials_of,
    products,
    unlabelled,
)
from gradbook.prove.expansion import TooLarge, expanded
from gradbook.prove.pieces import Pieces
from gradbook.prove.scope import why_not
from gradbook.prove.witness import (
    Values,
    can_hold,
    counterexample,
    counterexample_of_shape,
    search,
)
from gradbook.regions import (
    Budget,
    Cell,
    NotAffine,
    cells,
    forms_of,
    kinks_of,
    letters_of,
)

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


def prove_by_regions(claim: Claim, case: Case, *, budget: int = REGIONS) -> Proof:
    """Proved, refuted with a counterexample, or undecided with a reason: for this C, m and y.

    budget: how many regions may be gone through, for all entries together, and for a derivative; a
            claim that has more of them is undecided.
    """
    regions = Budget(budget)
    batch = claim.batch or (case,)
    if claim.left.shape != claim.right.shape:
        left, right = (" × ".join(map(str, side.shape)) for side in (claim.left, claim.right))
        reason = f"the left side is {left}, the right side {right}"
        return Proof("refuted", METHOD, "", reason, counterexample_of_shape(claim, batch))
    try:
        problem = why_not(claim, batch)
        problem = problem or _never(claim, batch, regions) or _disagreement(claim, batch, budget)
        if problem:
            return _undecided(problem)
        rows, columns = claim.left.shape
        entries = ((a, b) for a in range(rows) for b in range(columns))
        found = (_decide_entry(claim, entry, batch, regions) for entry in entries)
        return next((proof for proof in found if proof is not PROVED), PROVED)
    except Exhausted as error:
        return replace(_undecided(str(error)), exhausted=True)
    except TooLarge as error:
        return _undecided(str(error))
    except NotAffine as error:
        return _undecided(f"not piecewise polynomial: {error}")


def _undecided(reason: str) -> Proof:
    return Proof("undecided", METHOD, reason=reason)


def _never(claim: Claim, batch: Batch, budget: Budget) -> str | None:
    """That the conditions hold nowhere: a claim under such conditions says nothing."""
    if not claim.given:
        return None
    conditions = _conditions(claim.given, batch)
    regions = _regions(Integer(0), claim, batch, budget)
    possible = false not in conditions and any(True for _ in regions)
    free = len(batch) == 1 and all(letters_of(c) <= _coordinates(batch).keys() for c in conditions)
    if possible and (free or can_hold(claim, batch)):
        return None
    return f"its conditions never hold together: {', '.join(map(str, claim.given))}"


def _disagreement(claim: Claim, batch: Batch, most: int) -> str | None:
    """Where the two ways to work out a derivative differ, in words."""
    wanted: dict[Expr, dict[Symbol, None]] = {}
    for entry in [*claim.left, *claim.right]:
        for f, v in (atom.args for atom in partials_of(entry)):
            wanted.setdefault(f, {})[v] = None
    found = (disagreement(in_scores(f, batch), tuple(vs), batch, most) for f, vs in wanted.items())
    return next(filter(None, found), None)


def in_scores(expr: Expr, batch: Batch) -> Expr:
    """`expr` with the bias weights exchanged for the scores, where one example gives them."""
    if len(batch) > 1:
        return expr
    exchange = _exchange(unlabelled(batch)[0])
    if exchange.keys().isdisjoint(letters_of(expr)):
        return expr
    exchanged = expr.xreplace(exchange)
    return exchanged.xreplace(
        {atom: atom.func(expanded(atom.args[0]), atom.args[1]) for atom in kinks_of(exchanged)}
    )


@lru_cache(maxsize=1024)
def _exchange(case: Case) -> Mapping[Symbol, Expr]:
    """W_j0 ↦ s_j − Σ_{b≥1} W_jb x_b."""
    return {
        case.W[a, 0]: score - (product - case.W[a, 0])
        for a, (score, product) in enumerate(case.products.items())
    }


def _worked_out(side: Expr, batch: Batch) -> Expr:
    """One side, without derivatives: of that form of each f whose derivatives were compared."""
    atoms = partials_of(side)
    return side.xreplace(
        {atom: by_chain_rule(in_scores(atom.args[0], batch), atom.args[1], batch) for atom in atoms}
    )


def _decide_entry(claim: Claim, entry: tuple[int, int], batch: Batch, budget: Budget) -> Proof:
    left, right = (_worked_out(side[entry], batch) for side in (claim.left, claim.right))
    difference = left - right
    if difference == 0 or (difference := expanded(in_scores(difference, batch))) == 0:
        return PROVED
    failing = _failing_points if len(batch) == 1 else _failing_points_of_batch
    found = failing(difference, claim, batch, budget)
    if found is None:
        return PROVED
    example, points = found
    witness = counterexample(claim, entry, (left, right), points, batch, example)
    if witness is None and len(batch) > 1:
        witness = search(claim, entry, (left, right), batch)
    if witness is None:
        return _undecided("the two sides are written differently, and no point tells them apart")
    return Proof("refuted", METHOD, counterexample=witness)


def _failing_points_of_batch(
    difference: Expr, claim: Claim, batch: Batch, budget: Budget
) -> tuple[Case, Iterable[Values]] | None:
    """As below, with the scores of each example free: what holds even so is proved. Because the
    examples share W, what fails then may hold after all, and the points returned need not tell.
    """
    if claim.relation == "≥":
        return batch[0], ()
    rest = Integer(0)
    for group, part in _by_example(difference, batch):
        first = next(_regions(part, claim, group, budget))
        same_everywhere = first.restrict(part)
        found = _failing_points(part - same_everywhere, claim, group, budget)
        if found is not None:
            example, points = found
            return example, chain(points, first.points())
        rest += same_everywhere
    return None if expanded(rest.xreplace(products(batch))) == 0 else (batch[0], ())


def _by_example(difference: Expr, batch: Batch) -> Iterable[tuple[Batch, Expr]]:
    """The terms of each example; all terms together where a term mixes the scores of two."""
    found: dict[Batch, list[Expr]] = {}
    for term in Add.make_args(difference):
        found.setdefault(mentioned(term, batch), []).append(term)
    if any(len(group) > 1 for group in found):
        return [(batch, difference)]
    return [(group, Add(*terms)) for group, terms in found.items()]


def _failing_points(
    difference: Expr, claim: Claim, batch: Batch, budget: Budget
) -> tuple[Case, Iterable[Values]] | None:
    """Scores of the first region in which `difference` is not 0 (or not ≥ 0), if there is one."""
    pieces = Pieces.of([difference, *(c.lhs for c in _conditions(claim.given, batch))], {})
    for cell in _regions(difference, claim, batch, budget):
        if claim.relation == "≥":
            point = cell.negative_point(cell.restrict(difference))
            if point is not None:
                return batch[0], [point]
        elif pieces.inside(difference, pieces.region(cell)) != 0:
            return batch[0], cell.points()
    return None


def _regions(difference: Expr, claim: Claim, batch: Batch, budget: Budget) -> Iterator[Cell]:
    """The cells, of the kinks that matter here, in which the conditions on these scores hold."""
    coordinates = _coordinates(batch)
    conditions = [c for c in _conditions(claim.given, batch) if letters_of(c) <= coordinates.keys()]
    forms = [*forms_of(difference), *(form for c in conditions for form in _borders(c.lhs))]
    for cell in cells(forms, tuple(coordinates), budget=budget):
        if all(_sign(c.lhs, cell) in _SIGNS[type(c)] for c in conditions):
            yield cell


def _borders(u: Expr) -> tuple[Expr, ...]:
    """Where the sign of one side of a condition can change."""
    return forms_of(u) or (u,)


def _sign(u: Expr, cell: Cell) -> int:
    """The sign of u all over the cell. Raises NotAffine for one that is more than indicators."""
    if not kinks_of(u):
        return cell.sign(u)
    value = expanded(cell.restrict(u))
    if not value.is_Rational:
        raise NotAffine(f"the condition on {u} is neither affine nor made of indicators")
    return bool(value > 0) - bool(value < 0)


@lru_cache(maxsize=4096)
def _conditions(given: tuple[Relational, ...], batch: Batch) -> tuple[Boolean, ...]:
    """u > 0 for each condition a > b, with u in the scores; what holds anyway is left out."""
    found = []
    for condition in given:
        u = expanded(in_scores(condition.lhs - condition.rhs, batch))
        found.append(condition.func(u, 0, evaluate=u.is_number))
    return tuple(condition for condition in found if condition != true)


def _coordinates(batch: Batch) -> Mapping[Symbol, None]:
    """The scores of all examples, and s′."""
    return dict.fromkeys([*(score for case in batch for score in case.s), *batch[0].s_prime])
