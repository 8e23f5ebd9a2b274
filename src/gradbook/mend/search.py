"""The smallest change of a wrong function's text with which it is right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from gradbook.judge.convention.asking import ask, posed
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.convention.forced import known_of
from gradbook.judge.convention.of_scores import of_scores
from gradbook.judge.judge import judge
from gradbook.judge.judgement import Mend
from gradbook.judge.penalties.forms import Form
from gradbook.loss import Loss
from gradbook.questions.deck import deck, penalty_deck
from gradbook.questions.question import Question
from gradbook.subjects import Isolated, Limits, Obstacle, Subject, TooSlow
from gradbook.subjects.reading import Changed, Reader

#: So many changes are tried, in so many calls, and so many that pass the exam are judged.
_TRIED, _CALLS, _JUDGED = 5_000, 6_000, 4
#: Changes that end the process, or take all their time: after so many no more are tried.
_ENDED = 12
#: Questions that a change has to pass before it is judged: wrong ones, and others.
_WRONG, _OTHERS = 12, 24
#: Questions with more numbers than this are left to the judge.
_LARGE = 7_000


@dataclass(frozen=True)
class Tried:
    """The first change with which the function is judged right, if there is one, and the calls."""

    mend: Mend | None = None
    calls: int = 0


def search(
    path: Path,
    name: str,
    loss: Loss,
    convention: Convention,
    limits: Limits,
    seed: int = 0,
    *,
    penalty_is_known: bool = False,
) -> Tried:
    """Changes of the function's text, in the order of what they cost, until one makes it right.

    convention: how it wants its arguments. seed: of the questions. penalty_is_known: whether it has
    the convention's penalty in one part, so that no change may give it another. There is none to
    find if it is right for the questions that are asked first.
    """
    conventions = _conventions(convention, penalty_is_known)
    return searched(path, name, limits, lambda one: _of_loss(one, loss, conventions, seed))


@dataclass(frozen=True)
class Wanted:
    """What a change has to bring about.

    roles: what the function calls W, X, y and reg. passes: whether it answers some questions
    rightly, as it is now. is_right: whether it is judged right.
    """

    roles: Mapping[str, str]
    passes: Callable[[], bool]
    is_right: Callable[[], bool]


def searched(
    path: Path, name: str, limits: Limits, wanted: Callable[[Isolated], Wanted | None]
) -> Tried:
    """The first change that brings about what is wanted; none if the calls take too long.

    wanted: of the function, None if nothing is. What is tried runs in a process of its own, with
    the limits of the function or tighter ones.
    """
    try:
        with closing(Isolated(path, name, _quick(limits))) as subject, Reader(limits) as reader:
            try:
                changed = _found(subject, reader, wanted(subject))
                mend = None if changed is None else Mend(*reader.shown(subject.path, changed))
            except TooSlow:
                mend = None
            return Tried(mend, subject.calls)
    except Obstacle:
        return Tried()


def _quick(limits: Limits) -> Limits:
    """What is tried may hang, or grow, at every turn: it is not waited for as the function was."""
    return replace(
        limits,
        seconds=min(limits.seconds, 1.0),
        loading=min(limits.loading, 5.0),
    )


def _found(subject: Isolated, reader: Reader, wanted: Wanted | None) -> Changed | None:
    if wanted is None:
        return None
    tried = islice(reader.changes(subject.path, subject.name, wanted.roles), _TRIED)
    passing = islice(_passing(subject, wanted, tried), _JUDGED)
    return next((one for one in passing if wanted.is_right()), None)


def _of_loss(
    subject: Isolated, loss: Loss, conventions: Sequence[Convention], seed: int
) -> Wanted | None:
    convention = conventions[0]
    asked = of_scores(subject) or subject
    questions = _telling(asked, loss, convention, seed)
    if not questions:
        return None
    return Wanted(
        dict(zip(convention.order, asked.parameters, strict=False)),
        _Exam(questions, conventions, asked).is_passed,
        lambda: _is_right(subject, loss, conventions, seed),
    )


def _telling(subject: Subject, loss: Loss, convention: Convention, seed: int) -> list[Question]:
    """Questions that the function fails at first, then others; [] if it fails at none of them."""
    questions = [posed(convention, question) for question in deck(loss, seed)]
    if convention.has_reg:
        pairs = [posed(convention, question) for question in penalty_deck(loss, seed)]
        questions = [*(one.with_reg(reg) for one in pairs for reg in (1.0, 3.0)), *questions]
    questions = [one for one in questions if one.n * one.C * one.D <= _LARGE]
    failed: list[Question] = []
    passed: list[Question] = []
    for some in (questions[::2], questions[1::2]):
        for question in some:
            reply = ask(subject, convention, question)
            right = _passes(Observation(question, reply, convention))
            (passed if right else failed).append(question)
        if failed:
            return [*_spread(failed, _WRONG), *_spread(passed, _OTHERS)]
    return []


def _spread(questions: Sequence[Question], count: int) -> list[Question]:
    """Some of them, small and large ones."""
    by_size = sorted(questions, key=lambda one: one.size)
    return by_size[:: max(1, len(by_size) // count)][:count]


def _conventions(convention: Convention, penalty_is_known: bool) -> tuple[Convention, ...]:
    """The convention with each value at the kink and each usual penalty: a fault may hide them."""
    penalties = (1.0, 0.5) if convention.penalty and not penalty_is_known else ()
    usual = [replace(convention, penalty=Form(each)) for each in penalties]
    kinks = dict.fromkeys((convention.at_kink, 0.0, 1.0))
    found = [replace(one, at_kink=at_kink) for one in (convention, *usual) for at_kink in kinks]
    return tuple(dict.fromkeys(found))


def _passes(one: Observation) -> bool:
    return one.right and not one.reply.changed and not one.reply.aliases


@dataclass(frozen=True)
class _Exam:
    """Questions to a subject, and the conventions of which one must make every answer right."""

    questions: Sequence[Question]
    conventions: Sequence[Convention]
    subject: Subject

    def is_passed(self) -> bool:
        left = self.conventions
        for question in self.questions:
            reply = ask(self.subject, left[0], question)
            left = [one for one in left if _passes(Observation(question, reply, one))]
            if not left:
                return False
        return True


def _passing(subject: Isolated, wanted: Wanted, tried: Iterable[Changed]) -> Iterator[Changed]:
    """The changes that pass; the subject is as the last of them makes it."""
    ended = 0
    for changed in tried:
        try:
            subject.edit(changed.index, changed.text)
        except Obstacle:
            passed = False
        else:
            passed = wanted.passes()
        ended += not subject.alive
        if passed:
            yield changed
        if ended > _ENDED or subject.calls > _CALLS:
            return


def _is_right(subject: Subject, loss: Loss, conventions: Sequence[Convention], seed: int) -> bool:
    """Whether it is judged right, and has none but the penalties that are meant."""
    forced = known_of(conventions[0], without=("causes",))
    judged = judge(subject, loss, forced=forced, seed=seed)
    return judged.passed and judged.convention in conventions
