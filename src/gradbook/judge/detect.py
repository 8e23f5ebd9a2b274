"""Which convention a function follows: found by calling it with n, D and C all different.

Only one that answers at no such sizes is asked where two of them are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from gradbook.judge.convention import (
    ALONE,
    UNFINISHED,
    Convention,
    arguments,
    keywords,
    posed,
)
from gradbook.judge.deck import generic
from gradbook.judge.instead import instead
from gradbook.judge.question import Question
from gradbook.judge.signature import Order, Unmet, orders
from gradbook.judge.weighed import settle_weighed
from gradbook.loss import Loss
from gradbook.subjects import Answer, Subject

#: Sizes to try, one after the other: a function may be right for the sizes of its course alone.
_SHAPES = (
    (4, 5, 3),
    (7, 3, 4),
    (2, 6, 4),
    (5, 12, 10),
    (20, 6, 10),
    (5, 3073, 10),
    (500, 3073, 10),
    (4, 6, 4),
    (6, 4, 4),
    (4, 4, 3),
)
#: Layouts of W and X, the likeliest first, and of W where there is one example.
_LAYOUTS = (
    *(("(D, C)", "(N, D)"), ("(C, D)", "(D, N)"), ("(C, D)", "(N, D)"), ("(D, C)", "(D, N)")),
    *(("(C, D)", ALONE), ("(D, C)", ALONE)),
)
#: Answers of which less than this is right may be those of something else.
_LIKE = 0.75
_BIASES = ("(C,)", "(C, 1)", "(1, C)")


class NoConvention(Exception):
    """No way of calling the function gave a loss or a gradient; the message says what happened."""


class SomethingElse(NoConvention):
    """It is no function of this loss; the message says what it is.

    convention: in which it is that; None where W, X and y of this loss do not fit it at all.
    """

    def __init__(self, sentence: str, convention: Convention | None) -> None:
        super().__init__(sentence)
        self.convention = convention


@dataclass(frozen=True)
class Forced:
    """What a person has said of the convention, and is not detected; None is detected."""

    order: tuple[str, ...] | None = None
    weights: str | None = None
    examples: str | None = None
    labels: str | None = None
    weighed: str | None = None


def detect(subject: Subject, loss: Loss, forced: Forced | None = None) -> Convention:
    """The layout, the order of the arguments and what is returned; the rest is found later.

    Raises NoConvention if no call gave anything.
    """
    forced = forced or Forced()
    rng = np.random.default_rng(11)
    heard: dict[str, list[str]] = {"integers": [], "one-hot": [], "one-hot columns": []}
    try:
        tried = list(candidates(subject, forced))
    except Unmet as reason:
        raise NoConvention(str(reason)) from None
    for n, D, C in _SHAPES:
        questions = [generic(loss, n, D, C, rng) for _ in range(2)]
        found = [
            agreement
            for convention in tried
            if (agreement := _agreement(subject, convention, questions, heard[convention.labels]))
            is not None
        ]
        if found:
            likeness, best = max(found, key=lambda one: one[0])
            if likeness < _LIKE:
                _refuse_what_is_something_else(subject, loss, [one for _, one in found], tried)
            return settle_weighed(subject, best, questions, forced.weighed)
    _refuse_what_is_something_else(subject, loss, [], tried)
    # What a function says of one-hot labels tells nothing where it wants integers.
    raise NoConvention(_nothing(heard["integers"] or heard["one-hot"], tried))


def _refuse_what_is_something_else(
    subject: Subject, loss: Loss, found: Sequence[Convention], tried: Sequence[Convention]
) -> None:
    """Raises SomethingElse with what the function is, where that is another thing that is known."""
    orders = dict.fromkeys(Order(one.order, one.named) for one in tried)
    other = instead(subject, loss, found, list(orders))
    if other is not None:
        raise SomethingElse(*other)


def candidates(subject: Subject, forced: Forced) -> Iterator[Convention]:
    """Conventions worth trying, the likeliest first. Raises Unmet if there can be none."""
    layouts = [
        (weights, examples)
        for weights, examples in _LAYOUTS
        if forced.weights in (None, weights) and forced.examples in (None, examples)
    ]
    known = ("integers", "one-hot", "one-hot columns")
    for order in [Order(forced.order)] if forced.order else orders(subject):
        biases = _BIASES if "b" in order.roles else ("",)
        for label, (weights, examples), bias in product(known, layouts, biases):
            # Labels in columns come with examples in columns.
            if label == "one-hot columns" and examples != "(D, N)":
                continue
            if forced.labels and not label.startswith(forced.labels):
                continue
            yield Convention(
                order=order.positional,
                named=order.named,
                weights=weights,
                examples=examples,
                labels=label,
                bias=bias,
            )


def _agreement(
    subject: Subject, convention: Convention, questions: Sequence[Question], heard: list[str]
) -> tuple[float, Convention] | None:
    """How much of the answers is right, 0 … 1, and what is returned; None if nothing was."""
    likeness = 0.0
    for question in (posed(convention, question) for question in questions):
        answer = subject(*arguments(convention, question), **keywords(convention, question))
        parts = [name for name in ("loss", "gradient") if getattr(answer, name) is not None]
        if answer.returned == UNFINISHED:
            parts.append("gradient")
        if answer.fatal:
            raise NoConvention(answer.error)
        if answer.error or not parts:
            heard.append(answer.error or f"returns {answer.returned}")
            return None
        convention = replace(convention, returns=" and ".join(parts))
        likeness += _likeness(answer, convention, question) / len(questions)
    return likeness, convention


def _likeness(answer: Answer, convention: Convention, question: Question) -> float:
    right = question.right
    scores = []
    if answer.loss is not None:
        scores.append(_closeness(np.array(answer.loss), np.array(right.loss.mean())))
    if answer.gradient is not None:
        gradient = answer.gradient
        expected = right.mu.T @ question.X / question.n
        expected = expected.T if convention.weights == "(D, C)" else expected
        # A gradient of another shape says less than a wrong one.
        scores.append(
            0.1 + 0.9 * _closeness(gradient, expected) if gradient.shape == expected.shape else 0.0
        )
    return sum(scores) / len(scores)


def _closeness(found: np.ndarray, expected: np.ndarray) -> float:
    """1 where two numbers agree, less the further they are apart; the mean over all."""
    with np.errstate(all="ignore"):
        apart = np.abs(found.astype(float) - expected) / (np.abs(expected) + 1)
        close = np.where(apart < 1e-6, 1.0, 0.5 / (1 + apart))
    return float(np.where(np.isnan(close), 0.0, close).mean())


def _nothing(heard: Sequence[str], tried: Sequence[Convention]) -> str:
    """What happened most often, of what comes from no wrong layout, and how it was called."""
    telling = [text for text in heard if not any(word in text for word in _OF_LAYOUT)]
    counted = Counter(telling or heard)
    happened = counted.most_common(1)[0][0] if counted else "cannot be called"
    return f"it {happened.rstrip('.')}, called {_ways(tried)}"


def _ways(tried: Sequence[Convention]) -> str:
    """The ways in which it was called, in words."""
    orders = list(dict.fromkeys((one.order, one.named) for one in tried))
    order, named = orders[0]
    given = ", ".join([*order, *(f"{name}={role}" for name, role in named)])
    return (
        f"as ({given}){' and in any other order' if len(orders) > 1 else ''}, with "
        f"W as {_either(one.weights for one in tried)}, "
        f"X as {_either(one.examples for one in tried)}, "
        f"y {_either(one.labels.removesuffix(' columns') for one in tried)}"
    )


def _either(shapes: Iterable[str]) -> str:
    return " or ".join(dict.fromkeys(shapes))


#: Words in the errors that NumPy raises where arrays do not fit together.
_OF_LAYOUT = ("shapes", "shape", "broadcast", "out of bounds", "out of range", "mismatch", "align")
