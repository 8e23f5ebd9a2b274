"""Proves a line: all of its claims, for every size, label and region it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace

from gradbook.case import Case
from gradbook.derivation import Claim, Line, Proof, Status
from gradbook.prove.by_regions import METHOD, prove_by_regions
from gradbook.prove.derivatives import partials_of
from gradbook.prove.query import written
from gradbook.prove.sizes import DEFAULT_SIZES, Sizes
from gradbook.prove.solver_counterexample import simpler_counterexample
from gradbook.prove.witness import counterexample_of_shape

BATCHES = "n examples: one; two with the same label; three, labels that differ as far as C allows"
KINKS = "where a margin is 0, the derivative is the declared one"

#: How one claim is decided for one case: the interface of every method of proof.
Decide = Callable[[Claim, Case], Proof]


class Unusable(ValueError):
    """A line that cannot be judged: its function fails, or claims nothing."""


def prove(line: Line, sizes: Sizes = DEFAULT_SIZES, method: Decide = prove_by_regions) -> Proof:
    """Decides every claim of the line for every case of `sizes`; stops at the first that fails.

    The counterexample to a false claim is made as simple as the solver, if it is there, can find.
    Raises Unusable where the line misspells a name, or yields no claim for some case.
    """
    started = time.perf_counter()
    depends: dict[str, str] = {}
    for claim, case, found in _proofs(line, sizes.cases(), method):
        if not found.holds:
            break
        depends |= _assumptions(claim, case, depends)
    if found.holds:
        status: Status = "definition" if line.kind == "definition" else "proved"
        found = replace(found, status=status, sizes=str(sizes), covers=sizes)
        found = replace(found, assumptions=(sizes.labels, *depends.values()))
        if method is prove_by_regions:
            found = replace(found, regions=sizes.regions())
    else:
        found = replace(simpler_counterexample(found, claim, case), sizes=str(case))
    return replace(found, seconds=time.perf_counter() - started)


def _proofs(
    line: Line, cases: Iterable[Case], method: Decide
) -> Iterator[tuple[Claim, Case, Proof]]:
    for case in cases:
        claims = _claims(line, case)
        if isinstance(claims, Proof):
            yield Claim(0, 0), case, claims
            return
        for claim in claims:
            yield claim, case, method(claim, case)


def _claims(line: Line, case: Case) -> list[Claim] | Proof:
    """The claims of a line; a refutation where its two sides cannot even be written down."""
    try:
        claims = list(line.claims(case))
    except Exception as error:
        misspelt = isinstance(error, AttributeError) and isinstance(error.obj, Case)
        if misspelt or isinstance(error, NameError | ImportError):
            raise Unusable(f"line {line.id} fails: {type(error).__name__}: {error}") from error
        reason = f"cannot be written down: {error or type(error).__name__}"
        if not (isinstance(error, ValueError | IndexError) or _sympy_refuses(error)):
            return Proof("undecided", METHOD, reason=reason)
        # Sides that do not exist, such as a product of mismatched shapes, are not equal.
        witness = counterexample_of_shape(Claim(0, 0), (case,))
        return Proof("refuted", METHOD, reason=reason, counterexample=witness)
    if not claims or not all(isinstance(claim, Claim) for claim in claims):
        raise Unusable(f"line {line.id} must yield at least one Claim for {case}")
    return claims


def _sympy_refuses(error: Exception) -> bool:
    """Whether SymPy's matrices could not do what the line asks, such as to stack two numbers."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return trace is not None and trace.tb_frame.f_globals["__name__"].startswith("sympy.matrices.")


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
