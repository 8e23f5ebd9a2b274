"""Decides a claim for all real values of its letters at once, with the solver z3."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain

from sympy import Eq, Ge, Gt, exp, log
from sympy.polys.polyerrors import CoercionFailed

from gradbook.page.stated import Stated
from gradbook.proof import Counterexample, Proof
from gradbook.prove.by_regions import NEVER, needs_of, require_low_powers, sides_of
from gradbook.prove.cleared import cleared, lifted
from gradbook.prove.derivatives import NotClear, meaning_of
from gradbook.prove.domains import written
from gradbook.prove.expansion import TooLarge, terms
from gradbook.prove.points import Case, Sides, can_hold, search, tried
from gradbook.prove.query import UNITS, Answer, CannotTell, Query
from gradbook.prove.smt import SolverMissing, Unsupported, solver_module
from gradbook.prove.values import as_fraction
from gradbook.regions import NotAffine

METHOD = "z3, all reals"


def decide_by_solver(stated: Stated, case: Case, budget: int = UNITS) -> Proof:
    """Proved, refuted with a point, or undecided with a reason.

    budget: for each query, in resource units (see Query.decide).
    """
    meaning = meaning_of(stated.meant)
    try:
        solver_module()
        needs = needs_of(stated, meaning)
        folded, sides = (sides_of(stated, meaning, unfold, needs) for unfold in (False, True))
        require_low_powers(sides)
        query = _query(folded, case)
        answer = query.decide(budget)
        for other in chain([sides], map(_lifted, [sides])):
            if answer.holds:
                break
            if other != folded:
                query = _query(other, case)
                answer = query.decide(budget)
        if answer.holds:
            if can_hold(sides) or not query.never_applies(budget):
                return Proof("proved", METHOD, where=tuple(dict.fromkeys(map(written, needs))))
            return Proof("undecided", METHOD, reason=NEVER, vacuous=True)
    except CannotTell as error:
        return Proof("undecided", METHOD, reason=str(error), exhausted=error.exhausted)
    except (NotClear, Unsupported, SolverMissing, TooLarge, NotAffine, CoercionFailed) as error:
        return Proof("undecided", METHOD, reason=str(error))
    if answer.holds is None:
        return Proof("undecided", METHOD, reason=answer.reason, exhausted=answer.exhausted)
    witness = search(sides, case) or _of_solver(sides, case, answer)
    if witness is not None:
        return Proof("refuted", METHOD, counterexample=witness)
    reason = "the solver finds it false, and no rational point shows it"
    if any(part.has(exp, log) for part in (*sides.left, *sides.right)):
        reason = "the laws of exp and log that the solver is given do not settle it"
    return Proof("undecided", METHOD, reason=reason)


def _query(sides: Sides, case: Case) -> Query:
    for part in (*sides.left, *sides.right, *(condition.lhs for condition in sides.conditions)):
        terms(part)
    relation = {"=": Eq, "≥": Ge, ">": Gt}[sides.relation]
    shows, given = cleared(sides, relation)
    return Query(", ".join(filter(None, ("the claim", str(case)))), tuple(shows), tuple(given))


def _lifted(sides: Sides) -> Sides:
    left, right = (tuple(map(lifted, side)) for side in (sides.left, sides.right))
    return replace(sides, left=left, right=right)


def _of_solver(sides: Sides, case: Case, answer: Answer) -> Counterexample | None:
    """The point that the solver names, looked at anew."""
    named = {letter: as_fraction(value) for letter, value in answer.values.items()}
    if not named.keys() >= set(sides.letters):
        return None
    return tried(sides, case, named)
