"""What was found of a line for any size, as a `Proof` beside those of the other methods."""

from __future__ import annotations

from gradbook.any_size.lines import AnySizeProof, Refutation
from gradbook.case import Case
from gradbook.derivation import Counterexample, Proof

SIZES = "any C ≥ 2, m ≥ 0, n ≥ 1"


def as_proof(found: AnySizeProof) -> Proof:
    """The same, with the instance that refutes it as a counterexample."""
    wrong = found.refutation
    return Proof(
        found.status,
        found.method,
        SIZES if wrong is None else str(_case(wrong)),
        found.reason,
        None if wrong is None else _counterexample(wrong),
        assumptions=found.assumptions,
        seconds=found.seconds,
    )


def _case(wrong: Refutation) -> Case:
    C, m, _ = wrong.instance.sizes
    return Case(C, m, wrong.instance.y[0])


def _counterexample(wrong: Refutation) -> Counterexample:
    data = wrong.instance
    return Counterexample(
        case=_case(wrong),
        W=data.W,
        x=data.X,
        y=data.y,
        entry=None,
        left=wrong.left,
        right=wrong.right,
        relation=wrong.relation,
        s_prime=data.s_prime or None,
        indices=tuple((str(letter), value) for letter, value in data.indices),
    )
