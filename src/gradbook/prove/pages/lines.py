"""A line of a page: all of its claims, in every case, by one method."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from sympy import Eq, Expr, Ge, Gt

from gradbook.derivation import Proof
from gradbook.notation import partial
from gradbook.page.at_sizes import Stated
from gradbook.page.cases import PageCase, PageSizes, cases, sizes_written
from gradbook.page.core import Choice, ClaimRead
from gradbook.page.page import Page, PageLine
from gradbook.page.source import Span
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.pages.derivatives import Meaning, NotClear
from gradbook.prove.pages.points import FEW, PageCounterexample, Sides, can_hold, search
from gradbook.prove.pages.regions import Undecided, by_regions, derivative_agrees
from gradbook.prove.query import Query
from gradbook.prove.smt import SolverMissing, Unsupported, solver_module

#: After so many cases in which a claim could not be decided, no more are searched.
SEARCHED = 12

KINKS = "where the argument of max(0, ·) is 0, its derivative is the declared one, 0"


@dataclass(frozen=True)
class LineProof(Proof):
    """What was found of a line.

    witness: where a claim is false.
    claim:   the one that is refuted or undecided; span: where its right side stands.
    counted: how many claims the line has, and how many are decided by their shapes alone.
    """

    witness: PageCounterexample | None = None
    claim: ClaimRead | None = None
    span: Span | None = None
    counted: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Method:
    """Decides one claim in one case.

    sizes:    the cases it is asked about.
    searched: after so many cases that it could not decide, it is asked about no more.
    """

    name: str
    decide: Callable[[Stated, PageCase], LineProof]
    sizes: PageSizes
    searched: int = SEARCHED


def prove_line(page: Page, line: PageLine, method: str = REGIONS) -> LineProof:
    """Every claim of the line, up to the first that is false."""
    started = time.perf_counter()
    found = _line(page, line, METHODS[method])
    return replace(found, seconds=time.perf_counter() - started)


def _line(page: Page, line: PageLine, method: Method) -> LineProof:
    if line.unread:
        return LineProof("undecided", method.name, reason="a part of it cannot be read")
    regions = 0
    undecided: LineProof | None = None
    for claim in line.claims:
        if claim.shape:
            continue
        found = _claim(page, claim, method)
        if found.status == "refuted":
            return found
        if found.status == "undecided":
            undecided = undecided or found
        regions += found.regions
    if undecided is not None:
        return undecided
    decided = tuple(claim for claim in line.claims if not claim.shape)
    return LineProof(
        "proved" if line.claims else "definition",
        method.name,
        sizes=sizes_written(page, decided, method.sizes) if decided else "any",
        regions=regions,
        assumptions=(KINKS,) if any(_has_derivative(claim) for claim in decided) else (),
        counted=(len(line.claims), len(line.claims) - len(decided)),
    )


def _has_derivative(claim: ClaimRead) -> bool:
    return "GradientBy" in repr(claim.left) + repr(claim.right)


def prove_claim(page: Page, claim: ClaimRead, method: str = REGIONS) -> LineProof:
    """One relation of a line, in every case."""
    return _claim(page, claim, METHODS[method])


def _claim(page: Page, claim: ClaimRead, method: Method) -> LineProof:
    regions, happens, left = 0, False, method.searched
    undecided: LineProof | None = None
    for case in cases(page, claim, method.sizes):
        try:
            stated = case.at.claim(claim, case.free)
        except (ArithmeticError, IndexError, ValueError, RecursionError) as error:
            why = f"it cannot be written at these sizes: {error}"
            return _of_claim(LineProof("undecided", method.name, reason=why), claim, case)
        if stated is None or not stated.left:
            happens = happens or stated is not None
            continue
        found = method.decide(stated, case)
        if found.status == "proved" and found.reason == NEVER:
            continue  # true, but of nothing that was found
        happens = True
        if found.status == "refuted":
            return _of_claim(found, claim, case)
        if found.status == "undecided":
            undecided = undecided or _of_claim(found, claim, case)
            left -= 1
            if left == 0:
                break
        regions += found.regions
    if not happens:
        return LineProof(
            "undecided", method.name, reason="no case fulfils its conditions", claim=claim
        )
    return undecided or LineProof("proved", method.name, regions=regions)


def _of_claim(found: LineProof, claim: ClaimRead, case: PageCase) -> LineProof:
    return LineProof(
        found.status,
        found.method,
        sizes=str(case),
        reason=found.reason,
        witness=found.witness,
        claim=claim,
        span=_place(claim, case),
    )


def _place(claim: ClaimRead, case: PageCase) -> Span:
    """Where the right side stands; of cases, the branch that is meant in this case."""
    if isinstance(claim.right, Choice):
        for (given, _), span in zip(claim.right.branches, claim.branches, strict=False):
            said = [case.at.condition(condition, case.free) for condition in given]
            if all(each is True for each in said):
                return span
            if not any(each is False for each in said):
                break
    return claim.span


#: Said of a proof in a case in which no point was found at which the conditions hold.
NEVER = "no point was found that fulfils its conditions"


def decide_by_regions(stated: Stated, case: PageCase) -> LineProof:
    """Proved, refuted with a point, or undecided with a reason."""
    meaning = Meaning(stated.meaning, stated.family)
    try:
        folded, sides = (_sides(stated, meaning, unfold) for unfold in (False, True))
    except NotClear as error:
        return LineProof("undecided", REGIONS, reason=str(error))
    never = "" if can_hold(sides) else NEVER
    try:
        reason = _derivatives(stated, meaning)
        found = by_regions(folded)
        if not found.proved and folded != sides:
            found = by_regions(sides)
        if found.proved and not reason:
            return LineProof("proved", REGIONS, reason=never, regions=found.regions)
        reason = reason or "the two sides are written differently, and no point tells them apart"
    except (NotClear, Undecided) as error:
        reason = str(error)
    witness = search(sides, case)
    if witness is not None:
        return LineProof("refuted", REGIONS, witness=witness)
    return LineProof("undecided", REGIONS, reason=reason)


def _sides(stated: Stated, meaning: Meaning, unfold: bool) -> Sides:
    def worked(part: Expr) -> Expr:
        found = meaning.worked_out(part)
        return meaning.unfolded(found) if unfold else found

    given = tuple(c.func(worked(c.lhs - c.rhs), 0, evaluate=False) for c in stated.given)
    left, right = (tuple(map(worked, side)) for side in (stated.left, stated.right))
    return Sides(left, right, stated.relation, given, stated.left.cols)


def _derivatives(stated: Stated, meaning: Meaning) -> str:
    """Which derivative two ways find differently; "" for none."""
    for side in (*stated.left, *stated.right):
        for f, v in (atom.args for atom in sorted(side.atoms(partial), key=str)):
            if not f.has(partial) and not derivative_agrees(f, v, meaning):
                return f"two ways to work out ∂/∂{v} differ"
    return ""


def decide_by_solver(stated: Stated, case: PageCase) -> LineProof:
    """The same claim, put to z3: for all real values of the letters at once."""
    meaning = Meaning(stated.meaning, stated.family)
    try:
        solver_module()
        folded = _sides(stated, meaning, unfold=False)
        sides = _sides(stated, meaning, unfold=True)
        never = "" if can_hold(sides) else NEVER
        answer = _query(folded, case).decide()
        if not answer.holds and folded != sides:
            answer = _query(sides, case).decide()
    except (NotClear, Unsupported, SolverMissing) as error:
        return LineProof("undecided", SOLVER, reason=str(error))
    if answer.holds:
        return LineProof("proved", SOLVER, reason=never)
    if answer.holds is None:
        return LineProof("undecided", SOLVER, reason=answer.reason)
    witness = search(sides, case)
    if witness is not None:
        return LineProof("refuted", SOLVER, witness=witness)
    return LineProof(
        "undecided", SOLVER, reason="the solver finds it false, and no small point shows it"
    )


def _query(sides: Sides, case: PageCase) -> Query:
    relation = {"=": Eq, "≥": Ge, ">": Gt}[sides.relation]
    shows = tuple(
        relation(left, right, evaluate=False)
        for left, right in zip(sides.left, sides.right, strict=True)
        if left != right or sides.relation != "="
    )
    return Query(f"the claim, {case}", shows, sides.given)


#: A search for counterexamples alone, at a few points of every case: cheap, and it proves nothing.
POINTS = "at points"


def decide_by_points(stated: Stated, case: PageCase) -> LineProof:
    """Refuted, or undecided."""
    try:
        sides = _sides(stated, Meaning(stated.meaning, stated.family), unfold=True)
    except NotClear as error:
        return LineProof("undecided", POINTS, reason=str(error))
    witness = search(sides, case, FEW)
    if witness is not None:
        return LineProof("refuted", POINTS, witness=witness)
    return LineProof("undecided", POINTS, reason="no point refutes it")


METHODS = {
    POINTS: Method(POINTS, decide_by_points, PageSizes(2, 2), searched=10**6),
    REGIONS: Method(REGIONS, decide_by_regions, PageSizes(3, 2)),
    SOLVER: Method(SOLVER, decide_by_solver, PageSizes(2, 2)),
}
