"""Claims that are said in Python, as they are decided: in the letters of one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from traceback import walk_tb
from typing import Any

from sympy import ImmutableMatrix, false

from gradbook.case import Case
from gradbook.claim import Claim, gradient
from gradbook.notation import hinge, indicator, total
from gradbook.page.cases import PageSizes
from gradbook.page.page import PageLine
from gradbook.page.stated import Instance, Meant, Stated
from gradbook.proof import Proof
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_regions import decide_by_regions
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.by_solver import decide_by_solver
from gradbook.prove.scope import why_not

#: What a line that is said in Python finds there: `loss` too, where the page has one.
KNOWN = {
    "Case": Case,
    "Claim": Claim,
    "gradient": gradient,
    "hinge": hinge,
    "indicator": indicator,
    "total": total,
}


Claims = Callable[[Case], Iterable[Any]]


class Unusable(ValueError):
    """A line that cannot be judged: its function fails, or claims nothing."""


@dataclass(frozen=True)
class InPython:
    """A case with its batch, named in the letters of a classifier."""

    batch: tuple[Case, ...]

    def numbers(self) -> Iterator[tuple[str, int]]:
        yield "C", self.batch[0].C
        yield "m", self.batch[0].m
        for i, case in enumerate(self.batch, 1):
            yield f"y^({i})" if len(self.batch) > 1 else "y", case.y

    def letters(self) -> Iterator[tuple[str, ImmutableMatrix, str]]:
        yield "W", self.batch[0].W, "matrix"
        for i, case in enumerate(self.batch, 1):
            yield f"x^({i})" if len(self.batch) > 1 else "x", case.x[1:, :], "vector"
        yield "s′", self.batch[0].s_prime, "vector"

    def __str__(self) -> str:
        return ", ".join(f"{name} = {value}" for name, value in self.numbers())


def prove_by_regions(claim: Claim, case: Case, *, budget: int | None = None) -> Proof:
    """Proved, refuted with a counterexample, or undecided with a reason: for this C, m and y.

    budget: how many regions may be gone through; with more, the claim is undecided.
    """
    return _decide(claim, case, REGIONS, decide_by_regions, budget)


def prove_by_solver(claim: Claim, case: Case, *, budget: int | None = None) -> Proof:
    """The same by z3, for all real W and x̃ (and s′) at once. budget: in z3's resource units."""
    return _decide(claim, case, SOLVER, decide_by_solver, budget)


def _decide(
    claim: Claim, case: Case, method: str, decide: Callable[..., Proof], budget: int | None
) -> Proof:
    batch = claim.batch or (case,)
    if claim.left.shape != claim.right.shape:
        left, right = (" × ".join(map(str, side.shape)) for side in (claim.left, claim.right))
        return Proof("refuted", method, reason=f"the left side is {left}, the right side {right}")
    if false in claim.given:
        return Proof("undecided", method, reason="its conditions never hold")
    if other := [each for each in claim.given if not each.is_Relational]:
        reason = f"the condition {other[0]} is not a comparison"
        return Proof("undecided", method, reason=reason)
    if method == REGIONS and (why := why_not(claim, batch)):
        return Proof("undecided", method, reason=why)
    given = {} if budget is None else {"budget": budget}
    return decide(_as_stated(claim, batch), InPython(batch), **given)


def _as_stated(claim: Claim, batch: tuple[Case, ...]) -> Stated:
    meant = Meant()
    for case in batch:
        place: Instance = (("s", 1, 0), (case.example,))
        meant.of.update(case.products)
        meant.family.update(dict.fromkeys(case.s, place))
    return Stated(claim.left, claim.right, claim.relation, claim.given, meant)


# Lines of a page.


def stated_by(line: PageLine, sizes: PageSizes) -> Iterator[tuple[InPython, Stated | str]]:
    """What the line claims, one case after another; or why it cannot be told, and no more."""
    case = Case(2, 0, 0)
    try:
        claims = claims_of(line)
        for case in classifiers(sizes):
            for claim in _of_case(line, claims, case):
                batch = claim.batch or (case,)
                why = why_not(claim, batch)
                if claim.left.shape != claim.right.shape:
                    why = "its sides have different shapes"
                yield InPython(batch), why or _as_stated(claim, batch)
    except Unusable as error:
        yield InPython((case,)), str(error)


def classifiers(sizes: PageSizes) -> Iterator[Case]:
    """Every C, m and label, the smallest first."""
    for C, m in sorted(product(range(2, 2 + sizes.few), range(sizes.few)), key=sum):
        yield from (Case(C, m, y) for y in range(C))


def classifiers_written(sizes: PageSizes) -> str:
    return f"C 2–{1 + sizes.few}, m 0–{sizes.few - 1}, all y"


def claims_of(line: PageLine) -> Claims:
    """The function of a line that is said in Python. Raises Unusable where it does not run."""
    assert line.code is not None
    source = line.page.source
    first, _ = source.position(line.code.span.start)
    code, name = "\n" * (first - 1) + line.code.text, str(source.path)
    known: dict[str, Any] = dict(KNOWN)
    with suppress(ValueError):
        known["loss"] = line.page.loss
    with judged(line, name):
        exec(compile(code, name, "exec"), known)
    claims: Claims = known["claims"]
    return claims


def _of_case(line: PageLine, claims: Claims, case: Case) -> Iterator[Claim]:
    with judged(line, str(line.page.source.path), f" for {case}"):
        for claim in claims(case):
            if not isinstance(claim, Claim):
                raise Unusable(f"line {line.id} must yield Claims, not {claim!r}, for {case}")
            yield claim


@contextmanager
def judged(line: PageLine, file: str, where: str = "") -> Iterator[None]:
    """While the code of a line runs: what it raises is Unusable, with its place on the page.

    Sides that SymPy cannot form, for their shapes or an entry that is not there, are among that:
    nothing is claimed, and so nothing is refuted.
    """
    try:
        yield
    except (Unusable, MemoryError):
        raise
    except (Exception, SystemExit) as error:
        words = f"{type(error).__name__}: {error}".removesuffix(": ")
        rows = [row for f, row in walk_tb(error.__traceback__) if f.f_code.co_filename == file]
        place = f", {Path(file).name}:{rows[-1]}" if rows else ""
        raise Unusable(f"line {line.id} fails{where}{place}: {words}") from error
