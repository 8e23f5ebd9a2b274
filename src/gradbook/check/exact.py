"""Check 1, "exact": the kernel against exact rational arithmetic, to the last bit.

On the exact deck nothing is rounded, in any order of summation, so that there is one right answer
and every bit of it counts. max_error is the largest difference, and its bound is 0. What is wrong,
and why, the judge says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from gradbook.check.calls import Answer, Misbehaved, Subject, ask, ask_for_its_own
from gradbook.check.deck import deck
from gradbook.check.exact_case import Case
from gradbook.check.verdict import Check
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation, smallest
from gradbook.judge.convention.kink_and_penalty import settle_kink
from gradbook.judge.convention.reply import Reply
from gradbook.judge.example import in_words, inputs
from gradbook.judge.explain.diagnosis import diagnosis
from gradbook.judge.explain.fault import Fault
from gradbook.judge.explain.where import where
from gradbook.judge.judgement import Finding
from gradbook.loss import Loss
from gradbook.notation import hinge

#: That of this project.
CONVENTION = Convention(order=("W", "X", "y"), weights="(C, D)")


@dataclass(frozen=True)
class Outcome:
    """What came of one case: an answer, or a broken contract."""

    case: Case
    answer: Answer | None
    misbehaved: Misbehaved | None = None

    @property
    def wrong(self) -> bool:
        """Whether there is no answer, or a bit of it is another one."""
        return self.answer is None or self.error != 0

    @property
    def error(self) -> float:
        """By how much the answer is off at most."""
        if self.answer is None:
            return 0.0
        # Differences in float64: a wrong float32 answer may be far enough off to overflow.
        with np.errstate(over="ignore"):
            gradient = np.abs(self.answer.gradient - self.case.gradient.astype(float)).max()
        return max(abs(self.answer.loss - self.case.loss), float(gradient))

    def seen(self, convention: Convention) -> Observation:
        """The same as the judge sees it."""
        reply = Reply(error=str(self.misbehaved))
        if self.answer is not None:
            reply = Reply(self.answer.loss, self.answer.gradient)
        return Observation(self.case.question, reply, convention)


def exact(subject: Subject, loss: Loss) -> tuple[Check, tuple[Finding, ...]]:
    """The check and what it found. Raises Unsuitable where a loss has no exact deck."""
    cases = deck(loss, subject.classes, subject.width)
    impure = _impurity(subject, cases)
    outcomes = [_outcome(subject, case) for case in cases]
    wrong = [outcome for outcome in outcomes if outcome.wrong]
    return (
        Check(
            name="exact",
            passed=bool(cases) and not wrong and not impure,
            max_error=max((outcome.error for outcome in outcomes), default=0.0),
            bound=0.0,
            cases=len(cases),
            detail=_detail(cases, len(wrong)),
            applies=bool(cases or impure),
        ),
        (*impure, *_misbehaviour(wrong, outcomes), *_wrong_numbers(loss, outcomes)),
    )


def _detail(cases: Sequence[Case], wrong: int) -> str:
    if not cases:
        return "no data of this loss and size are exact in floating point; nothing was compared"
    kinks = sum(case.question.at_kink for case in cases)
    batches = sum(case.n > 1 for case in cases)
    covered = f"{kinks:,} at a kink, {batches:,} with several examples"
    if wrong:
        return f"{wrong:,} of {len(cases):,} cases are wrong ({covered})"
    return f"{len(cases):,} cases agree with exact arithmetic to the last bit; {covered}"


def _outcome(subject: Subject, case: Case) -> Outcome:
    try:
        return Outcome(case, ask(subject, case.W, case.X, case.y, case.layout))
    except Misbehaved as misbehaved:
        return Outcome(case, None, misbehaved)


def _misbehaviour(wrong: Sequence[Outcome], outcomes: Sequence[Outcome]) -> list[Finding]:
    """A finding for each kind of broken contract."""
    kinds: dict[str, list[Outcome]] = {}
    for outcome in wrong:
        if outcome.misbehaved is not None:
            kinds.setdefault(outcome.misbehaved.kind, []).append(outcome)
    findings = []
    for group in kinds.values():
        shown = smallest(_seen(group))
        sentence = f"{shown.reply.error}{_where(group, outcomes)}"
        findings.append(Finding(sentence, example=inputs(shown.question)))
    return findings


def _where(group: Sequence[Outcome], among: Sequence[Outcome]) -> str:
    """Of how data are presented, or of what they have that others have not."""
    presented = {outcome.case.presented for outcome in group}
    if len(presented) == 1 and "" not in presented:
        return f", only where {presented.pop()}"
    found = where([one.case for one in group], [one.case for one in among])
    if not found.words:
        return ""
    return str(found) if found.contrary else f", only where {found.words}"


def _wrong_numbers(loss: Loss, outcomes: Sequence[Outcome]) -> list[Finding]:
    """What the judge says of the answers; where these are right to rounding, which bits are not."""
    answered = [outcome for outcome in outcomes if outcome.answer is not None]
    wrong = [outcome for outcome in answered if outcome.wrong]
    if not wrong:
        return []
    convention = replace(CONVENTION, at_kink=_declared(loss))
    seen = [one.seen(convention) for one in answered if not one.case.presented]
    faults = _kink(loss, seen) or diagnosis(loss, seen, [], convention)
    if faults:
        return [_finding(fault) for fault in faults]
    in_bits = any(not outcome.case.presented for outcome in wrong)
    head = "its answers differ in the last bits" if in_bits else "its answers are wrong"
    sentence = f"{head}{_where(wrong, answered)}; {len(wrong):,} of {len(answered):,} cases"
    line = loss.cites.get("loss", "") if in_bits else ""
    return [Finding(sentence, line, example=inputs(smallest(_seen(wrong)).question))]


def _kink(loss: Loss, seen: Sequence[Observation]) -> list[Fault]:
    """Whether all would be right with another indicator at a margin of exactly 0."""
    at_kink = settle_kink(seen)
    wrong = [one for one in seen if one.gradient_wrong]
    other = (replace(one, convention=replace(one.convention, at_kink=at_kink)) for one in seen)
    if at_kink is None or not wrong or not all(one.right for one in other):
        return []
    said = f"the indicator is {at_kink:g} there, and not {_declared(loss):g}"
    sentence = f"the gradient is wrong, and only where a margin is exactly 0: {said}"
    return [Fault(sentence, loss.cites.get("kink", ""), explained=True, shown_by=smallest(wrong))]


def _declared(loss: Loss) -> float:
    """The slope of its hinges at 0."""
    return max((float(part.args[1]) for part in loss.formula.atoms(hinge)), default=0.0)


def _seen(outcomes: Sequence[Outcome]) -> list[Observation]:
    return [outcome.seen(CONVENTION) for outcome in outcomes]


def _finding(fault: Fault) -> Finding:
    shown = inputs(fault.shown_by.question) if fault.shown_by else ""
    example = in_words(fault) or shown
    return Finding(fault.sentence, fault.line, fault.kind, fault.explained, example, fault.code)


def _impurity(subject: Subject, cases: Sequence[Case]) -> tuple[Finding, ...]:
    """Whether a call leaves a trace in another: the same call before and after a different one."""
    pairs = [
        (case, other)
        for case, other in pairwise(cases)
        if case.W.shape == other.W.shape and case.n == other.n and not case.presented
        if (case.gradient != other.gradient).any()
    ]
    for case, other in pairs[:: max(1, len(pairs) // 8)]:
        try:
            before = ask(subject, case.W, case.X, case.y)
            held = ask_for_its_own(subject, case.W, case.X, case.y).gradient
            kept = held.copy()
            ask(subject, other.W, other.X, other.y)
            if not np.array_equal(held, kept):
                return (Finding("the gradient that it returned is overwritten by its next call"),)
            after = ask(subject, case.W, case.X, case.y)
        except Misbehaved:
            continue
        if before.loss != after.loss or (before.gradient != after.gradient).any():
            sentence = "it gives different answers to the same inputs"
            return (Finding(sentence, example=inputs(case.question)),)
    return ()
