"""Proves a line: all of its claims, for every size, label and region it is asked for."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from gradbook.case import Case
from gradbook.derivation import Claim, Line, Proof, Status
from gradbook.prove.by_regions import METHOD, prove_by_regions
from gradbook.prove.witness import counterexample_of_shape

Method = Callable[[Claim, Case], Proof]


class Unusable(ValueError):
    """A line that cannot be judged: its function fails, or claims nothing."""


@dataclass(frozen=True)
class Sizes:
    """The sizes for which a line is run: every C, every m, every label y.

    Raises ValueError where there are none: what is shown of no case is not shown.
    """

    C: range = range(2, 6)
    m: range = range(0, 5)

    def __post_init__(self) -> None:
        for name, values in (("C", self.C), ("m", self.m)):
            if not values:
                raise ValueError(f"{name} must have at least one value, not {values!r}")

    def cases(self) -> Iterator[Case]:
        """The smallest first, so that a counterexample is small."""
        for C in self.C:
            for m in self.m:
                for y in range(C):
                    yield Case(C, m, y)

    def regions(self) -> int:
        """How many sign patterns (−, 0, +) the C − 1 margins of all cases have together."""
        return sum(3 ** (case.C - 1) for case in self.cases())

    def __str__(self) -> str:
        return f"C {_range(self.C)}, m {_range(self.m)}, all y"


def _range(values: range) -> str:
    return str(values[0]) if len(values) == 1 else f"{values[0]}–{values[-1]}"


DEFAULT_SIZES = Sizes()


def prove(line: Line, sizes: Sizes = DEFAULT_SIZES, method: Method = prove_by_regions) -> Proof:
    """Decides every claim of the line for every case of `sizes`; stops at the first that fails.

    Raises Unusable where the line misspells a name, or yields no claim for some case.
    """
    started = time.perf_counter()
    for found in _proofs(line, sizes.cases(), method):
        if not found.holds:
            break
    if found.holds:
        status: Status = "definition" if line.kind == "definition" else "proved"
        found = replace(found, status=status, regions=sizes.regions())
    where = str(sizes)
    if found.counterexample is not None:
        where = str(found.counterexample.case)
    return replace(found, sizes=where, seconds=time.perf_counter() - started)


def _proofs(line: Line, cases: Iterable[Case], method: Method) -> Iterator[Proof]:
    for case in cases:
        claims = _claims(line, case)
        if isinstance(claims, Proof):
            yield claims
            return
        for claim in claims:
            yield method(claim, case)


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
