"""Which convention a function follows: found by calling it with n, D and C all different.

Only one that answers at no such sizes is asked where two of them are the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import product

import numpy as np

from gradbook.called import called_so, is_called_so
from gradbook.judge.convention.asking import as_given, ask, posed
from gradbook.judge.convention.convention import (
    ALONE,
    FLAT,
    INSIDE,
    Convention,
    laid_out,
    read_back,
)
from gradbook.judge.convention.forced import Forced
from gradbook.judge.convention.no_convention import (
    Heard,
    heard_from,
    nothing,
    orders_of,
    raised_by_itself,
)
from gradbook.judge.convention.other_losses import another_loss
from gradbook.judge.convention.reduction import settle_reduction
from gradbook.judge.convention.signature import (
    AlwaysFails,
    AnotherLoss,
    LabelsFrom1,
    NoConvention,
    NotInstalled,
    Order,
    orders,
)
from gradbook.judge.convention.sizes import settled_sizes, stated_shapes
from gradbook.judge.convention.weight_of_the_data import settle_weighed
from gradbook.judge.penalties.other_penalty import settle_constant
from gradbook.loss import Loss
from gradbook.questions.deck import generic
from gradbook.questions.question import Question
from gradbook.subjects import Answer, Subject, TooSlow

#: Sizes to try, one after the other: a function may be right for the sizes of its course alone.
_SHAPES = (
    (4, 5, 3),
    (7, 3, 4),
    (2, 6, 4),
    (5, 12, 10),
    (20, 6, 10),
    (5, 3073, 10),
    (4, 6, 4),
    (6, 4, 4),
    (4, 4, 3),
)
#: A course's own, for what states no number of examples and answers to no fewer.
_LARGE_SHAPE = (500, 3073, 10)
#: What was said to each kind of labels.
_Said = dict[str, list[Heard]]
#: Layouts of W and X, the likeliest first, and of W where there is one example.
_LAYOUTS = (
    *(("(D, C)", "(N, D)"), ("(C, D)", "(D, N)"), ("(C, D)", "(N, D)"), ("(D, C)", "(D, N)")),
    *(("(C, D)", ALONE), ("(D, C)", ALONE)),
)
#: An answer at least so like the right one is not looked at in another way.
_LIKE = 0.9
#: Answers of which no number is right are hardly more like it than this.
_CHANCE = 0.55
#: What is raised for a package that is not there, however the function is called.
_NOT_THERE = ("ImportError", "ModuleNotFoundError")
#: How labels are given, unless they stand in a column, (N, 1).
_LABELS = ("integers", "one-hot", "one-hot columns")
#: And how only a person may say that they are; a column is found out as well.
_IF_SAID = ("column", "from-1")
#: Weights that may be wanted as {class: weight}.
_BY_CLASS = ("class weights", "weights by class")
_BIASES = ("(C,)", "(C, 1)", "(1, C)")


def detect(subject: Subject, loss: Loss, forced: Forced | None = None) -> Convention:
    """The layout, the order of the arguments and what is returned; the rest is found later.

    Raises NoConvention if no call gave anything, or what is computed is another loss; AlwaysFails
    if that is so and the function is called as this loss is.
    """
    forced = forced or Forced()
    tried = list(candidates(subject, forced))
    heard = _heard()
    best = _likest(subject, loss, tried, heard)
    if best is None or best.likeness < _LIKE:
        if not forced.labels:
            _refuse_labels_from_1(subject, loss, tried)
        _refuse_another_loss(subject, loss, tried)
    if best is None:
        # What a function says of one-hot labels tells nothing where it wants integers.
        said = heard["integers"] or heard["one-hot"]
        always = raised_by_itself(said)
        if always and not subject.remarks and is_called_so(subject.name, loss):
            raise AlwaysFails(f"it {always}")
        raise NoConvention(nothing(said, tried))
    if best.likeness <= _CHANCE and len(orders_of(tried)) > 1:
        taken = ", ".join(subject.parameters)
        raise NoConvention(
            f"its parameters ({taken}) are not called as W, X and y are, and in no order of them "
            "is an answer like this loss"
        )
    weighed = settle_weighed(subject, best.convention, best.questions, forced.weighed)
    constant = settle_constant(subject, weighed, best.questions)
    settled = settle_reduction(subject, constant, best.questions, forced.reduction)
    return _with_sizes(subject, loss, settled, best.questions[0])


def which_loss(subject: Subject, losses: Sequence[Loss], forced: Forced | None = None) -> Loss:
    """The one that its name tells; of those that it leaves open, the one that its values are like.

    A wrong function is like its own loss in more numbers than like another: in the loss where its
    gradient is wrong, in most rows of the gradient where one is. Raises NoConvention.
    """
    losses = called_so(subject.name, losses) or losses
    if len(losses) == 1:
        return losses[0]
    tried = list(candidates(subject, forced or Forced()))
    plain = [one for one in tried if not one.alone]
    best = [_best(subject, loss, plain, _heard()) for loss in losses]
    if all(each is None or each.special for each in best):
        best = [_likest(subject, loss, tried, _heard()) for loss in losses]
    likeness = [each.likeness if each else 0.0 for each in best]
    return losses[likeness.index(max(likeness))]


def _likest(
    subject: Subject, loss: Loss, tried: Sequence[Convention], heard: _Said
) -> _Tried | None:
    """In which convention its answers are most like the loss; None if it answers in none."""
    best = _of_a_batch_or_of_one(subject, loss, tried, heard)
    batches = [one for one in tried if not one.alone]
    integers = [one for one in batches if one.labels == "integers"]
    inside = [replace(one, bias=bias) for one in tried if not one.bias for bias in INSIDE]
    if best is None or best.convention.labels != "integers":
        # It may index y as y[i][0]; only one that answers to no labels in a row is asked so.
        columns = [replace(one, labels="column") for one in integers]
        best = _if_liker(subject, loss, columns, best, by=0.0)
    if best is None or best.likeness < _LIKE:
        best = _if_liker(subject, loss, inside, best)
    if best is None or best.special or best.likeness < _LIKE:
        rows = [
            replace(one, weights=flat)
            for flat, weights in FLAT.items()
            for one in (*tried, *inside)
            if one.weights == weights and one.labels == "integers" and not one.alone
        ]
        unless = None if best is not None and best.special else best
        best = _if_liker(subject, loss, rows, unless, by=0.0) or best
    if best is None or best.likeness < _LIKE:
        best = _if_liker(subject, loss, [replace(one, matrices=True) for one in batches], best)
    if best is None or best.likeness < _LIKE:
        by_class = [one.with_role(*_BY_CLASS) for one in tried if _BY_CLASS[0] in one.roles]
        best = _if_liker(subject, loss, by_class, best)
    return best


def _with_sizes(
    subject: Subject, loss: Loss, convention: Convention, asked: Question
) -> Convention:
    """The convention with the sizes that the function states. asked: what it answers."""
    rng = np.random.default_rng(13)

    def answers(n: int, D: int, C: int) -> bool:
        question = posed(convention, generic(loss, n, D, C, rng))
        return not ask(subject, convention, question).error

    C, D, n = settled_sizes(answers, (asked.n, asked.D, asked.C), subject.numbers)
    return replace(convention, classes=C, features=D, batch=0 if convention.alone else n)


def _heard() -> _Said:
    """What was said to each kind of labels where nothing was answered."""
    return {labels: [] for labels in (*_LABELS, *_IF_SAID)}


def _refuse_labels_from_1(subject: Subject, loss: Loss, tried: Sequence[Convention]) -> None:
    """Raises what says so, where it is this loss with labels 1 … C: meant so, or forgotten."""
    shifted = [replace(one, labels="from-1") for one in tried if one.labels == "integers"]
    found = _of_a_batch_or_of_one(subject, loss, shifted, _heard())
    if found is not None and found.likeness >= _LIKE:
        raise LabelsFrom1(
            "it is this loss with labels 1 … C, and not with 0 … C − 1: with --labels from-1 it is "
            "judged by those, with --labels integers by these"
        )


def _refuse_another_loss(subject: Subject, loss: Loss, tried: Sequence[Convention]) -> None:
    """Raises what says so, where the function is another thing that is known."""
    named = is_called_so(subject.name, loss)
    other = another_loss(subject, orders_of(tried), loss, named=named)
    if other is None:
        return
    if named and not other.consistent:
        raise AlwaysFails(other.sentence)
    raise AnotherLoss(other.sentence)


@dataclass(frozen=True)
class _Tried:
    """A convention in which something was answered, and to which questions.

    likeness: how much of it is right, 0 … 1. special: whether two of the sizes had to be equal.
    """

    likeness: float
    convention: Convention
    questions: Sequence[Question] = ()
    special: bool = False


def _of_a_batch_or_of_one(
    subject: Subject, loss: Loss, tried: Sequence[Convention], heard: _Said, large: bool = True
) -> _Tried | None:
    """The best convention; one of a single example only where no batch fits nearly as well."""
    batches = [one for one in tried if not one.alone]
    batch = _best(subject, loss, batches, heard, large)
    if batch is not None and batch.likeness >= _LIKE:
        return batch
    ones = [one for one in tried if one.alone]
    one = _best(subject, loss, ones, _heard() if batches else heard, large)
    if one is None or batch is None or batch.special:
        return one or batch
    return one if one.likeness > max(_CHANCE, batch.likeness + 0.05) else batch


def _if_liker(
    subject: Subject,
    loss: Loss,
    other: Sequence[Convention],
    best: _Tried | None,
    by: float = 0.1,
) -> _Tried | None:
    """As it was, or the best of other conventions, if the function is so much more this loss."""
    # What answers to a small batch is not made for a course's large one alone.
    found = _of_a_batch_or_of_one(subject, loss, other, _heard(), large=best is None)
    least = _CHANCE if best is None else max(_CHANCE, best.likeness + by)
    return found if found is not None and found.likeness > least else best


def _best(
    subject: Subject, loss: Loss, tried: Sequence[Convention], heard: _Said, large: bool = True
) -> _Tried | None:
    """The most right one at the first of the shapes at which anything is answered."""
    shapes = (*_SHAPES, *stated_shapes(subject.numbers), *[_LARGE_SHAPE] * large)
    for n, D, C in shapes if tried else ():
        questions = _questions(loss, n, D, C)
        best: _Tried | None = None
        for convention in tried:
            least = best.likeness if best else 0.0
            if least == 1:  # nothing is liker
                break
            found = _agreement(subject, convention, questions, heard[convention.labels], least)
            if found is not None and (best is None or found.likeness > least):
                best = found
        if best is not None:
            return replace(best, questions=questions, special=len({n, D, C}) < 3)
    return None


@lru_cache(maxsize=32)
def _questions(loss: Loss, n: int, D: int, C: int) -> tuple[Question, ...]:
    rng = np.random.default_rng([11, n, D, C])
    return tuple(generic(loss, n, D, C, rng) for _ in range(2))


def candidates(subject: Subject, forced: Forced) -> Iterator[Convention]:
    """Conventions worth trying, the likeliest first. Raises NoConvention if there is none."""
    layouts = [
        (weights, examples)
        for weights, examples in _LAYOUTS
        if forced.weights in (None, weights) and forced.examples in (None, examples)
    ]
    known = (forced.labels,) if forced.labels in _IF_SAID else _LABELS
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
    subject: Subject,
    convention: Convention,
    questions: Sequence[Question],
    heard: list[Heard],
    least: float,
) -> _Tried | None:
    """How much of the answers is right, and what is returned; None if nothing was.

    Where the rest of the answers cannot bring it over the least that is wanted, they are not asked.
    """
    total = 0.0
    for asked, question in enumerate((posed(convention, each) for each in questions), 1):
        given, by_name = as_given(convention, question)
        answer = subject(*given, **by_name)
        parts = [name for name in ("loss", "gradient") if getattr(answer, name) is not None]
        if len(parts) == 2 and _is_on_the_way(answer.gradient, question):
            parts = ["loss"]
        if parts == ["gradient"] and _is_on_the_way(answer.gradient, question):
            parts = []
        if answer.no_loss:
            parts.insert(0, "loss")
        if answer.no_gradient:
            parts.append("gradient")
        if answer.too_slow:
            raise TooSlow(f"a call {answer.error}", "hang")
        if answer.fatal:
            raise NoConvention(answer.error)
        if answer.raised in _NOT_THERE:
            raise NotInstalled(f"it cannot run here, for it {answer.error}")
        if answer.error or not parts:
            heard.append(heard_from(answer))
            return None
        beside = _beside_the_loss(answer, question) if parts == ["loss"] else ""
        convention = replace(convention, returns=" and ".join(parts), beside=beside)
        total += _likeness(answer, convention, question)
        if total + len(questions) - asked <= least * len(questions):
            break
    return _Tried(total / len(questions), convention)


def _beside_the_loss(answer: Answer, question: Question) -> str:
    """What is returned with a loss and is no gradient, in words; "" if there is nothing."""
    if answer.gradient is not None:
        many = answer.gradient.shape != (question.n,)
        return "an array with a row for each example" if many else "a number for each example"
    return answer.returned.partition(" and ")[2].replace("a loss", "a number")


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


def _likeness(answer: Answer, convention: Convention, question: Question) -> float:
    """How much of it is right, as the mean over the examples or as the sum."""
    return max(_likeness_of(answer, convention, question, size) for size in (1, question.n))


def _likeness_of(answer: Answer, convention: Convention, question: Question, size: float) -> float:
    """The same if it is so many times the mean."""
    right = question.right
    scores = []
    if answer.loss is not None:
        scores.append(_closeness(np.array(answer.loss), np.array(right.loss.mean() * size)))
    if answer.gradient is not None:
        page = (question.C, question.D + (convention.bias in INSIDE))
        gradient = answer.gradient
        if gradient.shape == laid_out(convention, np.empty(page)).shape:
            gradient = read_back(convention, gradient, page)
        if convention.bias in INSIDE and gradient.shape == (question.C, question.D + 1):
            gradient = np.delete(gradient, INSIDE[convention.bias], axis=1)
        expected = right.mu.T @ question.X * (size / question.n)
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
