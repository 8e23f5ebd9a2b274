"""Penalties that are not reg·ΣW²: of another form, or of a strength that the function has itself.

Where all features are 0 nothing but the penalty depends on W: there it is seen by itself. It is a
convention if it depends on nothing else, is never negative, grows with reg, and its gradient is
that of its loss, by differences. Else it is a fault.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradbook.judge.convention.asking import ask, posed
from gradbook.judge.convention.base_set import Pair
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.convention.kink_and_penalty import penalty_parts
from gradbook.judge.convention.sizes import fits, native
from gradbook.judge.penalties.penalty import words_of_loss
from gradbook.loss import Loss
from gradbook.questions.deck import penalty_deck
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.subjects import Subject

#: How near numbers are that are the same, relative to what was subtracted for them.
_NEAR = 1e-11
#: A weight is moved by this part of it: a multiple of |w| or w² has no other slope so far away.
_STEP = 2.0**-12


def settle_constant(
    subject: Subject, convention: Convention, questions: Sequence[Question]
) -> Convention:
    """The convention, with whether there is a penalty though no reg is given.

    questions: at which the function answers.
    """
    if convention.has_reg or convention.weighed:
        return convention
    found = [_penalty(subject, convention, question) for question in questions]
    if any(one is None or not one.is_finite for one in found):
        return convention
    return replace(convention, constant=any(one is not None and one.is_there for one in found))


def constant_pairs(subject: Subject, convention: Convention, loss: Loss) -> list[Pair]:
    """Answers without the constant penalty and with it, as if that were what a reg of 1 adds."""
    pairs = []
    plain = replace(convention, constant=False)
    for question in penalty_deck(loss):
        base = posed(convention, native(question, convention.classes, convention.batch))
        if not fits(base, *convention.stated):
            continue
        without = Observation(base, ask(subject, convention, base), convention)
        there = ask(subject, plain, base)
        pairs.append((without, Observation(base.with_reg(1.0), there, convention)))
    return pairs


def settle_other_penalty(
    subject: Subject, convention: Convention, pairs: Sequence[Pair]
) -> tuple[Convention, list[Pair]]:
    """The convention with the other penalty that it has, and no pairs then: they are right.

    pairs: answers without reg and with it.
    """
    usable = [pair for pair in pairs if not (pair[0].failed or pair[1].failed)]
    if len(usable) < len(pairs) or convention.weighed or all(_is_usual(*pair) for pair in pairs):
        return convention, list(pairs)
    if not _is_consistent(subject, convention, pairs):
        return convention, list(pairs)
    words = words_of_loss(convention, pairs) or "another one than reg·ΣW²"
    return replace(convention, penalty=None, other_penalty=words), []


def hidden(subject: Subject, convention: Convention, one: Observation) -> bool:
    """Whether the other penalty leaves nothing to be seen of the data at a question's weights.

    By itself it is no number there, even with a reg of 0; or, as it is subtracted, it is so large
    that its own rounding is more than the data's may be.
    """
    penalty = _penalty(subject, convention, one.question) if convention.other_penalty else None
    if penalty is None:
        return False
    slopes = 0.0 if penalty.gradient is None else np.abs(penalty.gradient).max()
    bounds = one.expected.loss_bound, one.expected.gradient_bound.min()
    rounds = any(2.0**-52 * a > b for a, b in zip((penalty.size, slopes), bounds, strict=True))
    return not penalty.is_finite or (convention.constant and rounds)


def _is_usual(base: Observation, one: Observation) -> bool:
    return not one.convention.constant and all(penalty_parts(base, one))


@dataclass(frozen=True, eq=False)
class _Penalty:
    """What is added to the loss and to the gradient, (C, D); None where that is not returned."""

    loss: float | None
    gradient: Floats | None
    size: float

    @property
    def is_finite(self) -> bool:
        parts = (one for one in (self.loss, self.gradient) if one is not None)
        return all(bool(np.isfinite(one).all()) for one in parts)

    @property
    def is_there(self) -> bool:
        return abs(self.loss or 0.0) > _NEAR * self.size or bool(
            self.gradient is not None and np.abs(self.gradient).max() > _NEAR * self.size
        )

    def is_times(self, factor: float, other: _Penalty) -> bool:
        """Whether it is so many times the other, to rounding."""
        for one, right in ((self.loss, other.loss), (self.gradient, other.gradient)):
            if one is not None and right is not None:
                room = _NEAR * (self.size + abs(factor) * other.size)
                if not (np.abs(one - factor * right) <= room).all():
                    return False
        return True


def _penalty(subject: Subject, convention: Convention, question: Question) -> _Penalty | None:
    """The penalty alone, at the question's W, n and reg; None where there is no answer."""
    plain = replace(convention, constant=False)
    bare = replace(question, X=0 * question.X)
    here = ask(subject, plain, bare)
    none = ask(subject, plain, replace(bare, W=0 * question.W, reg=0.0))
    if here.error or none.error:
        return None
    added = None if here.loss is None or none.loss is None else here.loss - none.loss
    size = max(1.0, abs(here.loss or 0.0), abs(none.loss or 0.0))
    return _Penalty(added, here.gradient, size)


