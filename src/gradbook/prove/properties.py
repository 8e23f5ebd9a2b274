"""What a derivation says of its loss as a whole, decided for small C and for every C.

A derivation names its properties, `Derivation(..., properties=("subgradient", …))`, and `verify`
decides each: region by region for few classes, with the solver for more, one number of classes and
one label after another, and once for every C ≥ 2 by induction over the classes. Without the solver
the regions alone decide.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from gradbook.loss import Loss
from gradbook.proof import Proof
from gradbook.prove import induction, loss_properties
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.decision import Decision
from gradbook.prove.in_python import prove_by_regions, prove_by_solver
from gradbook.prove.induction import Statement
from gradbook.prove.loss_properties import Decide, Finding
from gradbook.prove.methods import method_named
from gradbook.prove.sizes import Sizes


@dataclass(frozen=True)
class Property:
    """A statement about a loss.

    small:       the statement for a loss, C and y, and how it is decided.
    any_classes: the same for every C and y, where there is an induction for it.
    """

    small: Callable[..., Finding]
    any_classes: Statement | None = None


PROPERTIES: Mapping[str, Property] = {
    "slopes": Property(loss_properties.slopes_inside_regions, induction.slopes_inside_regions),
    "kinks": Property(loss_properties.values_at_kinks),
    "other kinks": Property(loss_properties.another_value_differs),
    "subgradient": Property(
        loss_properties.subgradient_inequality, induction.subgradient_inequality
    ),
    "sum": Property(loss_properties.coefficients_sum_to_zero, induction.coefficients_sum_to_zero),
    "shift": Property(loss_properties.unchanged_by_shift, induction.unchanged_by_shift),
}


@dataclass(frozen=True)
class PropertyFound:
    """What was found of one property.

    statement:   in the letters of the page.
    assumptions: what it depends on, in words.
    decision:    what each method found.
    """

    name: str
    statement: str
    assumptions: str
    decision: Decision

    @property
    def holds(self) -> bool:
        return self.decision.holds


#: Two points s and s′ have 9^(C−1) sign patterns: those of more classes are too many to go through.
FEW = Sizes(range(2, 4))
#: What the solver is asked, and where more is wanted.
MORE, MOST = Sizes(range(2, 11), all_up_to=3), Sizes(range(2, 11))


def require_property(name: str) -> None:
    """Raises ValueError for a name that is not in PROPERTIES."""
    if name not in PROPERTIES:
        raise ValueError(f"properties must be among {', '.join(PROPERTIES)}, not {name!r}")


def prove_property(name: str, loss: Loss, sizes: Sizes = MORE) -> PropertyFound:
    """Decides a property of the loss: for each C and y of FEW region by region; with the solver,
    where it is there, for each of `sizes`, and for every C.

    Raises ValueError for a name that is not in PROPERTIES.
    """
    require_property(name)
    found = PROPERTIES[name]
    first, few = _small(found, loss, FEW, REGIONS, prove_by_regions)
    proofs = [few]
    if method_named(SOLVER).missing:
        return PropertyFound(name, first.statement, first.assumptions, Decision((few,)))
    proofs.append(_small(found, loss, sizes, SOLVER, prove_by_solver)[1])
    if found.any_classes is not None:
        started = time.perf_counter()
        finding = found.any_classes.prove(loss)
        proof = replace(finding.proof, assumptions=(finding.assumptions,))
        proofs.append(replace(proof, seconds=time.perf_counter() - started))
    return PropertyFound(name, first.statement, first.assumptions, Decision(tuple(proofs)))


def _small(
    found: Property, loss: Loss, sizes: Sizes, by: str, decide: Decide
) -> tuple[Finding, Proof]:
    """The first finding, for its words, and the proof for all C and y or the first failure."""
    started = time.perf_counter()
    findings = []
    for C, y in sizes.labelled():
        findings.append(found.small(loss, C, y, decide=decide))
        if not findings[-1].holds:
            break
    proof = findings[-1].proof
    if proof.holds:
        proof = replace(proof, sizes=str(sizes))
    assumptions = (findings[0].assumptions, sizes.labels)
    seconds = time.perf_counter() - started
    proof = replace(proof, method=by, assumptions=assumptions, seconds=seconds)
    return findings[0], proof
