"""Is this function right, and if not, what is wrong with it?"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter
from typing import Any

from gradbook.check.formula import Unsuitable
from gradbook.judge.bias import bias_faults
from gradbook.judge.convention import Convention, ask, posed
from gradbook.judge.deck import deck, further_penalties, penalty_deck
from gradbook.judge.detect import Forced, detect
from gradbook.judge.diagnosis import diagnosis
from gradbook.judge.evidence import Observation
from gradbook.judge.example import example, in_words
from gradbook.judge.fault import Fault
from gradbook.judge.further import Ask, further
from gradbook.judge.judgement import EXACT, KINDS, PURITY, Finding, Judgement
from gradbook.judge.numerical import numerical_faults
from gradbook.judge.of_scores import of_scores
from gradbook.judge.other_margins import margin_faults
from gradbook.judge.penalty import Pair
from gradbook.judge.purity import changes, kept_something, purity
from gradbook.judge.question import Question
from gradbook.judge.settle import further_pairs, settle_kink, settle_penalty
from gradbook.judge.signature import AlwaysFails, NoConvention
from gradbook.judge.table import table
from gradbook.judge.weighed import weighing_faults
from gradbook.loss import Loss
from gradbook.subjects import Answer, Argument, Subject
from gradbook.subjects.names import THIS

Progress = Callable[[str], object]

#: After so many calls that ended the process, or took all their time, no more are made.
_FATAL = 3


def judge(
    subject: Subject,
    loss: Loss,
    *,
    forced: Forced | None = None,
    patience: float = 15.0,
    progress: Progress | None = None,
) -> Judgement:
    """Whether a function computes `loss` and its gradient, in whatever convention it follows.

    subject: the function. forced: what is known of its convention, and need not be detected.
    patience: seconds after which nothing more is asked; what was covered says so. progress: called
    with a line of text at each step.

    Whatever the function does, it is a finding and no exception.
    """
    began = perf_counter()
    scored = of_scores(subject)
    if scored is not None:
        subject, forced = (
            scored,
            replace(forced or Forced(), order=("W", "X", "y"), weights="(C, D)", labels="integers"),
        )
    counted = _Counted(subject)
    tell = progress or (lambda text: None)
    try:
        judged = _judged(counted, loss, forced, began + patience, tell)
    except NoConvention as reason:
        judged = Judgement(subject.name, loss.name, "not judged", str(reason))
    except AlwaysFails as reason:
        finding = Finding(str(reason), explained=True)
        judged = Judgement(subject.name, loss.name, "wrong", findings=(finding,))
    except Unsuitable as reason:
        judged = Judgement(subject.name, loss.name, "not judged", str(reason))
    return replace(
        judged,
        calls=counted.calls,
        remarks=tuple(subject.remarks),
        # What takes scores is called in another way than an example would show.
        example="" if scored else judged.example,
        seconds=perf_counter() - began,
    )


def _judged(
    subject: _Counted, loss: Loss, forced: Forced | None, until: float, tell: Progress
) -> Judgement:
    tell(f"{subject.name}: how it wants its arguments …")
    forced = forced or Forced()
    convention = detect(subject, loss, forced)
    if convention.weighed:
        weighing = weighing_faults(subject, convention, penalty_deck(loss))
        if weighing:
            covered = "asked with other weights C"
            return _judgement(subject, loss, convention, weighing, covered)
    pure = purity(subject, convention, loss)
    if not pure.repeatable:
        return _judgement(subject, loss, convention, pure.faults, covered="asked the same again")
    questions = [posed(convention, question) for question in deck(loss)]
    tell(f"{subject.name}: {len(questions)} exact questions …")
    observations = list(_observed(subject, convention, questions, until))
    settled = settle_kink(observations) if forced.at_kink is None else forced.at_kink
    convention = replace(convention, at_kink=settled)
    pairs: Sequence[Pair] = ()
    if convention.has_reg:
        convention, pairs = settle_penalty(
            subject,
            convention,
            [posed(convention, question) for question in penalty_deck(loss)],
            forced.penalty,
        )
        further_ones = [posed(convention, question) for question in further_penalties(loss)]
        pairs = [*pairs, *further_pairs(subject, convention, further_ones)]
    observations = [replace(one, convention=convention) for one in observations]
    observations += further(loss, observations, _within(subject, convention, until))
    kept = kept_something(subject, pure, convention, loss, observations, subject.calls)
    if kept:
        return _judgement(subject, loss, convention, kept, _covered(observations, pairs))
    impure = pure.faults or changes(subject, convention, observations)
    if "purity" in forced.without:
        impure = []
    tell(f"{subject.name}: what its answers say …")
    faults = diagnosis(loss, observations, pairs, convention)
    if _is_nothing_like_it(subject.name, observations, faults):
        raise NoConvention(
            "nothing but its parameters looks like this loss: no answer is right, and nothing "
            "known is wrong with it; it may be another loss"
        )
    if not faults and convention.bias:
        faults = bias_faults(subject, convention, loss)
    if not faults:
        faults = margin_faults(subject, convention, loss)
    if not any(fault.kind == EXACT for fault in faults):
        faults += numerical_faults(subject, convention, loss, forced.without)
    return replace(
        _judgement(subject, loss, convention, [*impure, *faults], _covered(observations, pairs)),
        table=table(observations),
    )


def _is_nothing_like_it(
    name: str, observations: Sequence[Observation], faults: Sequence[Fault]
) -> bool:
    """Whether it is not called as this loss is, is right nowhere, and for no known reason."""
    if THIS.search(name.lower()) or not faults:
        return False
    if faults[0].explained and "right nowhere" not in faults[0].sentence:
        return False
    asked = [one for one in observations if one.question.right.mu.any()]
    return bool(asked) and not any(_partly_right(one) for one in asked)


def _partly_right(one: Observation) -> bool:
    """Whether the loss or the gradient is right, even if the other is missing."""
    loss = one.reply.loss
    if loss is not None and abs(loss - one.expected.loss) <= one.expected.loss_bound:
        return True
    return not one.failed and one.reply.gradient is not None and not one.gradient_wrong


def _judgement(
    subject: Subject,
    loss: Loss,
    convention: Convention,
    faults: Sequence[Fault],
    covered: str,
) -> Judgement:
    ranked = sorted(faults, key=lambda fault: KINDS.index(fault.kind))
    findings = tuple(
        Finding(fault.sentence, fault.line, fault.kind, fault.explained, in_words(fault))
        for fault in ranked
    )
    wrong = any(finding.kind in (EXACT, PURITY) for finding in findings)
    return Judgement(
        name=subject.name,
        loss=loss.name,
        status="wrong" if wrong else "right",
        convention=convention,
        findings=findings,
        covered=covered,
        example=example(subject, convention, ranked[0]) if wrong else "",
    )


def _observed(
    subject: Subject, convention: Convention, questions: Sequence[Question], until: float
) -> Iterator[Observation]:
    """The answers, as far as patience goes."""
    fatal = 0
    last = (1.0, 0.0)
    for question in questions:
        began = perf_counter()
        if began > until or fatal >= _FATAL or began + _forecast(question, *last) > until:
            continue
        reply = ask(subject, convention, question)
        last = (_work(question), perf_counter() - began)
        fatal += reply.fatal
        yield Observation(question, reply, convention)


def _within(subject: Subject, convention: Convention, until: float) -> Ask:
    """Asks one question after the other, while there is time."""
    fatal = 0

    def answered(question: Question) -> Observation | None:
        nonlocal fatal
        if perf_counter() > until or fatal >= _FATAL:
            return None
        question = posed(convention, question)
        reply = ask(subject, convention, question)
        fatal += reply.fatal
        return Observation(question, reply, convention)

    return answered


def _work(question: Question) -> float:
    return float(question.n * question.C * question.D)


def _forecast(question: Question, work: float, seconds: float) -> float:
    """How long a large question may take: finite differences grow with the cube of the size."""
    return seconds * (_work(question) / work) ** 3 if _work(question) > 1e4 > 1e3 < work else 0.0


def _covered(observations: Sequence[Observation], pairs: Sequence[Pair]) -> str:
    kinks = sum(one.question.at_kink for one in observations)
    batches = sum(one.question.n > 1 for one in observations)
    reg = f", {len(pairs)} with and without reg" if pairs else ""
    return (
        f"{len(observations):,} exact questions: {kinks:,} at a kink, "
        f"{batches:,} with several examples{reg}"
    )


@dataclass
class _Counted:
    """A subject, and how often it was called, here and where it was made anew."""

    subject: Subject
    counter: list[int] = field(default_factory=lambda: [0])

    @property
    def calls(self) -> int:
        return self.counter[0]

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

    @property
    def renews(self) -> bool:
        return self.subject.renews

    def __call__(self, *arguments: Argument, **keywords: Argument) -> Answer:
        self.counter[0] += 1
        return self.subject(*arguments, **keywords)

    def fresh(self) -> _Counted:
        return replace(self, subject=self.subject.fresh())
