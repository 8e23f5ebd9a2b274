"""Check 1, "exact": the kernel against exact rational arithmetic, to the last bit.

On the exact deck nothing is rounded, in any order of summation, so that there is one right answer
and every bit of it counts. max_error is the largest difference, and its bound is 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gradbook.check.calls import Misbehaved, Subject, ask, ask_for_its_own
from gradbook.check.deck import deck
from gradbook.check.diagnosis import Outcome, diagnosis, written_inputs
from gradbook.check.exact_case import AT_KINK, Case
from gradbook.check.verdict import Check, Finding
from gradbook.loss import Loss


def exact(subject: Subject, loss: Loss) -> tuple[Check, tuple[Finding, ...]]:
    """The check and what it found. Raises Unsuitable where a loss has no exact deck."""
    cases = deck(loss, subject.classes, subject.width)
    impure = _impurity(subject, cases)
    outcomes = [_outcome(subject, case) for case in cases]
    wrong = [outcome for outcome in outcomes if not outcome.right]
    findings = (*impure, *diagnosis(loss, outcomes))
    return (
        Check(
            name="exact",
            passed=bool(cases) and not wrong and not impure,
            max_error=max((_error(outcome) for outcome in outcomes), default=0.0),
            bound=0.0,
            cases=len(cases),
            detail=_detail(cases, len(wrong)),
            applies=bool(cases or impure),
        ),
        findings,
    )


def _detail(cases: Sequence[Case], wrong: int) -> str:
    if not cases:
        return "no data of this loss and size are exact in floating point; nothing was compared"
    kinks = sum(AT_KINK in case.traits for case in cases)
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


def _error(outcome: Outcome) -> float:
    if outcome.answer is None:
        return 0.0
    # Differences in float64: a wrong float32 answer may be far enough off to overflow.
    with np.errstate(over="ignore"):
        gradient = np.abs(outcome.answer.gradient - outcome.case.gradient.astype(float)).max()
    return max(abs(outcome.answer.loss - outcome.case.loss), float(gradient))


def _impurity(subject: Subject, cases: Sequence[Case]) -> tuple[Finding, ...]:
    """Whether a call leaves a trace in another: the same call before and after a different one."""
    pairs = [
        (case, other)
        for case, other in pairwise(cases)
        if case.W.shape == other.W.shape and case.n == other.n and case.plain
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
            return (Finding(sentence, example=written_inputs(case)),)
    return ()
