"""Whether a function takes the sum over the examples, where the page takes the mean: a convention.

It is one only if its loss and its gradient agree: where the one of them is a sum and the other a
mean, one is wrong. Of a loss or a gradient alone nothing tells which was meant, but a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.convention import Convention
from gradbook.questions.question import Question
from gradbook.subjects import Subject


def settle_reduction(
    subject: Subject, convention: Convention, questions: Sequence[Question], forced: str | None
) -> Convention:
    """The convention, with what is taken of the examples. forced: "mean" or "sum"; None is found.

    questions: without reg, at which the function answers.
    """
    if convention.alone or convention.weighed:
        return convention
    if forced:
        return replace(convention, summed=forced == "sum")
    if not (convention.gives_loss and convention.gives_gradient):
        return convention
    asked = [question for question in questions if question.n > 1]
    mean, total = (
        [_right_parts(subject, replace(convention, summed=summed), one) for one in asked]
        for summed in (False, True)
    )
    better = [
        sum(parts[place] for parts in total) > sum(parts[place] for parts in mean)
        for place in (0, 1)
    ]
    return replace(convention, summed=bool(asked) and all(better))


def _right_parts(
    subject: Subject, convention: Convention, question: Question
) -> tuple[float, float]:
    """How much of the loss and of the gradient is right, 0 … 1; of its entries that are not 0."""
    reply = ask(subject, convention, question)
    if reply.error or reply.loss is None or reply.gradient is None:
        return 0.0, 0.0
    right = question.right.mu.T @ question.X / question.n
    there = right != 0
    close = np.isclose(reply.gradient, right, rtol=1e-9, atol=0)[there]
    loss = np.isclose(reply.loss, question.right.loss.mean(), rtol=1e-9, atol=0)
    return float(loss), float(close.mean()) if there.any() else 0.0
