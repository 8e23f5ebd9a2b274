"""Why the same data got two answers: what a function keeps of its calls, or that it is random."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, takewhile
from time import perf_counter

from gradbook.judge.accumulated import accumulated, fading
from gradbook.judge.convention import Convention
from gradbook.judge.history import Call, alike, disagreement, told
from gradbook.judge.occasional import among_repetitions, nth, occasional
from gradbook.judge.question import Question
from gradbook.judge.settle import PENALTIES
from gradbook.judge.stale import Memory, Page, agrees, explains, stale
from gradbook.subjects import Subject

#: The same question is put so often, or for so many seconds, to see which calls are wrong.
_TIMES, _SECONDS = 1500, 2.5

KEEPS = "it keeps something between the calls"
RANDOM = "the same data give another answer the second time: it is random"


@dataclass(frozen=True)
class State:
    """sentence: what was found. shown: the calls that show it, one after the other."""

    sentence: str
    shown: tuple[Call, ...] = ()


def state_of(
    subject: Subject, convention: Convention, questions: Sequence[Question], made: int
) -> State:
    """What is kept, of a function whose answers depend on the calls before.

    questions: a script, of which the first two are the same. made: how often the function has been
    called, after which it was seen.
    """
    one, other = (told(subject.fresh(), convention, questions[:4]) for _ in range(2))
    if subject.renews and not all(alike(a.reply, b.reply) for a, b in zip(one, other, strict=True)):
        return State(RANDOM, tuple(one[:2]))
    forwards = told(subject.fresh(), convention, questions)
    backwards = told(subject.fresh(), convention, questions[::-1])
    histories = [forwards, backwards]
    shown = _shown(histories)
    pages = _pages(convention, histories)
    for page in pages:
        found = _explained(histories, page, subject.renews)
        if found:
            return State(f"{KEEPS}: {found}", shown)
    page = pages[0]
    again = told(subject.fresh(), convention, _again_and_again(questions[0], made))
    found = among_repetitions(again, page) if subject.renews else ""
    if found:
        return State(f"{KEEPS}: {found}", tuple(disagreement(again) or ()))
    return State(f"{KEEPS}: {_fact(histories, again, page, subject.renews)}", shown)


def _again_and_again(question: Question, made: int) -> Iterator[Question]:
    """The question, until enough calls are made or time has passed."""
    until = perf_counter() + _SECONDS
    times = range(max(2 * made, 64) if made < _TIMES else _TIMES)
    return takewhile(lambda _: perf_counter() < until, (question for _ in times))


def _shown(histories: Sequence[Sequence[Call]]) -> tuple[Call, ...]:
    """Two calls in which the same question got different answers, in one process if it can be."""
    for calls in histories:
        found = disagreement(calls)
        if found:
            return found
    return disagreement([*chain(*histories)]) or ()


def _pages(convention: Convention, histories: Sequence[Sequence[Call]]) -> list[Page]:
    """The right answers with the two penalties that are met most often."""
    if not convention.has_reg:
        return [Page(convention)]
    pages = [
        Page(replace(convention, penalty=penalty, spared=spared)) for penalty, spared in PENALTIES
    ]
    counts = [
        sum(agrees(call, page.right(call.question)) for calls in histories for call in calls)
        for page in pages
    ]
    order = sorted(range(len(pages)), key=lambda place: -counts[place])
    return [pages[place] for place in order[:2]]


def _explained(histories: Sequence[Sequence[Call]], page: Page, from_start: bool) -> str:
    """The first memory that predicts every call, or when exactly the calls are wrong."""
    for memory in _memories(histories[0], from_start):
        if explains(memory, histories, page):
            return memory.words
    return occasional(histories, page) if from_start else ""


def _memories(calls: Sequence[Call], from_start: bool) -> Iterator[Memory]:
    yield from stale(from_start)
    if from_start:
        yield from accumulated(calls)
        yield from fading(calls)


def _fact(
    histories: Sequence[Sequence[Call]], again: Sequence[Call], page: Page, from_start: bool
) -> str:
    """What was seen, where nothing predicts it."""
    if from_start and _only_first_right(histories, page):
        return (
            "the first call of a process is right, and later ones are not: the same data give "
            "another answer than at first"
        )
    pair = disagreement(again)
    if pair:
        which = f"in the {nth(pair[1].number)} call of a process " if from_start else ""
        return f"{which}the same data give another answer the second time"
    return "after a call with other data, the same data give another answer than before"


def _only_first_right(histories: Sequence[Sequence[Call]], page: Page) -> bool:
    right = [
        (call.number, agrees(call, page.right(call.question)))
        for calls in histories
        for call in calls
    ]
    return all(good for number, good in right if number == 1) and not all(
        good for number, good in right if number > 1
    )
