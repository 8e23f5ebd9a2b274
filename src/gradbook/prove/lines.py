"""Proves a line: all of its claims, for every size, label and region it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from traceback import walk_tb
from typing import TYPE_CHECKING

from gradbook import arguments
from gradbook.case import Case
from gradbook.derivation import Claim, Line, Proof
from gradbook.prove.by_regions import prove_by_regions
from gradbook.prove.derivatives import partials_of
from gradbook.prove.query import written
from gradbook.prove.sizes import DEFAULT_SIZES, Sizes
from gradbook.prove.solver_counterexample import simpler_counterexample

if TYPE_CHECKING:
    from gradbook.any_size.lines import AnySizeLine

BATCHES = "n examples: one; two with the same label; three, labels that differ as far as C allows"
KINKS = "where a margin is 0, the derivative is the declared one"

#: How one claim is decided for one case: the interface of every method of proof.
Decide = Callable[[Claim, Case], Proof]


#: After the first claim that could not be decided, a counterexample is looked for in so many more,
#: or until so many have exhausted the budget of their method.
SEARCH = 300
EXHAUSTED = 2


class Unusable(ValueError):
    """A line that cannot be judged: its function fails, or claims nothing."""


def prove(line: Line, sizes: Sizes = DEFAULT_SIZES, method: Decide = prove_by_regions) -> Proof:
    """Decides every claim of the line for every case of `sizes`, up to the first that is false.

    The counterexample to a false claim is the solver's, if it is there and finds a simpler one.
    Raises Unusable where the function of the line fails, or yields no claim for any case.
    """
    arguments.instance("line", line, Line, "a line of a derivation")
    arguments.instance("sizes", sizes, Sizes, "Sizes")
    arguments.function("method", method, "a claim and a case")
    started = time.perf_counter()
    found = _decide(line, sizes, method)
    return replace(found, seconds=time.perf_counter() - started)


def _decide(line: Line, sizes: Sizes, method: Decide) -> Proof:
    depends: dict[str, str] = {}
    holds: Proof | None = None
    undecided: Proof | None = None
    searched = exhausted = 0
    for case in sizes.cases():
        claimed = False
        for claim, found in _proofs(line, case, method):
            claimed = True
            if found.status == "refuted":
                return replace(simpler_counterexample(found, claim, case), sizes=str(case))
            if found.status == "undecided" and undecided is None:
                undecided = replace(found, sizes=str(case))
            exhausted += found.exhausted
            if undecided is not None:
                if searched == SEARCH or exhausted >= EXHAUSTED:
                    return undecided
                searched += 1
            if found.holds:
                holds = found
                depends |= _assumptions(claim, case, depends)
        if not claimed:
            depends.setdefault("nothing", f"nothing is claimed for {case}, and alike")
    if undecided is not None:
        return undecided
    if holds is None:
        raise Unusable(f"line {line.id} must yield at least one Claim for one of {sizes}")
    return replace(
        holds,
        status="definition" if line.kind == "definition" else "proved",
        sizes=str(sizes),
        covers=sizes,
        regions=sizes.regions() if method is prove_by_regions else 0,
        assumptions=(sizes.labels, *depends.values()),
    )


def _proofs(line: Line, case: Case, method: Decide) -> Iterator[tuple[Claim, Proof]]:
    for claim in _claims(line, case):
        if claim.left.shape != claim.right.shape or claim.left.shape[0] * claim.left.shape[1]:
            yield claim, method(claim, case)


def _claims(line: Line, case: Case) -> Iterator[Claim]:
    """The claims of a line. Raises Unusable where its function fails, or yields something else."""
    with judged(line, f" for {case}"):
        for claim in line.claims(case):
            if not isinstance(claim, Claim):
                raise Unusable(f"line {line.id} must yield Claims, not {claim!r}, for {case}")
            yield claim


@contextmanager
def judged(line: Line | AnySizeLine, where: str = "") -> Iterator[None]:
    """While the function of a line runs: what it raises is Unusable, with its place in the file.

    Sides that SymPy cannot form, for their shapes or an entry that is not there, are among that:
    nothing is claimed, and so nothing is refuted.
    """
    try:
        yield
    except (Unusable, MemoryError):
        raise
    except (Exception, SystemExit) as error:
        words = f"{type(error).__name__}: {error}".removesuffix(": ")
        place = _place(line.claims, error)
        raise Unusable(f"line {line.id} fails{where}{place}: {words}") from error


def _place(function: Callable[..., object], error: BaseException) -> str:
    """Where in the function's file an error came about: the file's name and the number of a row."""
    code = getattr(function, "__code__", None)
    rows = [
        row
        for frame, row in walk_tb(error.__traceback__)
        if code is not None and frame.f_code.co_filename == code.co_filename
    ]
    return f", {Path(code.co_filename).name}:{rows[-1]}" if code and rows else ""


def _assumptions(claim: Claim, case: Case, known: Mapping[str, str]) -> dict[str, str]:
    """What the claim depends on and is not `known` yet, in words, by what kind of thing it is."""
    found = dict(known)
    for condition in claim.given:
        kind = getattr(condition, "rel_op", str(condition))
        where = f"{written(condition)} for C = {case.C}, y = {case.y}"
        found.setdefault(kind, f"only where the condition of a claim holds: {where}, and alike")
    if len(claim.batch) > 1:
        found.setdefault("n", BATCHES)
    if "kink" not in found and any(partials_of(entry) for entry in (*claim.left, *claim.right)):
        found["kink"] = KINKS
    return found
