"""Decides a claim for all real inputs at once, with the solver z3.

The bias weights are exchanged for the scores, as in `by_regions`, so that the scores are free. Each
side is then a polynomial in x̃ and the other weights, whose coefficients are sums of indicators and
hinges of the scores. Two such polynomials are equal for all x̃ and W exactly if their coefficients
are, and that is what the solver is asked: it sees scores, never a product of two letters. Where a
claim cannot be taken apart like that, it is asked whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import product

from sympy import Add, Basic, Eq, Expr, Ge, Integer, Mul, Pow, Symbol, false, true
from sympy.core.relational import Relational
from sympy.polys.polyerrors import CoercionFailed

from gradbook.case import Case
from gradbook.derivation import Claim, Proof
from gradbook.linear import Exhausted
from gradbook.prove.by_regions import in_scores
from gradbook.prove.derivatives import Batch, products
from gradbook.prove.expansion import TooLarge, expanded, power, terms
from gradbook.prove.query import UNITS, CannotTell, Query
from gradbook.prove.slopes import worked_out, wrong_slope
from gradbook.prove.smt import SolverMissing, Unsupported, solver_module
from gradbook.prove.solver_counterexample import simplest_counterexample
from gradbook.prove.witness import counterexample_of_shape
from gradbook.regions import NotAffine

METHOD = "z3, all reals"
PROVED = Proof("proved", METHOD)

#: The two sides of each entry of a claim.
Sides = Sequence[tuple[Expr, Expr]]
#: monomial ↦ coefficient
Polynomial = dict[Expr, Expr]


class NotApart(ValueError):
    """A side in which a hinge or an indicator depends on x̃ and W by more than the scores."""


def prove_by_solver(claim: Claim, case: Case, *, budget: int = UNITS) -> Proof:
    """Proved, refuted with a counterexample, or undecided with a reason: for this C, m and y.

    A proof holds for all real W and x̃ (and s′, where the claim has a second point), kinks
    included. Undecided is whatever z3 cannot be asked exactly, or does not answer.

    budget: for each query, in resource units (see Query.decide). The search for a counterexample
            that is easy to read has its own.
    """
    batch = claim.batch or (case,)
    if claim.left.shape != claim.right.shape:
        left, right = (" × ".join(map(str, side.shape)) for side in (claim.left, claim.right))
        reason = f"the left side is {left}, the right side {right}"
        return Proof("refuted", METHOD, "", reason, counterexample_of_shape(claim, batch))
    try:
        solver_module()
        return _decide(claim, batch, budget)
    except CannotTell as error:
        return replace(_undecided(f"{error} on {batch[0]}"), exhausted=error.exhausted)
    except (Unsupported, SolverMissing, TooLarge) as error:
        return _undecided(str(error))
    except Exhausted as error:
        return replace(_undecided(str(error)), exhausted=True)
    except (NotAffine, CoercionFailed) as error:
        return _undecided(f"not piecewise polynomial: {error}")


def _undecided(reason: str) -> Proof:
    return Proof("undecided", METHOD, reason=reason)


def _decide(claim: Claim, batch: Batch, budget: int) -> Proof:
    if false in claim.given:
        return _undecided("its conditions never hold")
    problem = wrong_slope(claim, batch, budget)
    if problem:
        return _undecided(problem)
    for query in queries(claim, batch):
        if query.holds(budget):
            # A claim under conditions that never hold together says nothing, and is not proved.
            if not query.never_applies(budget):
                return PROVED
            conditions = ", ".join(map(str, query.given))
            return _undecided(f"its conditions never hold together: {conditions}")
        found = simplest_counterexample(claim, batch[0])
        if found is not None:
            return Proof("refuted", METHOD, counterexample=found)
    return _undecided("the solver finds it false, but no rational point was found that shows it")


def queries(claim: Claim, batch: Batch) -> Iterator[Query]:
    """What the solver is asked of a claim: the next one only where the one before is not true.

    First the claim taken apart into coefficients. For one example and an equality that is the claim
    itself. Otherwise it may ask too much: the scores of several examples share W, and an inequality
    may hold though its coefficients differ. Then the claim is asked whole.
    """
    sides = [
        (worked_out(left, batch), worked_out(right, batch))
        for left, right in zip(claim.left, claim.right, strict=True)
    ]
    given = [condition for condition in claim.given if condition != true]
    whole = len(batch) > 1 or claim.relation == "≥"
    try:
        yield _taken_apart(claim, sides, given, batch)
    except NotApart:
        whole = True
    if whole:
        yield _whole(claim, sides, given, batch)


def _taken_apart(claim: Claim, sides: Sides, given: Sequence[Basic], batch: Batch) -> Query:
    """The coefficients of both sides, compared; the scores of every example are free."""
    letters = frozenset(letter for case in batch for letter in (*case.W, *case.x[1:, :]))
    conditions = tuple(_condition(condition, batch) for condition in given)
    if letters & {letter for condition in conditions for letter in condition.free_symbols}:
        raise NotApart("a condition depends on x̃ and W by more than the scores")
    shows: dict[Relational, None] = {}
    for left, right in sides:
        of_left, of_right = (polynomial(in_scores(side, batch), letters) for side in (left, right))
        for monomial in {**of_left, **of_right}:
            ordered = claim.relation == "≥" and monomial == 1
            pair = (of_left.get(monomial, Integer(0)), of_right.get(monomial, Integer(0)))
            if pair[0] != pair[1] or not pair[0].is_Rational:
                shows[(Ge if ordered else Eq)(*pair, evaluate=False)] = None
    return Query(f"the coefficients of both sides, {batch[0]}", tuple(shows), conditions)


def _whole(claim: Claim, sides: Sides, given: Sequence[Basic], batch: Batch) -> Query:
    """Both sides as they are; s⁽ⁱ⁾ = W x̃⁽ⁱ⁾ is a condition where several examples share W."""
    relation = Ge if claim.relation == "≥" else Eq
    shows = tuple(
        relation(in_scores(left, batch), in_scores(right, batch), evaluate=False)
        for left, right in sides
    )
    conditions = [_condition(condition, batch) for condition in given]
    if len(batch) > 1:
        written = {letter for part in (*shows, *conditions) for letter in part.free_symbols}
        conditions += [
            Eq(score, meaning, evaluate=False)
            for score, meaning in products(batch).items()
            if score in written
        ]
    return Query(f"the claim as it stands, {batch[0]}", shows, tuple(conditions))


def _condition(condition: Basic, batch: Batch) -> Relational:
    """a > b as a − b > 0, in the scores."""
    if not isinstance(condition, Relational):
        raise Unsupported(f"the condition {condition} is not a comparison")
    u = expanded(in_scores(condition.lhs - condition.rhs, batch))
    return condition.func(u, 0, evaluate=False)


def polynomial(expr: Expr, letters: frozenset[Symbol]) -> Polynomial:
    """`expr` as a polynomial in `letters`: each monomial's coefficient.

    Raises NotApart where a letter stands in a function or in a quotient, TooLarge for one that has
    too many terms.
    """
    terms(expr)
    if not letters & expr.free_symbols:
        return {Integer(1): expr}
    match expr:
        case Symbol():
            return {expr: Integer(1)}
        case Add():
            return _sum(polynomial(term, letters) for term in expr.args)
        case Mul():
            return reduce(_product, (polynomial(factor, letters) for factor in expr.args))
        case Pow() if expr.exp.is_Integer and expr.exp > 0:
            return reduce(_product, [polynomial(expr.base, letters)] * power(expr))
    raise NotApart(f"{expr} depends on x̃ and W by more than the scores")


def _sum(polynomials: Iterable[Polynomial]) -> Polynomial:
    found: dict[Expr, list[Expr]] = {}
    for each in polynomials:
        for monomial, coefficient in each.items():
            found.setdefault(monomial, []).append(coefficient)
    return {monomial: Add(*coefficients) for monomial, coefficients in found.items()}


def _product(p: Polynomial, q: Polynomial) -> Polynomial:
    return _sum({a * b: p[a] * q[b]} for a, b in product(p, q))
