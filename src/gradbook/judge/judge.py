"""Is this function right, and if not, what is wrong with it?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from time import perf_counter

import numpy as np

from gradbook.called import is_called_so
from gradbook.judge.beside.bias import bias_faults
from gradbook.judge.beside.other_margins import margin_faults
from gradbook.judge.beside.overflow import overflow
from gradbook.judge.beside.types_and_layouts import numerical_faults
from gradbook.judge.beside.weights import weights_asked
from gradbook.judge.convention.base_set import (
    Answers,
    Asking,
    BaseSet,
    Pair,
    answers,
    base_set,
    too_slow,
)
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.detect import detect, which_loss
from gradbook.judge.convention.evidence import Observation, smallest, wrong
from gradbook.judge.convention.forced import Forced
from gradbook.judge.convention.kink_and_penalty import further_pairs, settle_kink, settle_penalty
from gradbook.judge.convention.of_scores import of_scores
from gradbook.judge.convention.signature import AlwaysFails, NoConvention
from gradbook.judge.convention.weight_of_the_data import weighing_faults
from gradbook.judge.example import example, in_words
from gradbook.judge.explain.diagnosis import diagnosis
from gradbook.judge.explain.fault import Fault
from gradbook.judge.explain.more_questions import further
from gradbook.judge.explain.table import table
from gradbook.judge.judgement import (
    EXACT,
    KINDS,
    NO_GRADIENT,
    NUMERICAL,
    PURITY,
    Finding,
    Judgement,
)
from gradbook.judge.memory.purity import changes, kept_something, purity
from gradbook.judge.penalties.other_penalty import constant_pairs, hidden, settle_other_penalty
from gradbook.loss import Loss
from gradbook.notation import hinge, step
from gradbook.questions.deck import penalty_deck
from gradbook.questions.formula import Unsuitable
from gradbook.subjects import Answer, Argument, Subject, TooSlow
from gradbook.subjects.subject import Wrapped

Progress = Callable[[str], object]


def judge(
    subject: Subject,
    *losses: Loss,
    forced: Forced | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> Judgement:
    """Whether a function computes a loss and its gradient, in whatever convention it follows.

    subject: the function. losses: one, or several of which it is meant to be one: that by its name,
    or else its values. forced: what is known of its convention, and need not be detected.
    seed: which of many equally telling questions are asked. progress: called with a line of text at
    each step.

    Whatever the function does, it is a finding and no exception. It is right only if it answers
    every question of the base set rightly, however long that takes: what takes too long, of the
    limits of the subject, is not judged.
    """
    began = perf_counter()
    scored = of_scores(subject)
    if scored is not None:
        subject, forced = (
            scored,
            replace(forced or Forced(), order=None, weights="(C, D)", labels="integers"),
        )
    loss, counted, name = losses[0], _Counted(subject), ""
    tell = progress or (lambda text: None)
    try:
        # What overflows is said in the findings; a warning would say it of our own code.
        with np.errstate(all="ignore"):
            loss = which_loss(counted, losses, forced)
            name = loss.name
            judged = _judged(counted, loss, forced, seed, tell)
    except NoConvention as reason:
        judged = Judgement(subject.name, name, "not judged", str(reason), code=reason.code)
    except AlwaysFails as reason:
        finding = Finding(str(reason), explained=True, code="GB804")
        judged = Judgement(subject.name, name, "wrong", findings=(finding,))
    except Unsuitable as reason:
        judged = Judgement(subject.name, name, "not judged", str(reason), code="unsuitable")
    except TooSlow as reason:
        count = counted.count
        count.base = count.base or len(base_set(loss, Convention(), seed))
        answered = f"{count.answered:,} of {count.base:,} questions answered"
        why = f"too slow: {reason}; {answered}"
        judged = Judgement(subject.name, name, "not judged", why, code=reason.code)
    return replace(
        judged,
        calls=counted.count.calls,
        answered=counted.count.answered,
        base=counted.count.base,
        remarks=tuple(subject.remarks),
        # What takes scores is called in another way than an example would show.
        example="" if scored else judged.example,
        seconds=perf_counter() - began,
    )


def _judged(
    subject: _Counted, loss: Loss, forced: Forced | None, seed: int, tell: Progress
) -> Judgement:
    """The steps, one after the other. Raises what `judge` makes a judgement of."""
    forced = forced or Forced()
    tell(f"{subject.name}: how it wants its arguments …")
    convention = detect(subject, loss, forced)
    weighing = convention.weighed and weighing_faults(subject, convention, penalty_deck(loss))
    if weighing:
        return _judgement(subject, loss, convention, weighing, "asked with other weights C")
    pure = purity(subject, convention, loss)
    if not pure.repeatable:
        return _judgement(subject, loss, convention, pure.faults, covered="asked the same again")
    base = base_set(loss, convention, seed)
    tell(f"{subject.name}: {len(base):,} exact questions …")
    given = _answers(subject, convention, base, seed)
    covered = _covered(given, base)
    convention, seen = _settled(subject, loss, convention, given, forced)
    observations = seen.telling
    overflowing = overflow(loss, observations)
    unexplained = [*overflowing.rest(observations), *seen.with_reg]
    if "causes" in forced.without and (amiss := _unexplained(unexplained)):
        return _judgement(subject, loss, convention, amiss, covered)
    more = further(loss, overflowing.rest(observations), Asking(subject, convention))
    answered = [*observations, *more]
    kept = kept_something(subject, pure, convention, loss, answered)
    if kept:
        return _judgement(subject, loss, convention, kept, covered)
    impure = pure.faults or changes(subject, convention, answered)
    if "purity" in forced.without:
        impure = []
    tell(f"{subject.name}: what its answers say …")
    observations = overflowing.rest(answered)
    faults = [*diagnosis(loss, observations, seen.pairs, convention), *overflowing.faults]
    _require_likeness(subject, loss, observations, faults)
    faults = faults or _unexplained([*observations, *seen.with_reg])
    if not impure and not _is_wrong(faults):
        _require_all_answers(subject, seen)
    convention, faults = _looked_beside(subject, convention, loss, faults, forced)
    judged = _judgement(subject, loss, convention, [*impure, *faults], covered)
    return replace(judged, table=table(seen.usual))


@dataclass(frozen=True)
class _Seen:
    """What was answered to the base set, as a `BaseSet` has it, in the convention that it shows."""

    usual: list[Observation]
    far: list[Observation]
    pairs: list[Pair]

    @property
    def with_reg(self) -> list[Observation]:
        return [one for _, one in self.pairs]

    @property
    def telling(self) -> list[Observation]:
        """Without reg. What is wrong for numbers or batches that few meet is looked into where
        nothing else is wrong.
        """
        return [*self.usual, *(() if wrong([*self.usual, *self.with_reg]) else self.far)]


def _settled(
    subject: _Counted, loss: Loss, convention: Convention, given: Answers, forced: Forced
) -> tuple[Convention, _Seen]:
    """The convention with the kink and the penalty that the answers show, and these in it."""
    if not loss.formula.has(hinge, step):
        convention = replace(convention, smooth=True)
    else:
        known = forced.at_kink
        at_kink = settle_kink(given.usual) if known is None else known
        convention = replace(convention, at_kink=at_kink)
    pairs = list(given.pairs)
    if convention.has_reg:
        convention, pairs = settle_penalty(convention, pairs, forced.penalty)
        pairs += further_pairs(subject, convention, pairs)
    if convention.constant:
        pairs = constant_pairs(subject, convention, loss)
    if forced.penalty is None:
        convention, pairs = settle_other_penalty(subject, convention, pairs)

    def in_it(part: Sequence[Observation]) -> list[Observation]:
        seen = [replace(one, convention=convention) for one in part]
        return [one for one in seen if one.right or not hidden(subject, convention, one)]

    return convention, _Seen(in_it(given.usual), in_it(given.far), pairs)


def _is_wrong(faults: Sequence[Fault]) -> bool:
    return any(fault.kind == EXACT for fault in faults)


def _require_likeness(
    subject: _Counted, loss: Loss, observations: Sequence[Observation], faults: Sequence[Fault]
) -> None:
    """Raises NoConvention for what is another loss."""
    if _is_nothing_like_it(is_called_so(subject.name, loss), observations, faults):
        raise NoConvention(
            "nothing but its parameters looks like this loss: no answer is right, and nothing "
            "known is wrong with it; it may be another loss"
        )


def _require_all_answers(subject: _Counted, seen: _Seen) -> None:
    """Raises TooSlow where nothing is wrong, and not every question was answered."""
    if subject.count.answered < subject.count.base:
        slow = too_slow([*seen.usual, *seen.far, *seen.with_reg])
        raise TooSlow(_how_slow(slow))


def _looked_beside(
    subject: _Counted,
    convention: Convention,
    loss: Loss,
    faults: Sequence[Fault],
    forced: Forced,
) -> tuple[Convention, list[Fault]]:
    """What else is wrong where the numbers are right: a bias, a margin, weights, types."""
    found = [*faults]
    if not _is_wrong(found) and convention.bias:
        found += bias_faults(subject, convention, loss)
    if not _is_wrong(found):
        found += margin_faults(subject, convention, loss)
    if not _is_wrong(found):
        convention, of_weights = weights_asked(subject, convention, loss)
        found += [*of_weights, *not_looked_at(convention)]
    if not _is_wrong(found):
        found += numerical_faults(subject, convention, loss, forced.without)
    return convention, found


def _answers(subject: _Counted, convention: Convention, base: BaseSet, seed: int) -> Answers:
    """The answers to the base set, which are counted."""
    asking, seen = Asking(subject, convention), []
    subject.count.base = len(base)
    for question in base.in_order(seed):
        one = asking(question)
        if one is not None:
            seen.append(one)
            subject.count.answered += not one.reply.fatal
    return answers(base, seen)


def _how_slow(slow: Sequence[Observation]) -> str:
    one = smallest(slow)
    q = one.question
    return f"it {one.reply.error} for n = {q.n}, C = {q.C} and D = {q.D}"


def not_looked_at(convention: Convention) -> list[Fault]:
    """That something is returned with the loss which is no gradient of it."""
    if not convention.beside:
        return []
    sentence = f"only its loss is judged: with it comes {convention.beside}, which is no gradient"
    return [Fault(sentence, kind=NUMERICAL, explained=True, code=NO_GRADIENT)]


def _unexplained(observations: Sequence[Observation]) -> list[Fault]:
    """What is wrong all the same, where no part of the diagnosis says so."""
    slow = too_slow(observations)
    amiss = [one for one in wrong(observations) if one not in slow]
    if not amiss:
        return []
    sentence = f"{len(amiss):,} of {len(observations):,} answers are wrong"
    return [Fault(sentence, code="GB901", shown_by=smallest(amiss))]


def _is_nothing_like_it(
    named: bool, observations: Sequence[Observation], faults: Sequence[Fault]
) -> bool:
    """Whether it is not called as this loss is, is right nowhere, and for no known reason."""
    if named or not faults:
        return False
    if faults[0].explained and not faults[0].everywhere:
        return False
    asked = [one for one in observations if one.question.right.mu.any()]
    return bool(asked) and not any(_partly_right(one) for one in asked)


def _partly_right(one: Observation) -> bool:
    """Whether the loss or the gradient is right, even if the other is missing."""
    loss = one.reply.loss
    if loss is not None and one.expected.allows("loss", loss):
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
        Finding(
            fault.sentence,
            fault.line,
            fault.kind,
            fault.explained,
            in_words(fault),
            fault.code,
        )
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


def _covered(given: Answers, base: BaseSet) -> str:
    data = [*given.usual, *given.far]
    kinks = sum(one.question.at_kink for one in data)
    batches = sum(one.question.n > 1 for one in data)
    reg = f", {len(given.pairs)} with and without reg" if given.pairs else ""
    return (
        f"{len(data) + len(given.pairs):,} of {len(base):,} exact questions: {kinks:,} at a kink, "
        f"{batches:,} with several examples{reg}"
    )


@dataclass
class _Count:
    """Calls, and questions of the base set: how many were answered, and how many there are."""

    calls: int = 0
    answered: int = 0
    base: int = 0


@dataclass(frozen=True)
class _Counted(Wrapped):
    """A subject, and how often it was called, here and where it was made anew."""

    count: _Count = field(default_factory=_Count)

    def __call__(self, *arguments: Argument, **keywords: Argument) -> Answer:
        self.count.calls += 1
        return self.subject(*arguments, **keywords)

    def fresh(self) -> _Counted:
        return replace(self, subject=self.subject.fresh())
