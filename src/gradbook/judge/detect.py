"""Which convention a function follows: found by calling it with n, D and C all different.

Only one that answers at no such sizes is asked where two of them are the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from gradbook.judge.convention import OF_ONE, UNFINISHED, Convention, arguments, keywords
from gradbook.judge.deck import generic
from gradbook.judge.other_losses import another_loss
from gradbook.judge.question import Question
from gradbook.judge.signature import AlwaysFails, NoConvention, Order, orders
from gradbook.judge.weighted import Weighted
from gradbook.loss import Loss
from gradbook.subjects import Answer, Subject
from gradbook.subjects.names import THIS

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
#: The same for a function of one example.
_SHAPES_OF_ONE = tuple((1, D, C) for _, D, C in _SHAPES[:5])
#: An answer at least so like the right one is not looked at in another way.
_LIKE = 0.9
#: Answers of which no number is right are hardly more like it than this.
_CHANCE = 0.55


@dataclass(frozen=True)
class Forced:
    """What a person has said of the convention, and is not detected; None is detected.

    of_one: that it takes one example, and no batch. penalty: 1 for reg·ΣW², ½ for ½·reg·ΣW².
    at_kink: the indicator of a margin of exactly 0. without: kinds of findings that are not looked
    for: "purity" (inputs that are changed or shared), "dtype" and "layout".
    """

    order: tuple[str, ...] | None = None
    weights: str | None = None
    examples: str | None = None
    labels: str | None = None
    of_one: bool = False
    penalty: float | None = None
    at_kink: float | None = None
    without: tuple[str, ...] = ()


def detect(subject: Subject, loss: Loss, forced: Forced | None = None) -> Convention:
    """The layout, the order of the arguments and what is returned; the rest is found later.

    Raises NoConvention if no call gave anything, or what is computed is another loss.
    """
    forced = forced or Forced()
    heard: dict[str, list[str]] = {"integers": [], "one-hot": []}
    rng = np.random.default_rng(11)
    tried = _best(subject, loss, forced, _SHAPES, heard, rng)
    if forced.examples is None and (tried is None or tried.likeness < _LIKE):
        unheard: dict[str, list[str]] = {"integers": [], "one-hot": []}
        of_one = _best(subject, loss, Forced(forced.order, forced.weights, None, forced.labels,
            of_one=True), _SHAPES_OF_ONE, unheard, rng)  # fmt: skip
        if of_one is not None and (tried is None or tried.special or _liker(of_one, tried)):
            tried = of_one
    if tried is None or tried.likeness < _LIKE:
        other = another_loss(subject, _orders(subject, forced), loss)
        if other is not None and other.of_classes and THIS.search(subject.name.lower()):
            raise AlwaysFails(f"it is another loss: {other.words}")
        if other is not None:
            raise NoConvention(f"it looks like another loss: {other.words}")
    if tried is None:
        always = _raised_by_itself(heard["integers"])
        if always and not subject.remarks and THIS.search(subject.name.lower()):
            raise AlwaysFails(f"it {always}, whatever it is given")
        # What a function says of one-hot labels tells nothing where it wants integers.
        raise NoConvention(_nothing(heard["integers"] or heard["one-hot"]))
    return tried.convention


@dataclass(frozen=True)
class _Tried:
    """A convention in which something was answered.

    likeness: how much of it is right, 0 … 1. special: whether two of the sizes had to be equal.
    """

    likeness: float
    convention: Convention
    special: bool = False


def _best(
    subject: Subject,
    loss: Loss,
    forced: Forced,
    shapes: Sequence[tuple[int, int, int]],
    heard: dict[str, list[str]],
    rng: np.random.Generator,
) -> _Tried | None:
    """The most right one at the first of the shapes at which anything is answered."""
    for n, D, C in shapes:
        questions = [generic(loss, n, D, C, rng) for _ in range(2)]
        found = [
            tried
            for convention in candidates(subject, forced)
            if (tried := _tried(subject, convention, questions, heard[convention.labels]))
        ]
        if found:
            best = max(found, key=lambda one: one.likeness)
            return replace(best, special=len({n, D, C}) < 3)
    return None


def candidates(subject: Subject, forced: Forced) -> Iterator[Convention]:
    """Conventions worth trying, the likeliest first."""
    batches = (
        *(("(D, C)", "(N, D)"), ("(C, D)", "(D, N)")),
        *(("(C, D)", "(N, D)"), ("(D, C)", "(D, N)")),
    )
    layouts = [
        (weights, examples)
        for weights, examples in (
            product(("(C, D)", "(D, C)"), OF_ONE) if forced.of_one else batches
        )
        if forced.weights in (None, weights) and forced.examples in (None, examples)
    ]
    labels = ["integers"] if forced.of_one else ["integers", "one-hot"]
    if forced.labels:
        labels = [forced.labels]
    for order in _orders(subject, forced):
        for label, (weights, examples) in product(labels, layouts):
            yield Convention(order.roles, order.named, weights, examples, label)


def _orders(subject: Subject, forced: Forced) -> list[Order]:
    return [Order(forced.order)] if forced.order else orders(subject)


def _tried(
    subject: Subject, convention: Convention, questions: Sequence[Question], heard: list[str]
) -> _Tried | None:
    """How much of the answers is right, and what is returned; None if nothing was."""
    likeness = 0.0
    for question in questions:
        answer = subject(*arguments(convention, question), **keywords(convention, question))
        parts = [name for name in ("loss", "gradient") if getattr(answer, name) is not None]
        if len(parts) == 2 and _is_on_the_way(answer.gradient, question):
            parts = ["loss"]
        if answer.returned == UNFINISHED:
            parts.append("gradient")
        if answer.fatal:
            raise NoConvention(answer.error)
        if answer.error or not parts:
            heard.append(answer.error or f"returns {answer.returned}")
            return None
        convention = replace(convention, returns=" and ".join(parts))
        likeness += _likeness(answer, convention, question) / len(questions)
    tried = _Tried(likeness, convention)
    if likeness < _LIKE and convention.has_reg:
        for other in _weighing_the_data(subject, tried, questions):
            tried = other if _liker(other, tried) else tried
    return tried


def _is_on_the_way(second: np.ndarray | None, question: Question) -> bool:
    """Whether what is returned with the loss is no gradient, but what the loss is made of.

    The loss of each example, the scores, or the margins.
    """
    n, C = question.n, question.C
    if second is None or second.shape == (question.n,):
        return second is not None
    if second.shape not in ((n, C), (C, n)) or second.shape in ((C, question.D), (question.D, C)):
        return False
    table = second if second.shape == (n, C) else second.T
    return bool((table >= 0).all()) or bool(np.allclose(table, question.S))


def _liker(one: _Tried, other: _Tried) -> bool:
    """Whether a rarer convention fits so much better that it is no chance."""
    return one.likeness > max(_CHANCE, other.likeness + 0.05)


def _weighing_the_data(
    subject: Subject, plain: _Tried, questions: Sequence[Question]
) -> Iterator[_Tried]:
    """The same where reg is the weight C of the data, in ½·ΣW² + C·Σ_i L_i."""
    for weighs in ("data", "sum"):
        convention = replace(plain.convention, weighs=weighs)
        weighted = Weighted(subject, convention)
        answers = [
            weighted(*arguments(convention, one), **keywords(convention, one)) for one in questions
        ]
        if not any(answer.error for answer in answers):
            alike = [
                _likeness(answer, convention, question)
                for answer, question in zip(answers, questions, strict=True)
            ]
            yield _Tried(sum(alike) / len(alike), convention)


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


def _raised_by_itself(heard: Sequence[str]) -> str:
    """An error that is in the function itself, and in every call that got so far."""
    errors = {text for text in heard if not any(word in text for word in _OF_LAYOUT)}
    of_itself = ("raises NameError", "raises UnboundLocalError", "raises AttributeError: module")
    return errors.pop() if len(errors) == 1 and min(errors).startswith(of_itself) else ""


def _nothing(heard: Sequence[str]) -> str:
    """What happened most often, of what does not come from a wrong layout."""
    if not heard:
        return "it cannot be called with W, X, y and reg"
    telling = [text for text in heard if not any(word in text for word in _OF_LAYOUT)]
    if telling:
        return Counter(telling).most_common(1)[0][0]
    often = Counter(heard).most_common(1)[0][0]
    return (
        "it answers in no layout, W being (C, D) or (D, C), X (N, D), (D, N) or one example, and y "
        f"integers or one-hot; most often it {often}"
    )


#: Words in the errors that NumPy raises where arrays do not fit together.
_OF_LAYOUT = (
    *("shapes", "shape", "broadcast", "out of bounds", "out of range", "mismatch", "align"),
    *("truth value", "dimension", "iterable", "only integer", "scalar", "subscriptable"),
)