def _is_consistent(subject: Subject, convention: Convention, pairs: Sequence[Pair]) -> bool:
    """Whether what is added is a penalty of the weights alone, with its own gradient."""
    found = [_penalty(subject, convention, one.question) for _, one in pairs]
    alone = [
        _penalty(subject, convention, _of_one_example(one.question, convention)) for _, one in pairs
    ]
    if any(one is None or not one.is_finite for one in (*found, *alone)):
        return False
    if any(one.loss is None or one.gradient is None for one in found if one):
        return False
    triples = [
        (pair, here, single)
        for pair, here, single in zip(pairs, found, alone, strict=True)
        if here is not None and single is not None
    ]
    return (
        all((here.loss or 0.0) > 0 for (_, one), here, _ in triples if one.question.W.any())
        and all(_is_added(*pair, here) for pair, here, _ in triples)
        and any(
            all(
                here.is_times(_strength(one, convention, averaged), single)
                for (_, one), here, single in triples
            )
            for averaged in (False, True)
        )
        and all(_is_its_gradient(subject, convention, one) for one in _few(pairs))
    )


def _of_one_example(question: Question, convention: Convention) -> Question:
    """The same weights with one example, and with reg = 1."""
    reg = question.reg if convention.constant else 1.0
    return replace(question, X=question.X[:1], y=question.y[:1], reg=reg)


def _strength(one: Observation, convention: Convention, averaged: bool) -> float:
    """How many times the penalty of one example and reg = 1 it should be."""
    reg = 1.0 if convention.constant else one.question.reg
    return reg / (one.question.n if averaged else 1)


def _is_added(base: Observation, one: Observation, penalty: _Penalty) -> bool:
    """Whether it is what reg adds where there are examples: it does not depend on them."""
    expected = one.expected
    if one.reply.loss is None or base.reply.loss is None or penalty.loss is None:
        return False
    if one.reply.gradient is None or base.reply.gradient is None or penalty.gradient is None:
        return False
    room = _NEAR * penalty.size
    apart = one.reply.gradient - base.reply.gradient - penalty.gradient
    return bool(
        abs(one.reply.loss - base.reply.loss - penalty.loss) <= room + 2 * expected.loss_bound
        and (np.abs(apart) <= room + 2 * expected.gradient_bound).all()
    )


def _few(pairs: Sequence[Pair]) -> list[Question]:
    """Some questions with weights that are not 0, of different sizes."""
    by_size = {
        (one.question.C, one.question.D): one.question
        for _, one in pairs
        if one.question.W.all() and one.question.W.size <= 40
    }
    return list(by_size.values())[:4]


def _is_its_gradient(subject: Subject, convention: Convention, question: Question) -> bool:
    """Whether the penalty's gradient is that of its loss, entry by entry, by central differences.

    They are exact for squares and absolute values; what they differ by, from a step to half of it,
    is more than their error where the penalty is curved otherwise.
    """
    penalty = _penalty(subject, convention, question)
    if penalty is None or penalty.gradient is None:
        return False
    for place in np.ndindex(*question.W.shape):
        step = _STEP * abs(float(question.W[place]))
        slopes = [_slope(subject, convention, question, place, h) for h in (step, step / 2)]
        room = abs(slopes[0] - slopes[1]) + 2.0**-46 * penalty.size / step
        if not abs(float(penalty.gradient[place]) - slopes[1]) <= room:
            return False
    return True


def _slope(
    subject: Subject, convention: Convention, question: Question, place: tuple[int, ...], h: float
) -> float:
    ends = []
    for sign in (1, -1):
        W = question.W.copy()
        W[place] += sign * h
        found = _penalty(subject, convention, replace(question, W=W))
        ends.append(np.nan if found is None or found.loss is None else found.loss)
    return (ends[0] - ends[1]) / (2 * h)
