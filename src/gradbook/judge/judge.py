"""Is this function right, and if not, what is wrong with it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any

from gradbook.check.formula import Unsuitable
from gradbook.judge.convention import Convention, ask
from gradbook.judge.deck import deck, penalty_deck
from gradbook.judge.detect import Forced, NoConvention, detect
from gradbook.judge.diagnosis import diagnosis
from gradbook.judge.evidence import Observation
from gradbook.judge.fault import Fault
from gradbook.judge.judgement import Finding, Judgement, ordered
from gradbook.judge.question import Question
from gradbook.judge.settle import settle_kink, settle_penalty
from gradbook.loss import Loss
from gradbook.subjects import Answer, Argument, Subject

Progress = Callable[[str], object]

#: After so many calls that ended the process, or took all their time, no more are made.
_FATAL = 3


def judge(
    subject: Subject,
    loss: Loss,
    *,
    forced: Forced | None = None,
    patience: float = 60.0,
    progress: Progress | None = None,
) -> Judgement:
    """Whether a function computes `loss` and its gradient, in whatever convention it follows.

    subject: the function. forced: what is known of its convention, and need not be detected.
    patience: seconds after which nothing more is asked; what was covered says so. progress: called
    with a line of text at each step.

    Whatever the function does, it is a finding and no exception.
    """
    began = perf_counter()
    counted = _Counted(subject)
    tell = progress or (lambda text: None)
    try:
        judged = _judged(counted, loss, forced, began + patience, tell)
    except NoConvention as reason:
        judged = Judgement(subject.name, loss.name, "not judged", str(reason))
    except Unsuitable as reason:
        judged = Judgement(subject.name, loss.name, "not judged", str(reason))
    return replace(
        judged,
        calls=counted.calls,
        remarks=tuple(subject.remarks),
        seconds=perf_counter() - began,
    )


def _judged(
    subject: _Counted, loss: Loss, forced: Forced | None, until: float, tell: Progress
) -> Judgement:
    tell(f"{subject.name}: how it wants its arguments …")
    convention = detect(subject, loss, forced)
    tell(f"{subject.name}: {len(deck(loss))} exact questions …")
    observations = list(_observed(subject, convention, deck(loss), until))
    convention = replace(convention, at_kink=settle_kink(observations))
    pairs: Sequence[tuple[Observation, Observation]] = ()
    if convention.has_reg:
        convention, pairs = settle_penalty(subject, convention, penalty_deck(loss))
    observations = [replace(one, convention=convention) for one in observations]
    with_reg = [one for pair in pairs for one in pair]
    faults = diagnosis(loss, observations, pairs, convention)
    findings = ordered([_finding(fault) for fault in faults])
    return Judgement(
        name=subject.name,
        loss=loss.name,
        status="wrong" if findings else "right",
        convention=convention,
        findings=findings,
        covered=_covered(observations, with_reg),
    )


def _observed(
    subject: Subject, convention: Convention, questions: Sequence[Question], until: float
) -> Iterator[Observation]:
    fatal = 0
    for question in questions:
        if perf_counter() > until or fatal >= _FATAL:
            return
        reply = ask(subject, convention, question)
        fatal += reply.fatal
        yield Observation(question, reply, convention)


def _finding(fault: Fault) -> Finding:
    return Finding(fault.sentence, fault.line, fault.kind, fault.explained)


def _covered(observations: Sequence[Observation], with_reg: Sequence[Observation]) -> str:
    kinks = sum(one.question.at_kink for one in observations)
    batches = sum(one.question.n > 1 for one in observations)
    reg = f", {len(with_reg)} with and without reg" if with_reg else ""
    return (
        f"{len(observations):,} exact questions: {kinks:,} at a kink, "
        f"{batches:,} with several examples{reg}"
    )


@dataclass
class _Counted:
    """A subject, and how often it was called."""

    subject: Subject
    calls: int = 0

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def parameters(self) -> tuple[str, ...]:
        return self.subject.parameters

    @property
    def defaults(self) -> Any:
        return self.subject.defaults

    @property
    def remarks(self) -> tuple[str, ...]:
        return self.subject.remarks

    def __call__(self, *arguments: Argument, **keywords: Argument) -> Answer:
        self.calls += 1
        return self.subject(*arguments, **keywords)

    def fresh(self) -> _Counted:
        return replace(self, subject=self.subject.fresh())
