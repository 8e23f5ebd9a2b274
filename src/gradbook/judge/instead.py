"""What a function is instead of this loss: the two-class SVM, softmax, a count of right answers.

Each is told by what it answers, and by nothing less: a wrong function of this loss is none of
them. Labels of −1.0 and 1.0 are no indices, and only where they are multiplied with x̃ is nothing
changed by the sign of both; softmax, counts and scores must be met exactly, on every question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.convention import Convention, arguments, keywords, posed
from gradbook.judge.deck import generic
from gradbook.judge.question import Question
from gradbook.judge.signature import Order
from gradbook.loss import Loss
from gradbook.subjects import Answer, Argument, Subject

TWO_CLASSES = (
    "it is a loss of two classes, with labels −1 and 1 and one vector w of weights: here W has a "
    "row of weights for each class"
)
_SOFTMAX = "it is the softmax loss (cross-entropy), or its gradient, and not the sum of max(0, …)"
#: Sizes n, D, C, all different.
_SHAPES = ((4, 5, 3), (7, 3, 4), (5, 4, 6))


def instead(
    subject: Subject, loss: Loss, conventions: Sequence[Convention], orders: Sequence[Order]
) -> tuple[str, Convention | None] | None:
    """What the function is, as a sentence, and in which convention; None if nothing known here.

    conventions: those in which it answers. orders: of its arguments, that are worth trying.
    """
    if any(_is_for_two_classes(subject, order) for order in orders):
        return TWO_CLASSES, None
    rng = np.random.default_rng(23)
    questions = [generic(loss, n, D, C, rng) for n, D, C in _SHAPES for _ in range(2)]
    for convention in conventions:
        for sentence, meant in _MEANT.items():
            if _always_gives(subject, convention, questions, meant):
                return sentence, convention
    return None


# ------------------------------------------------------------------------------------- two classes


def _is_for_two_classes(subject: Subject, order: Order) -> bool:
    """Whether it takes a vector w and labels ±1.0, and all that counts is y_i·x̃_i.

    Other labels give another answer, and other labels with −x̃ the same.
    """
    return any(
        all(_uses_signs(subject, order, examples, n, D) for n, D in ((4, 3), (5, 2)))
        for examples in ("(N, D)", "(D, N)")
    )


def _uses_signs(subject: Subject, order: Order, examples: str, n: int, D: int) -> bool:
    rng = np.random.default_rng([29, n])
    w, X = rng.normal(size=D), rng.normal(size=(n, D))
    X = X.T if examples == "(D, N)" else X
    y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    one = _of_two(subject, order, w, X, y)
    if not _has_answered(one, D):
        return False
    other, same = _of_two(subject, order, w, X, -y), _of_two(subject, order, w, -X, -y)
    return (
        _has_answered(other, D)
        and _has_answered(same, D)
        and not _are_equal(one, other)
        and _are_equal(one, same)
    )


def _of_two(subject: Subject, order: Order, w: Floats, X: Floats, y: Floats) -> Answer:
    given: dict[str, Argument] = {"W": w, "X": X, "y": y, "reg": 1.0, "margin": 1.0, "b": 0.0}
    given |= {"classes": 2, "count": len(y)}
    named = {name: given[role] for name, role in order.named}
    return subject(*(given[role] for role in order.positional), **named)


def _has_answered(answer: Answer, D: int) -> bool:
    """Whether it is a number, or a vector of as many as w has, or both."""
    return (
        not answer.error
        and (answer.loss is not None or answer.gradient is not None)
        and (answer.loss is None or bool(np.isfinite(answer.loss)))
        and (answer.gradient is None or answer.gradient.size == D)
    )


def _are_equal(one: Answer, other: Answer) -> bool:
    losses = [[answer.loss] if answer.loss is not None else [] for answer in (one, other)]
    return _same(*losses) and _same(_vector(one), _vector(other))


def _vector(answer: Answer) -> Floats:
    return np.zeros(0) if answer.gradient is None else np.ravel(answer.gradient)


# --------------------------------------------------------------------------------- several classes


def _softmax(question: Question) -> Iterator[tuple[Any, Any]]:
    """Loss and gradient, the mean and the sum over the examples."""
    S = question.S - question.S.max(axis=1, keepdims=True)
    P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
    loss = -np.log(P[np.arange(question.n), question.y]).sum()
    gradient = (P - question.own).T @ question.X
    for divisor in (question.n, 1):
        yield loss / divisor, gradient / divisor


def _count(question: Question) -> Iterator[tuple[Any, Any]]:
    right, n = float((question.S.argmax(axis=1) == question.y).sum()), question.n
    for value in (right, right / n, 100 * right / n, n - right, 1 - right / n):
        yield value, None


def _scores(question: Question) -> Iterator[tuple[Any, Any]]:
    yield None, question.S
    yield None, question.S.T
    yield None, question.S.argmax(axis=1)


_MEANT: dict[str, Callable[[Question], Iterator[tuple[Any, Any]]]] = {
    _SOFTMAX: _softmax,
    "it counts the examples that are classified correctly, or wrongly, and is no loss": _count,
    "it returns the scores, or the classes of the largest ones, and no loss": _scores,
}


def _always_gives(
    subject: Subject,
    convention: Convention,
    questions: Sequence[Question],
    meant: Callable[[Question], Iterator[tuple[Any, Any]]],
) -> bool:
    """Whether every answer is what is meant, in one of its variants, the same every time."""
    variants: set[int] | None = None
    for question in (posed(convention, question) for question in questions):
        answer = subject(*arguments(convention, question), **keywords(convention, question))
        if answer.error:
            return False
        agreeing = {
            number
            for number, (loss, gradient) in enumerate(meant(question))
            if _gives(answer, convention, loss, gradient)
        }
        variants = agreeing if variants is None else variants & agreeing
        if not variants:
            return False
    return bool(variants)


def _gives(answer: Answer, convention: Convention, loss: Any, gradient: Any) -> bool:
    """Whether what came, a loss, a gradient or both, is this; something must have come."""
    pairs = [(answer.loss, loss), (answer.gradient, gradient)]
    came = [(found, meant) for found, meant in pairs if found is not None]
    return bool(came) and all(
        meant is not None and any(_same(found, each) for each in (meant, np.transpose(meant)))
        for found, meant in came
    )


def _same(found: Any, meant: Any) -> bool:
    return np.shape(found) == np.shape(meant) and np.allclose(found, meant, rtol=1e-9, atol=1e-12)
