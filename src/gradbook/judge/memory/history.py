"""What a function answers in one process, call after call, from the first one on.

The answer to a question must not depend on the questions before it. So one list of questions is put
in two orders, in two processes where that is possible; and the calls are kept in order, so that
what an answer was made of can be looked for in the calls before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.reply import Reply
from gradbook.loss import Loss
from gradbook.questions.deck import generic
from gradbook.questions.question import Question
from gradbook.subjects import Subject

#: After so many calls that end the process no more are made.
_FATAL = 2
#: How far two answers to the same exact data may be apart, relative to the larger: a function that
#: draws the order of its sums has no rounding here, but what is wrong may have some.
_ALIKE = 1e-9


@dataclass(frozen=True, eq=False)
class Call:
    """number: which call of its process it is, from 1."""

    number: int
    question: Question
    reply: Reply


def script(loss: Loss, convention: Convention) -> tuple[Question, ...]:
    """Questions of which each differs from an earlier one in one respect; n is a power of two.

    First the same three times with another between; then another W, X, y, reg, n, D and C alone;
    then other data of shapes that came before. None of the shapes is used to find the convention.
    """
    rng = np.random.default_rng(13)
    reg = 0.5 if convention.has_reg else 0.0

    def data(n: int, D: int, C: int) -> Question:
        n = 1 if convention.alone else n
        while True:
            question = generic(loss, n, D, C, rng, nonzero=True).with_reg(reg)
            if question.right.mu.any():
                return question

    first, other, third = (data(8, 4, 3) for _ in range(3))
    varied = [
        replace(first, W=other.W),
        replace(first, X=other.X),
        replace(first, y=(first.y + 1) % 3),
        first.with_reg(2 * reg),
        data(16, 4, 3),
        first,
        data(8, 6, 3),
        data(8, 4, 6),
        data(2, 5, 4).with_reg(0.0),
    ]
    last = data(2, 5, 4).with_reg(reg / 4)
    return (first, first, other, first, *varied, third, first, data(16, 4, 3), last)


def told(subject: Subject, convention: Convention, questions: Iterable[Question]) -> list[Call]:
    """The answers to the questions, one after the other. subject: at its first call."""
    calls: list[Call] = []
    number = fatal = 0
    for question in questions:
        reply = ask(subject, convention, question)
        number += 1
        calls.append(Call(number, question, reply))
        if reply.fatal:
            number, fatal = 0, fatal + 1
            if fatal >= _FATAL:
                break
    return calls


def disagreement(calls: Sequence[Call]) -> tuple[Call, Call] | None:
    """The first two calls in which the same question got different answers; None if none did."""
    seen: dict[int, Call] = {}
    for call in calls:
        earlier = seen.setdefault(id(call.question), call)
        if not alike(earlier.reply, call.reply):
            return earlier, call
    return None


def alike(one: Reply, other: Reply) -> bool:
    """Whether two answers are the same. NaN is the same as NaN: twice no number is not random."""
    if one.error or other.error:
        return one.error.partition(":")[0] == other.error.partition(":")[0]
    return all(_close(getattr(one, part), getattr(other, part)) for part in ("loss", "gradient"))


def _close(one: float | np.ndarray | None, other: float | np.ndarray | None) -> bool:
    if one is None or other is None:
        return one is other
    a, b = np.asarray(one, dtype=float), np.asarray(other, dtype=float)
    if a.shape != b.shape:
        return False
    return bool(np.allclose(a, b, rtol=_ALIKE, atol=_ALIKE * _size(a), equal_nan=True))


def _size(a: np.ndarray) -> float:
    return float(np.abs(a[np.isfinite(a)]).max(initial=0.0))
