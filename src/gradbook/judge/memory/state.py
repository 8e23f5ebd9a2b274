"""Why the same data got two answers: what a function keeps of its calls, or that it is random."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.kink_and_penalty import penalties
from gradbook.judge.memory.accumulated import accumulated
from gradbook.judge.memory.history import Call, alike, disagreement, told
from gradbook.judge.memory.stale import Page, agrees, explains, stale
from gradbook.questions.question import Question
from gradbook.subjects import Subject

KEEPS = "it keeps something between the calls"
RANDOM_CODE = "GB702"
RANDOM = "the same data give another answer the second time: it is random"


@dataclass(frozen=True)
class State:
    """sentence: what was found. shown: the calls that show it, one after the other. code: of it."""

    sentence: str
    shown: tuple[Call, ...] = ()
    code: str = "GB701"


def state_of(
    subject: Subject,
    convention: Convention,
    questions: Sequence[Question],
    seen: Sequence[Call],
) -> State:
    """What is kept, of a function whose answers depend on the calls before.

    questions: a script, of which the first two are the same. seen: the calls in which it was seen,
    in one process if there is no other.
    """
    if not subject.renews:
        return _in_one_process(convention, seen)
    one, other = (told(subject.fresh(), convention, questions[:4]) for _ in range(2))
    if not all(alike(a.reply, b.reply) for a, b in zip(one, other, strict=True)):
        return State(RANDOM, tuple(one[:2]), RANDOM_CODE)
    histories = [told(subject.fresh(), convention, order) for order in (questions, questions[::-1])]
    shown = _shown(histories)
    found = _left(convention, histories, from_start=True)
    if found:
        return State(found, shown)
    return State(f"{KEEPS}: {_fact(histories, _pages(convention, histories)[0])}", shown)


def _in_one_process(convention: Convention, seen: Sequence[Call]) -> State:
    """The same where no process is at its first call: only what later calls left can be told."""
    shown = disagreement(seen) or ()
    found = left_in_one_process(convention, seen)
    if found:
        return State(found, shown)
    if shown and shown[0].number == shown[1].number - 1:
        return State(f"{RANDOM}, or keeps something between the calls", shown, RANDOM_CODE)
    return State(f"{KEEPS}: {_LATER}", shown)


def left_in_one_process(convention: Convention, seen: Sequence[Call]) -> str:
    """A memory that predicts all calls of a process that is not at its first; "" if none does."""
    return _left(convention, [seen], from_start=False)


def _left(convention: Convention, histories: Sequence[Sequence[Call]], from_start: bool) -> str:
    """The first memory that predicts every call, as a sentence; "" if none does."""
    for page in _pages(convention, histories):
        for memory in (*stale(from_start), *accumulated(from_start)):
            if explains(memory, histories, page):
                return f"{KEEPS}: {memory.words}"
    return ""


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
    pages = [Page(one) for one in penalties(convention)]
    counts = [
        sum(agrees(call, page.right(call.question)) for calls in histories for call in calls)
        for page in pages
    ]
    order = sorted(range(len(pages)), key=lambda place: -counts[place])
    return [pages[place] for place in order[:2]]


_LATER = "after other calls, the same data give another answer than before"
_OTHERS = "the same data give other answers"


def _fact(histories: Sequence[Sequence[Call]], page: Page) -> str:
    """What was seen, where nothing predicts it."""
    right = [
        (call.number, agrees(call, page.right(call.question)))
        for calls in histories
        for call in calls
    ]
    if all(good for number, good in right if number == 1):
        only = "" if any(good for number, good in right if number > 1) else "only "
        return f"{only}the first call of a process is right; later, {_OTHERS}"
    return _LATER
