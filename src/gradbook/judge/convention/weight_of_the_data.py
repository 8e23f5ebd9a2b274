"""Whether reg multiplies the data's part, as in the literature: ½ΣW² + C·Σ_i Σ_{j≠y} max(0, …).

The strength, often called C, is then 1 / (reg·n) or 1 / reg in the page's terms. With C = 0 such a
function leaves its penalty alone, which does not depend on the examples: that is how it is told.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import log
from typing import Any

import numpy as np

from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation, smallest
from gradbook.judge.convention.kink_and_penalty import penalties
from gradbook.judge.convention.reply import Reply, combined
from gradbook.judge.explain.fault import Fault
from gradbook.judge.penalties.forms import Form
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.subjects import Subject

PARTS = ("loss", "gradient")


def settle_weighed(
    subject: Subject, convention: Convention, questions: Sequence[Question], forced: str | None
) -> Convention:
    """The convention, with what reg multiplies. forced: "penalty", "sum" or "mean"; None is found.

    questions: without reg, at which the function answers.
    """
    if not convention.has_reg or forced == "penalty":
        return convention
    if forced:
        return replace(convention, weighed=forced)
    if not _leaves_the_penalty(subject, convention, questions):
        return convention
    as_mean = replace(convention, weighed="mean")
    ratios = [
        (log(ratio), log(question.n))
        for question in questions
        if question.n > 1
        for ratio in _ratios(question, ask(subject, as_mean, question))
    ]
    summed = sum(abs(found - size) < abs(found) for found, size in ratios)
    return replace(convention, weighed="sum" if 2 * summed > len(ratios) else "mean")


def _leaves_the_penalty(
    subject: Subject, convention: Convention, questions: Sequence[Question]
) -> bool:
    """Whether with reg = 0 a multiple of ΣW² or of W is left, or nothing, and reg adds the data."""
    left = [ask(subject, convention, question) for question in questions]
    if any(reply.error for reply in left):
        return False
    nothing = not any(np.any(value) for reply in left for _, value in _numbers(reply))
    penalty = any(_is_the_penalty(questions, left, part) for part in PARTS)
    if not (nothing or penalty):
        return False
    added = [
        combined([ask(subject, convention, question.with_reg(1.0)), reply], [1.0, -1.0])
        for question, reply in zip(questions, left, strict=True)
    ]
    if any(reply.error for reply in added) or not _depends_on_examples(questions, added):
        return False
    return not nothing or all(
        any(np.isclose(ratio, size, rtol=1e-9) for size in (1, question.n))
        for question, reply in zip(questions, added, strict=True)
        for ratio in _ratios(question, reply) or [0.0]
    )


def _depends_on_examples(questions: Sequence[Question], added: Sequence[Reply]) -> bool:
    """Whether the answers are something else than one multiple of ΣW², or of W, every time."""
    whole = Convention(penalty=Form(1.0))
    for part in PARTS:
        pairs = [
            (np.ravel(value), np.ravel(_added(question, whole, part)))
            for question, reply in zip(questions, added, strict=True)
            for name, value in _numbers(reply)
            if name == part
        ]
        if pairs:
            found, weights = (np.concatenate(side) for side in zip(*pairs, strict=True))
            multiple = (found @ weights) / (weights @ weights) * weights
            if not np.allclose(found, multiple, rtol=1e-9, atol=1e-9):
                return True
    return False


def _is_the_penalty(questions: Sequence[Question], replies: Sequence[Reply], part: str) -> bool:
    """Whether this part of every answer is the same penalty's."""
    return _are(questions, replies, part, lambda question, one: _added(question, one, part))


def _added(question: Question, convention: Convention, part: str) -> Any:
    """The value of a penalty, or its gradient (C, D)."""
    return convention.added(question.with_reg(1.0))[PARTS.index(part)]


def _are(
    questions: Sequence[Question],
    replies: Sequence[Reply],
    part: str,
    expected: Callable[[Question, Convention], Any],
) -> bool:
    """Whether with one penalty this part of every answer is what is expected."""
    found = [getattr(reply, part) for reply in replies]
    return not any(value is None for value in found) and any(
        all(
            np.allclose(value, expected(question, penalty), rtol=1e-9, atol=1e-12)
            for question, value in zip(questions, found, strict=True)
        )
        for penalty in penalties(Convention())
    )


def _numbers(reply: Reply) -> list[tuple[str, Any]]:
    return [(part, value) for part in PARTS if (value := getattr(reply, part)) is not None]


def _data(question: Question, part: str) -> Any:
    """The right mean over the examples."""
    right = question.right
    return right.loss.mean() if part == "loss" else right.mu.T @ question.X / question.n


def _ratios(question: Question, reply: Reply) -> list[float]:
    """How much larger the loss and the gradient are than the right ones for the mean."""
    sizes = [
        (np.linalg.norm(value), np.linalg.norm(_data(question, part)))
        for part, value in _numbers(reply)
    ]
    return [float(found / expected) for found, expected in sizes if found > 0 and expected > 0]


def weighing_faults(
    subject: Subject, convention: Convention, questions: Sequence[Question]
) -> list[Fault]:
    """Whether C is missing in the loss or in the gradient, or multiplies all of one of them.

    Then nothing else is told: the data's part cannot be had from what C adds.
    """
    plain = replace(convention, weighed="")
    asked = [question for question in questions if question.right.mu.any()]
    answers = [
        [ask(subject, plain, question.with_reg(C)) for question in asked] for C in (0.0, 1.0, 2.0)
    ]
    if any(reply.error for replies in answers for reply in replies):
        return []
    said = [_of_weight(convention, part, asked, answers) for part in PARTS]
    shown = smallest(
        [
            Observation(question, ask(subject, convention, question), convention)
            for question in asked
        ]
    )
    return [
        Fault(sentence, explained=True, code="GB607", shown_by=shown)
        for sentence in said
        if sentence
    ]


def _of_weight(
    convention: Convention,
    part: str,
    questions: Sequence[Question],
    answers: Sequence[Sequence[Reply]],
) -> str:
    """What is wrong with C in this part; "" if nothing is. answers: with C = 0, 1 and 2."""
    zero, one, two = ([getattr(reply, part) for reply in replies] for replies in answers)
    if any(value is None for value in zero):
        return ""
    if all(
        np.array_equal(a, b) and np.array_equal(b, c)
        for a, b, c in zip(zero, one, two, strict=True)
    ):
        if _is_the_penalty(questions, answers[0], part):
            return f"the data's part of the {part} is missing: only the penalty's is there"
        return f"C is missing in the {part}: the data's part of it is not multiplied by C"

    def whole(question: Question, penalty: Convention) -> Floats:
        size = question.n if convention.weighed == "sum" else 1
        return np.asarray(size * _data(question, part) + _added(question, penalty, part))

    proportional = all(
        not np.any(a) and np.allclose(2 * b, c) for a, b, c in zip(zero, one, two, strict=True)
    )
    if proportional and _are(questions, answers[1], part, whole):
        return f"C multiplies all of the {part}: the penalty's part is to stand without C"
    return ""
