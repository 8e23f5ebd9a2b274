"""Examples that are drawn: how often each counts in an answer that is another one at every call.

A batch whose examples give independent gradients is asked several times. Where every answer is a
mean of some of the examples, what is different each time is which of them are taken, and how often.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.reply import Reply
from gradbook.judge.memory.history import alike, told
from gradbook.loss import Loss
from gradbook.questions.deck import generic
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.subjects import Subject

EACH_TIME = "the same data give another answer each time"

_SIZES = (6, 8, 3)
_CALLS = 9
#: So many different answers are hardly those of something that is kept.
_DIFFERENT = 4
#: A number of times is whole to within this.
_WHOLE = 1e-6


def drawn(subject: Subject, convention: Convention, loss: Loss) -> str:
    """What is drawn of the examples, as a sentence; "" if nothing is known to be."""
    if convention.alone or not convention.gives_gradient:
        return ""
    question = _independent(loss)
    replies = [call.reply for call in told(subject, convention, [question] * _CALLS)]
    if len(replies) < _CALLS or not _is_other_each_time(replies):
        return ""
    shares = [_shares(question, reply) for reply in replies]
    known = [one for one in shares if one is not None]
    words = _words(np.array(known)) if len(known) == len(shares) else ""
    return f"{EACH_TIME}: {words}" if words else ""


def _independent(loss: Loss) -> Question:
    """A batch in which no example's gradient follows from those of the others."""
    rng = np.random.default_rng(37)
    while True:
        question = generic(loss, *_SIZES, rng)
        if np.linalg.matrix_rank(_gradients(question)) == question.n:
            return question


def _gradients(question: Question) -> Floats:
    """The gradient of each example, as a column: (C·D, n)."""
    each = np.einsum("nc,nd->ncd", question.right.mu, question.X)
    return each.reshape(question.n, -1).T


def _is_other_each_time(replies: Sequence[Reply]) -> bool:
    if any(reply.error for reply in replies):
        return False
    # What goes round, as a place in the data that is kept, is not drawn.
    for period in range(1, _CALLS // 2 + 1):
        if all(alike(a, b) for a, b in zip(replies, replies[period:], strict=False)):
            return False
    pairs = combinations(range(len(replies)), 2)
    same = {b for a, b in pairs if alike(replies[a], replies[b])}
    return len(replies) - len(same) >= _DIFFERENT


def _shares(question: Question, reply: Reply) -> Floats | None:
    """How much each example counts, (n,); None if the answer is no sum of examples."""
    columns = _gradients(question)
    if reply.gradient is None or not np.isfinite(reply.gradient).all():
        return None
    found = reply.gradient.ravel().astype(float)
    shares = np.linalg.lstsq(columns, found, rcond=None)[0]
    explained = np.allclose(columns @ shares, found, atol=_WHOLE)
    if reply.loss is not None:
        explained &= abs(float(question.right.loss @ shares) - reply.loss) <= _WHOLE * 10
    return shares if explained else None


def _words(shares: Floats) -> str:
    """What is drawn, from the shares of all examples in every answer, (calls, n)."""
    n = shares.shape[1]
    for drawn_of_n in range(1, 2 * n + 1):
        times = shares * drawn_of_n
        if _are_counts(times) and np.allclose(times.sum(axis=1), drawn_of_n):
            if times.round().max() > 1:
                return (
                    "its examples are drawn at random with replacement, so that some count several "
                    "times and others not at all"
                )
            return "some examples are drawn at random, and the others do not count"
    if _are_counts(shares * n) and (shares * n).round().max() <= 1:
        return "examples are left out at random, and the sum is divided by n as before"
    sums = np.array([row / row.max() if row.max() > 0 else row for row in shares])
    if _are_counts(sums) and np.allclose(shares.sum(axis=1), 1):
        return "examples are left out at random, and the mean is that of the others"
    return ""


def _are_counts(times: Floats) -> bool:
    whole = np.abs(times - times.round()) <= _WHOLE
    return bool(whole.all() and (times > -_WHOLE).all())
