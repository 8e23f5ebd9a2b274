"""Proves a line: all of its claims, for every size, label and region it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from gradbook.case import Case
from gradbook.derivation import Claim, Line, Proof
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


#: After the first claim that could not be decided, a counterexample is looked for in so many more,
#: or until so many have exhausted the budget of their method.
SEARCH = 300
EXHAUSTED = 2


class Unusable(ValueError):
    """A line that cannot be judged: its function fails, or claims nothing."""


def prove(line: Line, sizes: Sizes = DEFAULT_SIZES, method: Decide = prove_by_regions) -> Proof:
    """Decides every claim of the line for every case of `sizes`, up to the first that is false.

    The counterexample to a false claim is the solver's, if it is there and finds a simpler one.
    Raises Unusable where the line misspells a name, or yields no claim for any case.
    """
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
        if isinstance(claim, Proof):
            yield Claim(0, 0), claim
        elif claim.left.shape != claim.right.shape or claim.left.shape[0] * claim.left.shape[1]:
            yield claim, method(claim, case)


def _claims(line: Line, case: Case) -> Iterator[Claim | Proof]:
    """The claims of a line; a proof in place of one that cannot be written, and of the rest."""
    try:
        for claim in line.claims(case):
            if not isinstance(claim, Claim):
                raise Unusable(f"line {line.id} must yield Claims, not {claim!r}, for {case}")
            yield claim
    except (Exception, SystemExit) as error:
        yield _not_written(line, case, error)


def _not_written(line: Line, case: Case, error: BaseException) -> Proof:
    """A refutation where the two sides do not exist; Unusable where the function itself fails."""
    misspelt = isinstance(error, AttributeError) and isinstance(error.obj, Case)
    if misspelt or isinstance(error, NameError | ImportError | SystemExit):
        raise Unusable(f"line {line.id} fails: {type(error).__name__}: {error}") from error
    if isinstance(error, Unusable):
        raise error
    words = str(error) if str(error) and not isinstance(error, KeyError) else repr(error)
    reason = f"cannot be written down: {words}"
    if not (isinstance(error, ValueError | IndexError) or _sympy_refuses(error)):
        return Proof("undecided", METHOD, reason=reason)
    # Sides that do not exist, such as a product of mismatched shapes, are not equal.
    witness = counterexample_of_shape(Claim(0, 0), (case,))
    witness = replace(witness, left="one side", right="the other, neither of which can be written")
    return Proof("refuted", METHOD, reason=reason, counterexample=witness)


def _sympy_refuses(error: BaseException) -> bool:
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
