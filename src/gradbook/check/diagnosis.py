"""From right and wrong answers on the exact deck to sentences about the kernel.

A finding says what is wrong (the loss, row y of the gradient, …) and where; it names the line of
the derivation that the kernel breaks, and shows the smallest inputs that show it. Why it is wrong
is said by the judge, which knows the faults.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradbook.check.calls import Answer, Misbehaved
from gradbook.check.exact_case import AT_KINK, Case
from gradbook.check.verdict import Finding
from gradbook.loss import Loss

#: Arrays with more entries than this are not written out in an example.
_SHOWN = 30


@dataclass(frozen=True)
class Outcome:
    """What came of one case: an answer, or a broken contract."""

    case: Case
    answer: Answer | None
    misbehaved: Misbehaved | None = None

    @property
    def loss_wrong(self) -> bool:
        return self.answer is not None and self.answer.loss != self.case.loss

    @property
    def gradient_wrong(self) -> bool:
        return self.answer is not None and bool((self.answer.gradient != self.case.gradient).any())

    @property
    def right(self) -> bool:
        return self.misbehaved is None and not self.loss_wrong and not self.gradient_wrong


def diagnosis(loss: Loss, outcomes: Sequence[Outcome]) -> list[Finding]:
    """What is wrong with a kernel that answered so, most important first; [] if nothing is."""
    return [
        *_misbehaviour(outcomes),
        *_wrong_loss(loss, outcomes),
        *_wrong_gradient(loss, outcomes),
    ]


def _misbehaviour(outcomes: Sequence[Outcome]) -> list[Finding]:
    kinds: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        if outcome.misbehaved is not None:
            kinds.setdefault(outcome.misbehaved.kind, []).append(outcome)
    findings = []
    for group in kinds.values():
        smallest = min(group, key=_size)
        sentence = f"{smallest.misbehaved}{_where(group, outcomes)}"
        findings.append(Finding(sentence, example=written_inputs(smallest.case)))
    return findings


def _wrong_loss(loss: Loss, outcomes: Sequence[Outcome]) -> list[Finding]:
    wrong = [outcome for outcome in outcomes if outcome.loss_wrong]
    if not wrong:
        return []
    scope = _scope(wrong, outcomes)
    line = loss.cites.get(scope.line or "loss", "") if scope.of_the_data else ""
    return [_finding("the loss is", scope, line)]


def _wrong_gradient(loss: Loss, outcomes: Sequence[Outcome]) -> list[Finding]:
    wrong = [outcome for outcome in outcomes if outcome.gradient_wrong]
    if not wrong:
        return []
    scope = _scope(wrong, outcomes)
    line = scope.line or ("kink" if scope.at_kinks else "gradient")
    return [
        _finding(_rows(scope.group), scope, loss.cites.get(line, "") if scope.of_the_data else "")
    ]


@dataclass(frozen=True)
class _Scope:
    """The wrong answers that a finding speaks of, and the cases `among` which they are wrong.

    If single examples are answered wrongly, they tell most. line: "mean" if none is. of_the_data:
    whether plain float64 data are among them, and not just float32 and odd layouts.
    """

    group: Sequence[Outcome]
    among: Sequence[Outcome]
    line: str
    of_the_data: bool

    @property
    def at_kinks(self) -> bool:
        """Whether all of them have a margin of exactly 0."""
        return all(AT_KINK in outcome.case.traits for outcome in self.group)


def _scope(wrong: Sequence[Outcome], outcomes: Sequence[Outcome]) -> _Scope:
    plain = [outcome for outcome in wrong if outcome.case.plain]
    among = [outcome for outcome in outcomes if outcome.case.plain]
    if not plain:
        return _Scope(wrong, outcomes, "", False)
    if any(outcome.case.n == 1 for outcome in plain):
        return _Scope(_of_one(plain), _of_one(among), "", True)
    return _Scope(plain, [outcome for outcome in among if outcome.case.n > 1], "mean", True)


def _finding(what: str, scope: _Scope, line: str) -> Finding:
    how = "right for n = 1 and wrong for n > 1" if scope.line else "wrong"
    place = f" only where {AT_KINK}" if scope.at_kinks else _where(scope.group, scope.among)
    count = f"{len(scope.group):,} of {len(scope.among):,} cases"
    sentence = f"{what} {how}{place}; {count}"
    return Finding(sentence, line, _example(min(scope.group, key=_size)))


def _of_one(outcomes: Sequence[Outcome]) -> list[Outcome]:
    return [outcome for outcome in outcomes if outcome.case.n == 1]


def _rows(wrong: Sequence[Outcome]) -> str:
    """Which rows of the gradient are wrong, if that can be told: where n = 1."""
    if any(outcome.case.n > 1 for outcome in wrong):
        return "the gradient is"
    own, other = False, False
    for outcome in wrong:
        assert outcome.answer is not None
        rows = (outcome.answer.gradient != outcome.case.gradient).any(axis=1)
        label = int(outcome.case.y[0])
        own, other = own or bool(rows[label]), other or bool(np.delete(rows, label).any())
    if own and other:
        return "the gradient is"
    return "row y of the gradient is" if own else "the rows j ≠ y of the gradient are"


def _where(group: Sequence[Outcome], among: Sequence[Outcome]) -> str:
    """The narrowest trait that all of the group share, as " where …"; "" if it tells nothing."""
    shared = frozenset.intersection(*(outcome.case.traits for outcome in group))
    totals = {
        trait: sum(trait in outcome.case.traits for outcome in among) for trait in sorted(shared)
    }
    telling = {trait: total for trait, total in totals.items() if total < len(among)}
    return f", only where {min(telling, key=telling.__getitem__)}" if telling else ""


def _size(outcome: Outcome) -> tuple[float, ...]:
    """Few examples, classes and features first; then round numbers, and small ones."""
    case = outcome.case
    numbers = np.abs(np.concatenate([case.W, case.X])).astype(float)
    round_ones = bool((numbers == np.round(numbers)).all())
    return (case.n, *case.W.shape, not case.plain, not round_ones, float(numbers.sum()))


def written_inputs(case: Case) -> str:
    """W, X and y, or their sizes if they are large."""
    if case.W.size + case.X.size > _SHOWN:
        (C, D), n = case.W.shape, case.n
        return f"seen with C = {C}, D = {D}, n = {n}"
    return f"W = {written(case.W)}, X = {written(case.X)}, y = {case.y.tolist()}"


def _example(outcome: Outcome) -> str:
    case, answer = outcome.case, outcome.answer
    if answer is None or case.W.size + case.X.size > _SHOWN:
        return written_inputs(case)
    parts = [written_inputs(case)]
    if outcome.loss_wrong:
        parts.append(f"loss {short(answer.loss)}, exactly {short(case.loss)}")
    if outcome.gradient_wrong:
        parts.append(f"gradient {written(answer.gradient)}, exactly {written(case.gradient)}")
    return ": ".join([parts[0], "; ".join(parts[1:])])


def written(a: np.ndarray) -> str:
    """A matrix on one line, row by row."""
    rows = ("[" + ", ".join(short(v) for v in row) + "]" for row in a.tolist())
    return "[" + ", ".join(rows) + "]"


def short(value: float) -> str:
    """A number in six digits, or in as many as it needs to be itself; no −0."""
    value = value + 0.0
    return f"{value:g}" if float(f"{value:g}") == value else repr(float(value))
