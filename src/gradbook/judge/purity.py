"""Whether a function leaves its inputs alone, and answers the same to the same.

This is asked first: what one call leaves behind would be in every later answer. On exact data a sum
in another order is the same number, so that a function that shuffles its examples is not accused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gradbook.judge.convention import Convention, Reply, ask
from gradbook.judge.deck import generic
from gradbook.judge.evidence import Observation, expected
from gradbook.judge.fault import Fault
from gradbook.judge.judgement import PURITY
from gradbook.judge.question import Question
from gradbook.loss import Loss
from gradbook.subjects import EARLIER_GRADIENT, Subject

#: How often the same question is put.
_TIMES = 5


@dataclass(frozen=True)
class Purity:
    """faults: what was found. repeatable: whether later answers can be believed. shown: the call
    that was repeated, and its first answer.
    """

    faults: tuple[Fault, ...]
    repeatable: bool
    shown: Observation | None = None


def purity(subject: Subject, convention: Convention, loss: Loss) -> Purity:
    """The same data again and again, then other data of the same shape, then the same data."""
    rng = np.random.default_rng(13)
    first, other = (generic(loss, 8, 5, 3, rng).with_reg(0.5) for _ in range(2))
    if not convention.has_reg:
        first, other = first.with_reg(0.0), other.with_reg(0.0)
    if not (first.right.mu.any() and other.right.mu.any()):
        raise AssertionError("the data of the purity check must have active margins")
    repeated = [ask(subject, convention, first) for _ in range(_TIMES)]
    different = ask(subject, convention, other)
    again = ask(subject, convention, first)
    if any(reply.error for reply in (*repeated, different, again)):
        return Purity((), True)
    shown = Observation(first, repeated[0], convention)
    faults = [
        *_memory(convention, first, other, repeated, different, again, shown),
        *changes(subject, convention, [Observation(first, one, convention) for one in repeated]),
    ]
    return Purity(tuple(faults), not any(fault.script for fault in faults), shown)


def kept_something(subject: Subject, pure: Purity) -> list[Fault]:
    """Whether, after all other calls, the first one still gives what it gave."""
    shown = pure.shown
    if shown is None or _equal(shown.reply, ask(subject, shown.convention, shown.question)):
        return []
    sentence = (
        "it keeps something between the calls: after many others, the same data give another "
        "answer than at first"
    )
    return [Fault(sentence, kind=PURITY, explained=True, shown_by=shown)]


def _memory(
    convention: Convention,
    first: Question,
    other: Question,
    repeated: Sequence[Reply],
    different: Reply,
    again: Reply,
    shown: Observation,
) -> list[Fault]:
    """What comes of asking again."""
    same = all(_equal(repeated[0], reply) for reply in repeated[1:])
    if same and _equal(repeated[0], different) and not _rightly_equal(first, other, convention):
        sentence = (
            "it keeps its first result: other data of the same shape get the answer of the call "
            "before"
        )
    elif same and not _equal(repeated[0], again):
        sentence = "it keeps something between the calls: after a call with other data, the same "
        sentence += "data give another answer than before"
    elif not same and _grows(repeated):
        sentence = (
            "it keeps something between the calls: each call adds to what the calls before gave, "
            "so that the same data give another answer the second time"
        )
    elif not same:
        sentence = "the same data give another answer the second time: it is random, or keeps "
        sentence += "something between the calls"
    else:
        return []
    return [Fault(sentence, kind=PURITY, explained=True, shown_by=shown, script="again")]


def _rightly_equal(first: Question, other: Question, convention: Convention) -> bool:
    a, b = expected(first, convention), expected(other, convention)
    return a.loss == b.loss and bool((a.gradient == b.gradient).all())


def _equal(one: Reply, other: Reply) -> bool:
    """NaN equals NaN: what is not a number twice is not random."""
    same_loss = np.array_equal(np.array(one.loss, float), np.array(other.loss, float), True)
    if one.gradient is None or other.gradient is None:
        return same_loss and one.gradient is other.gradient
    if one.gradient.dtype.kind != other.gradient.dtype.kind:
        return False
    return same_loss and np.array_equal(one.gradient, other.gradient, equal_nan=True)


def _grows(repeated: Sequence[Reply]) -> bool:
    """Whether the loss or the gradient grows by the same each time."""
    for part in ("gradient", "loss"):
        values = [getattr(reply, part) for reply in repeated]
        if any(value is None for value in values):
            continue
        steps = [np.asarray(b) - np.asarray(a) for a, b in pairwise(values)]
        if steps[0].any() and all(np.allclose(step, steps[0]) for step in steps):
            return True
    return False


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
        f"it changes its input {name}{_called(roles, name)}: the caller's array is another one "
        "afterwards": one
        for name, one in sorted(changed.items())
        if name != EARLIER_GRADIENT
    }
    for name, one in sorted(aliases.items()):
        said[f"the gradient that it returns shares its memory with the input {name}"] = one
    if EARLIER_GRADIENT in changed:
        said[
            "the gradient that it returned is overwritten by its next call: every call returns the "
            "same array"
        ] = changed[EARLIER_GRADIENT]
    return [
        Fault(sentence, kind=PURITY, explained=True, shown_by=one) for sentence, one in said.items()
    ]


def _called(roles: dict[str, str], name: str) -> str:
    role = roles.get(name, "")
    return f" (the page's {role})" if role and role != name else ""
