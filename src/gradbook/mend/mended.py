"""The smallest change of a wrong function's text with which it is right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import islice
from pathlib import Path

from gradbook.judge.convention import Convention, Reply, ask, posed
from gradbook.judge.deck import deck, penalty_deck
from gradbook.judge.detect import Forced
from gradbook.judge.evidence import Observation
from gradbook.judge.judge import judge
from gradbook.judge.judgement import Judgement, Mend
from gradbook.judge.question import Question
from gradbook.judge.settle import penalties
from gradbook.loss import Loss
from gradbook.mend.change import changed_lines
from gradbook.mend.slips import Slip, slips
from gradbook.subjects import Isolated, Limits, Obstacle, Subject
from gradbook.subjects.source import Source, read_source

#: So many changes are tried, and so many that pass the first questions are judged.
_TRIED, _JUDGED = 5_000, 8
#: Changes that end the process, or take all their time: after so many no more are tried.
_ENDED = 12
#: Questions that a change has to pass before it is judged: wrong ones, and others.
_WRONG, _OTHERS = 12, 24
#: Questions with more numbers than this are left to the judge.
_LARGE = 3_000



def mended(
    path: Path, name: str, loss: Loss, convention: Convention, limits: Limits
) -> Mend | None:
    """The first change, in the order of what they cost, with which the function is judged right.

    convention: how it wants its arguments. None if there is none among those that are tried, or if
    it is right for the questions that are asked first. What is tried runs in a process of its own.
    Raises Obstacle where the function cannot be had.
    """
    source = read_source(path)
    quick = replace(limits, seconds=min(limits.seconds, 1.0), loading=min(limits.loading, 5.0))
    with closing(Isolated(path, name, quick)) as subject:
        questions = _telling(subject, loss, convention)
        if not questions:
            return None
        exam = _Exam(questions, _conventions(convention))
        roles = dict(zip(convention.order, subject.parameters, strict=False))
        tried = islice(slips(source, name, roles), _TRIED)
        for slip in islice(_passing(subject, exam, tried), _JUDGED):
            if _is_right(subject, loss, convention):
                return _mend(source, slip)
    return None


def _telling(subject: Isolated, loss: Loss, convention: Convention) -> list[Question]:
    """Questions that the function fails at first, then others; [] if it fails at none of them."""
    questions = [posed(convention, question) for question in deck(loss)]
    if convention.has_reg:
        pairs = [posed(convention, question) for question in penalty_deck(loss)]
        questions = [*(one.with_reg(reg) for one in pairs for reg in (1.0, 3.0)), *questions]
    failed, passed = [], []
    for question in questions:
        if question.n * question.C * question.D <= _LARGE:
            right = _passes(Observation(question, ask(subject, convention, question), convention))
            (passed if right else failed).append(question)
    return [*_spread(failed, _WRONG), *_spread(passed, _OTHERS)] if failed else []


def _spread(questions: Sequence[Question], count: int) -> list[Question]:
    """Some of them, small and large ones."""
    by_size = sorted(questions, key=lambda one: one.size)
    return by_size[:: max(1, len(by_size) // count)][:count]


def _conventions(convention: Convention) -> tuple[Convention, ...]:
    """The convention with each value at the kink and each penalty: the fault may hide which."""
    kinks = dict.fromkeys((convention.at_kink, 0.0, 1.0))
    kinked = [replace(convention, at_kink=at_kink) for at_kink in kinks]
    if not convention.has_reg:
        return tuple(kinked)
    return tuple(one for each in kinked for one in penalties(each))


def _passes(one: Observation) -> bool:
    return one.right and not one.reply.changed and not one.reply.aliases


class _Exam:
    """Questions, and what is right for them in each convention."""

    def __init__(self, questions: Sequence[Question], conventions: Sequence[Convention]) -> None:
        self.questions, self.conventions = questions, conventions

    def is_passed(self, subject: Subject) -> bool:
        """Whether every answer is right in one convention, the same for all of them."""
        left = self.conventions
        for question in self.questions:
            reply = ask(subject, left[0], question)
            left = [one for one in left if _passes(self._seen(question, reply, one))]
            if not left:
                return False
        return True

    def _seen(self, question: Question, reply: Reply, convention: Convention) -> Observation:
        return Observation(question, reply, convention)


def _passing(subject: Isolated, exam: _Exam, tried: Iterable[Slip]) -> Iterator[Slip]:
    """The changes with which the exam is passed; the subject is as the last of them makes it."""
    ended = 0
    for slip in tried:
        try:
            subject.edit(slip.index, slip.text)
        except Obstacle:
            continue
        passed = exam.is_passed(subject)
        ended += not subject.alive
        if ended > _ENDED:
            return
        if passed:
            yield slip


def _is_right(subject: Subject, loss: Loss, convention: Convention) -> bool:
    forced = Forced(
        order=None if convention.named else convention.order,
        weights=convention.weights,
        examples=convention.examples,
        labels=convention.labels,
    )
    return judge(subject, loss, forced=forced).passed


def _mend(source: Source, slip: Slip) -> Mend:
    piece = source.pieces[slip.index]
    line, before, after = changed_lines(piece.text, slip.text)
    return Mend(piece.place_of(line), tuple(before), tuple(after))
