"""Claims in entries, for any size: proved or refuted.

A claim is left = right about entries, with letters for the indices. Both sides are worked out by
the rules of `rules`. Then, for each way in which the letters can be the same class (a = j, a = y,
neither …), the form of left − right has to be 0, times 1{…} for each condition on a margin.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from sympy import Eq, Expr, Gt, Lt, Mul

from gradbook import arguments
from gradbook.any_size.binding import free_indices, written_out
from gradbook.any_size.claim import IndexedClaim, Sign, inexact, misplaced
from gradbook.any_size.coincidence import Coincidence, TooMany, coincidences
from gradbook.any_size.compute import OutOfRange, Undefined, holds, value
from gradbook.any_size.conditions import indicator_of, is_about_indices
from gradbook.any_size.decide import is_nonnegative, is_positive, is_zero
from gradbook.any_size.instances import (
    INTEGERS,
    THIRDS,
    TIES,
    Instance,
    Sizes,
    given_in,
    instances,
    simplified,
    sizes_in,
    with_indices,
)
from gradbook.any_size.letters import least_of, range_of
from gradbook.any_size.limits import LIMITS
from gradbook.any_size.numbers import is_more, is_rational, same
from gradbook.any_size.rules import DERIVATIVES, Chain, rewritten
from gradbook.any_size.slopes import NotDerivable
from gradbook.notation import hinge, partial, step
from gradbook.proof import Status
from gradbook.prove.expansion import TooLarge
from gradbook.prove.lines import JUMPS, KINKS

METHOD = "indexed sums, any size"


@dataclass(frozen=True)
class Refutation:
    """An instance at which a claim is false, and the values of its two sides there."""

    instance: Instance
    left: str
    right: str
    relation: Sign = "="

    def __str__(self) -> str:
        failed = {"=": "≠", "≥": "<", ">": "≤"}[self.relation]
        return f"{self.instance}: {self.left} {failed} {self.right}"


@dataclass(frozen=True)
class ClaimProof:
    """What was found of one claim.

    sides:  how its left and its right side were worked out.
    cases:  the ways in which its letters can coincide, each of which was decided.
    """

    claim: IndexedClaim
    status: Status
    reason: str = ""
    sides: tuple[Chain, ...] = field(default=(), repr=False)
    cases: tuple[Coincidence, ...] = ()
    refutation: Refutation | None = None


def assumptions(claims: Iterable[IndexedClaim]) -> tuple[str, ...]:
    parts = [part for claim in claims for part in claim.parts]
    under = [written_out(each.args[0]) for part in parts for each in part.atoms(partial)]
    letters = given_in(parts)
    sizes = [f"{size} ≥ {least_of(size)}" for size in sizes_in(parts, letters)]
    labels = [range_of(letter) is not None for letter in letters]
    said = {
        f"{', '.join(sizes)}: any integers": bool(sizes),
        "the letters are any numbers that the page allows": not all(labels),
        KINKS: any(each.has(hinge) for each in under),
        JUMPS: any(each.has(step) for each in under),
    }
    return tuple(words for words, is_needed in said.items() if is_needed)


def prove_claim(claim: IndexedClaim) -> ClaimProof:
    """Proved, refuted at the smallest instance that was found, or undecided with a reason.

    Nothing is proved by the rules alone: the claim is also computed at small sizes, first.
    """
    arguments.instance("claim", claim, IndexedClaim, "an IndexedClaim")
    if why := inexact(claim):
        return ClaimProof(claim, "undecided", why)
    try:
        trial = tried(claim, FEW)
        if trial.refuted:
            return _refuted(claim, trial)
        if why := misplaced(claim):
            return ClaimProof(claim, "refuted", why)
        if not trial.times:
            return ClaimProof(claim, "undecided", "its conditions never hold at small sizes")
        chains = tuple(
            rewritten(Chain(side), (*LIMITS, *DERIVATIVES)) for side in (claim.left, claim.right)
        )
        cases = tuple(coincidences(claim.parts))
    except (NotDerivable, Undefined, TooMany, TooLarge) as error:
        return ClaimProof(claim, "undecided", str(error))
    try:
        open_case = next((case for case in cases if not _holds(claim, chains, case)), None)
        if open_case is None:
            return ClaimProof(claim, "proved", "", chains, cases)
        where = f" where {open_case}" if str(open_case) else ""
        reason = f"the two sides have different forms{where}"
    except TooLarge as error:
        reason = str(error)
    trial = tried(claim, MANY)
    if trial.refuted:
        return _refuted(claim, trial)
    reason += ", and no small instance tells"
    if trial.stopped:
        reason += f", of the first {trial.times:,}"
    return ClaimProof(claim, "undecided", reason, chains, cases)


def _refuted(claim: IndexedClaim, trial: Trial) -> ClaimProof:
    """With the data of the trial, as many of them 0 as can be."""
    found = trial.refutation
    if found is not None:
        simplest = simplified(found.instance, lambda data: _fails(claim, data) is not None)
        found = _fails(claim, simplest)
    return ClaimProof(claim, "refuted", trial.undefined, refutation=found)


def _holds(claim: IndexedClaim, chains: tuple[Chain, ...], case: Coincidence) -> bool:
    """Whether the claim is proved where the letters coincide as in this case."""
    left, right = (case.apply(chain.end) for chain in chains)
    given = Mul(*(case.apply(indicator_of(condition)) for condition in claim.given))
    difference = left - right
    if claim.relation == "=":
        return is_zero(difference * given, case.different)
    above = (case.apply(u) for u in _above(claim))
    return (
        is_positive(difference, case.different)
        if claim.relation == ">"
        else is_nonnegative(difference * given, case.different)
    ) or any(is_nonnegative(difference - u, case.different) for u in above)


def _above(claim: IndexedClaim) -> Iterator[Expr]:
    """What the conditions say to be > 0 or, if the claim is ≥, to be 0."""
    for condition in claim.given:
        if isinstance(condition, Gt | Lt):
            yield condition.gts - condition.lts
        elif (
            claim.relation == "≥" and isinstance(condition, Eq) and not is_about_indices(condition)
        ):
            yield from (condition.lhs - condition.rhs, condition.rhs - condition.lhs)


# Small instances.

#: To be sure of a proof, and to search long.
FEW = Sizes(2, (TIES, TIES, TIES, TIES, INTEGERS, THIRDS))
MANY = Sizes(3, (TIES,) * 15 + (INTEGERS,) * 10 + (THIRDS,) * 5)

#: More instances are not computed, and fewer of what has no exact value: a number of steps, and no
#: time, so that what is found is the same on every machine.
MOST_TRIED, MOST_ROUNDED = 20_000, 2_000
MOST_INDICES = 12


@dataclass(frozen=True)
class Trial:
    """How often a claim was computed, and where it first failed or asked for what is not there.

    stopped: whether there were more instances than MOST_TRIED.
    """

    times: int
    refutation: Refutation | None = None
    undefined: str = ""
    stopped: bool = False

    @property
    def refuted(self) -> bool:
        return self.refutation is not None or bool(self.undefined)


def tried(claim: IndexedClaim, sizes: Sizes) -> Trial:
    """The claim computed at every instance of these sizes, up to the first where it fails; at
    MOST_TRIED of them, where its letters have more.
    """
    letters = free_indices(*claim.parts)
    most = MOST_TRIED if all(map(is_rational, (claim.left, claim.right))) else MOST_ROUNDED
    times = seen = 0
    for data in instances(claim.parts, sizes):
        for instance in _some(list(with_indices(data, letters)), sizes):
            if seen == most:
                return Trial(times, stopped=True)
            seen += 1
            try:
                if not all(holds(condition, instance) for condition in claim.given):
                    continue
                found = _compared(claim, instance)
            except OutOfRange as error:
                return Trial(times, undefined=f"{error}, at {instance}")
            except ArithmeticError:
                continue
            times += 1
            if found is not None:
                return Trial(times, found)
    return Trial(times)


def _some(chosen: list[Instance], sizes: Sizes) -> list[Instance]:
    """At the few sizes, no more than MOST_INDICES choices of the free indices."""
    if sizes is not FEW or len(chosen) <= MOST_INDICES:
        return chosen
    return Random(len(chosen)).sample(chosen, MOST_INDICES)


def _compared(claim: IndexedClaim, instance: Instance) -> Refutation | None:
    """The two sides at an instance, where they are not as claimed."""
    left, right = value(claim.left, instance), value(claim.right, instance)
    if (
        claim.relation != ">"
        if same(left, right)
        else claim.relation != "=" and is_more(left, right)
    ):
        return None
    return Refutation(instance, str(left), str(right), claim.relation)


def _fails(claim: IndexedClaim, instance: Instance) -> Refutation | None:
    """As above; None too where the conditions do not hold, or something has no value."""
    try:
        applies = all(holds(condition, instance) for condition in claim.given)
        return _compared(claim, instance) if applies else None
    except (Undefined, ArithmeticError):
        return None
