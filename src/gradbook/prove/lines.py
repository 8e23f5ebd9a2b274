"""A line of a page: all of its claims, in every case, by one method."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

from gradbook import arguments
from gradbook.page.cases import PageCase, PageSizes, cases, sizes_written
from gradbook.page.core import (
    Choice,
    ClaimRead,
    Core,
    Function,
    GradientBy,
    MaxOver,
    Ones,
    parts_of,
)
from gradbook.page.page import Page, PageLine
from gradbook.page.source import Span
from gradbook.page.stated import Stated
from gradbook.proof import Proof
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_regions import NEVER
from gradbook.prove.in_python import classifiers_written, stated_by
from gradbook.prove.methods import METHODS, Method, method_named
from gradbook.prove.points import Case

#: After so many cases that have exhausted the budget of their method, no more are asked about.
EXHAUSTED = 2

KINKS = "where the argument of max(0, ·) is 0, its derivative is the declared one, 0"
JUMPS = (
    "the derivative of 1{…} is 0 where it jumps, too: that what is differentiated has a slope "
    "there is not shown"
)
TIES = "of several that are largest, the derivative of their max is that of the first"

#: A case, and what is claimed in it, or why that cannot be told; None where its conditions exclude
#: it.
InCase = tuple[Case, Stated | str | None]


def prove(line: PageLine, method: str = REGIONS, *, thorough: bool = False) -> Proof:
    """Decides every claim of the line by one method, up to the first that is false.

    method: "region by region" or "z3, all reals". thorough: at larger sizes.
    """
    arguments.instance("line", line, PageLine, "a line of a page")
    arguments.choice("method", method, tuple(each.name for each in METHODS))
    arguments.flag("thorough", thorough)
    started = time.perf_counter()
    found = _line(line, method_named(method), thorough)
    return replace(found, seconds=time.perf_counter() - started)


def prove_claim(
    page: Page, claim: ClaimRead, method: str = REGIONS, sizes: PageSizes | None = None
) -> Proof:
    """One relation of a line, in every case. sizes: other ones than those of the method.

    What it says of a shape was decided when it was read.
    """
    asked = method_named(method)
    if claim.shape:
        return Proof("proved", asked.name, sizes="any", counted=(1, 1))
    return _claim(_stated(page, claim, sizes or asked.sizes), asked, claim)


def _line(line: PageLine, method: Method, thorough: bool) -> Proof:
    sizes = method.thorough if thorough else method.sizes
    if line.unread:
        return Proof("undecided", method.name, reason="a part of it cannot be read")
    if line.code is not None:
        found = _claim(stated_by(line, sizes), method)
        return replace(found, sizes=found.sizes or classifiers_written(sizes), counted=(1, 0))
    regions = 0
    where: dict[str, None] = {}
    undecided: Proof | None = None
    for claim in line.claims:
        if claim.shape:
            continue
        found = _claim(_stated(line.page, claim, sizes), method, claim)
        if found.status == "refuted":
            return found
        if found.status == "undecided":
            undecided = undecided or found
        regions += found.regions
        where |= dict.fromkeys(found.where)
    if undecided is not None:
        return undecided
    decided = tuple(claim for claim in line.claims if not claim.shape)
    return Proof(
        "proved" if line.claims else "definition",
        method.name,
        sizes=sizes_written(line.page, decided, sizes) if decided else "any",
        regions=regions,
        assumptions=tuple(_assumed(decided)),
        where=tuple(where),
        counted=(len(line.claims), len(line.claims) - len(decided)),
    )


def _assumed(claims: tuple[ClaimRead, ...]) -> Iterator[str]:
    """What is said of slopes at kinks and jumps, where there are slopes."""
    sides = tuple(side for claim in claims for side in (claim.left, claim.right))
    slopes = tuple(part for part in parts_of(sides) if isinstance(part, GradientBy))
    under = [*parts_of(slopes, through=True)]
    if any(isinstance(part, Function) and part.name == "max0" for part in under):
        yield KINKS
    if any(isinstance(part, Ones | Choice) and _compares_values(part) for part in under):
        yield JUMPS
    if any(isinstance(part, MaxOver) for part in under):
        yield TIES


def _compares_values(part: Ones | Choice) -> bool:
    """Whether a condition of it is of formulas, and not of indices alone."""
    conditions = (
        part.conditions
        if isinstance(part, Ones)
        else tuple(each for given, _ in part.branches for each in given)
    )
    return any(isinstance(each.left, Core) for each in conditions)


def _stated(page: Page, claim: ClaimRead, sizes: PageSizes) -> Iterator[InCase]:
    for case in cases(page, claim, sizes):
        try:
            yield case, case.at.claim(claim, case.free)
        except (ArithmeticError, IndexError, ValueError, RecursionError) as error:
            yield case, f"it cannot be written at these sizes: {error}"


def _claim(stated: Iterator[InCase], method: Method, claim: ClaimRead | None = None) -> Proof:
    """What is found of a claim, or of those of a line that is said in Python."""
    regions, happens, left, exhausted = 0, False, method.searched, 0
    where: dict[str, None] = {}
    undecided: Proof | None = None
    for case, what in stated:
        if isinstance(what, str):
            return _in_case(Proof("undecided", method.name, reason=what), claim, case)
        if what is None or not what.left:
            happens = happens or what is not None
            continue
        found = method.decide(what, case)
        if found.vacuous:
            continue
        happens = True
        if found.status == "refuted":
            return _in_case(found, claim, case)
        if found.status == "undecided":
            undecided = undecided or _in_case(found, claim, case)
            left, exhausted = left - 1, exhausted + found.exhausted
            if left == 0 or exhausted == EXHAUSTED:
                break
        regions += found.regions
        where |= dict.fromkeys(found.where)
    if not happens:
        span = None if claim is None else claim.span
        reason = f"no case fulfils its conditions: {NEVER}"
        return Proof("undecided", method.name, reason=reason, span=span)
    return undecided or Proof("proved", method.name, regions=regions, where=tuple(where))


def _in_case(found: Proof, claim: ClaimRead | None, case: Case) -> Proof:
    sizes = ", ".join(f"{name} = {value}" for name, value in case.numbers())
    if claim is None or not isinstance(case, PageCase):
        return replace(found, sizes=sizes)
    return replace(found, sizes=sizes, link=claim.link, span=_place(claim, case))


def _place(claim: ClaimRead, case: PageCase) -> Span:
    """Where the right side stands; of cases, the branch that is meant in this case."""
    if isinstance(claim.right, Choice):
        for (given, _), span in zip(claim.right.branches, claim.branches, strict=False):
            said = [each for c in given for each in case.at.each_condition(c, case.free)]
            if all(each is True for each in said):
                return span
            if not any(each is False for each in said):
                break
    return claim.span
