"""Whether a function leaves its inputs alone, and answers the same to the same.

This is asked first: what one call leaves behind would be in every later answer. On exact data a sum
in another order is the same number, so that a function that shuffles its examples is not accused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.explain.fault import Fault
from gradbook.judge.judgement import PURITY
from gradbook.judge.memory.history import Call, alike, disagreement, script, told
from gradbook.judge.memory.state import left_in_one_process, state_of
from gradbook.loss import Loss
from gradbook.questions.question import Question
from gradbook.subjects import EARLIER_GRADIENT, Subject


@dataclass(frozen=True)
class Purity:
    """faults: what was found. repeatable: whether later answers can be believed. calls: those of a
    new process, for later ones to be compared with.
    """

    faults: tuple[Fault, ...]
    repeatable: bool
    calls: tuple[Call, ...] = ()


def purity(subject: Subject, convention: Convention, loss: Loss) -> Purity:
    """One list of questions in a new process, and backwards in the one that is in use."""
    questions = script(loss, convention)
    if subject.renews:
        calls = told(subject.fresh(), convention, questions)
        if not any(call.reply.fatal for call in calls):
            calls += told(subject, convention, questions[::-1])
    else:
        calls = told(subject, convention, (*questions, *questions[::-1]))
    observations = [Observation(call.question, call.reply, convention) for call in calls]
    faults = _state(subject, convention, questions, calls)
    if not faults and not subject.renews:
        faults = _cached(convention, calls)
    repeatable = not faults
    return Purity((*faults, *changes(subject, convention, observations)), repeatable, tuple(calls))


def kept_something(
    subject: Subject,
    pure: Purity,
    convention: Convention,
    loss: Loss,
    observations: Sequence[Observation],
) -> list[Fault]:
    """Whether, after all other calls, what was asked before still gets the answer that it got.

    The first question is asked once more, and some of those whose answer was wrong.
    """
    earlier = list(pure.calls[:1])
    wrong = [one for one in observations if not one.right and not one.reply.too_slow]
    step = max(1, len(wrong) // _ASKED_AGAIN)
    earlier += [Call(2, one.question, one.reply) for one in wrong[::step]]
    later: list[Call] = []
    for call in earlier:
        later.append(Call(3, call.question, ask(subject, convention, call.question)))
        if later[-1].reply.fatal:
            break
    return _state(subject, convention, script(loss, convention), [*earlier, *later])


def _cached(convention: Convention, calls: Sequence[Call]) -> list[Fault]:
    """What is kept for good: where there is no new process, no question gets two answers of it.

    It is looked for where two questions, whose right answers differ, got the same.
    """
    shown = next(
        (
            (one, other)
            for one, other in pairwise(calls)
            if alike(one.reply, other.reply) and one.question is not other.question
        ),
        None,
    )
    sentence = left_in_one_process(convention, calls) if shown else ""
    if shown is None or not sentence:
        return []
    observation = Observation(shown[0].question, shown[0].reply, convention)
    return [Fault(sentence, kind=PURITY, explained=True, code="GB701", shown_by=observation)]


#: So many wrong answers are asked for again.
_ASKED_AGAIN = 12


def _state(
    subject: Subject,
    convention: Convention,
    questions: Sequence[Question],
    calls: Sequence[Call],
) -> list[Fault]:
    """What is kept between the calls, if two of them disagree."""
    pair = disagreement(calls)
    if pair is None:
        return []
    state = state_of(subject, convention, questions, calls)
    shown = state.shown or pair
    observations = tuple(Observation(call.question, call.reply, convention) for call in shown)
    return [
        Fault(
            state.sentence,
            kind=PURITY,
            explained=True,
            code=state.code,
            shown_by=observations[0],
            script="again",
        )
    ]


def changes(
    subject: Subject, convention: Convention, observations: Sequence[Observation]
) -> list[Fault]:
    """Inputs that are written to, results that are overwritten or are parts of the inputs."""
    roles = dict(zip(subject.parameters, convention.order, strict=False)) | dict(convention.named)
    changed: dict[str, Observation] = {}
    aliases: dict[str, Observation] = {}
    for one in observations:
        for name in one.reply.changed:
            changed.setdefault(name, one)
        for name in one.reply.aliases:
            aliases.setdefault(name, one)
    said = {
        f"it changes its input {name}{_called(roles, name)}: the caller has another one "
        "afterwards": ("GB703", one)
        for name, one in sorted(changed.items())
        if name != EARLIER_GRADIENT
    }
    for name, one in sorted(aliases.items()):
        sentence = f"the gradient that it returns shares its memory with the input {name}"
        said[sentence] = ("GB704", one)
    if EARLIER_GRADIENT in changed:
        said[
            "the gradient that it returned is overwritten by its next call: every call returns the "
            "same array"
        ] = ("GB705", changed[EARLIER_GRADIENT])
    return [
        Fault(sentence, kind=PURITY, explained=True, code=code, shown_by=one)
        for sentence, (code, one) in said.items()
    ]


def _called(roles: dict[str, str], name: str) -> str:
    role = roles.get(name, "")
    return f" (the page's {role})" if role and role != name else ""
