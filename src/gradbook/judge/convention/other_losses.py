"""What is often found in the same place and is not the loss to be judged, told by what it answers.

A wrong function of this loss is none of them: a loss is told by its values, whatever the penalty,
and where the gradient is this loss's own, the loss alone is wrong. Labels of −1.0 and 1.0 are no
indices, and only where they are multiplied with x̃ is nothing changed by the sign of both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import numpy as np

from gradbook.judge.convention.known_losses import LOSSES, UNLESS_NAMED, OfScores
from gradbook.judge.convention.signature import Order
from gradbook.judge.explain.numbers_in_words import in_words
from gradbook.loss import Loss
from gradbook.notation import hinge
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.subjects import Answer, Argument, Subject

_CURVED = (
    "it is another loss: it is curved where this one is straight, and its gradient is that of its "
    "own loss"
)
_SCORES = "it is no loss: it returns the scores, or the classes of the largest ones"


@dataclass(frozen=True)
class Other:
    """sentence: what it is. consistent: whether its gradient, if it returns one, is that of it."""

    sentence: str
    consistent: bool = True


_OF_TWO_CLASSES = Other(
    "it is a loss of two classes, with labels −1 and 1 and one vector w of weights: here W has a "
    "row of weights for each class"
)


def another_loss(
    subject: Subject, orders: Sequence[Order], loss: Loss, *, named: bool
) -> Other | None:
    """What it computes in place of a loss with kinks; None if it is nothing known.

    named: whether the function is called as the loss to be judged is. Then a gradient alone says
    too little, and a margin without its 1 is more likely forgotten than meant.
    """
    if not loss.formula.has(hinge):
        return None
    return next(_found(subject, orders, loss, named), None)


def _found(subject: Subject, orders: Sequence[Order], loss: Loss, named: bool) -> Iterator[Other]:
    if any(_is_of_two_classes(subject, order) for order in orders):
        yield _OF_TWO_CLASSES
    rng = np.random.default_rng(19)
    data = [_Data.drawn(rng, right) for right in (2, 4)]
    others = {
        sentence: of_scores
        for sentence, of_scores in (LOSSES if named else {**LOSSES, **UNLESS_NAMED}).items()
        if any(d.added(of_scores) for d in data)
        and not all(_is_itself(loss, of_scores, d) for d in data)
    }
    for order in orders:
        for layout, labels in product(_LAYOUTS, _LABELS):
            answers = [_asked(subject, order, d, layout, labels) for d in data]
            if any(answer.error for answer in answers):
                continue
            if all(_are_scores(a, d) for a, d in zip(answers, data, strict=True)):
                yield Other(_SCORES)
            part = partial(_added, subject, order, layout, labels)
            yield from _known([part(d) for d in data], data, others, loss, named)
            if all(_is_curved(part, d, loss) for d in data):
                yield Other(_CURVED)


def _known(
    parts: Sequence[_Part],
    data: Sequence[_Data],
    others: Mapping[str, OfScores],
    loss: Loss,
    named: bool,
) -> Iterator[Other]:
    """Those of the others that the losses are; where there is no loss, that the gradients are."""
    for sentence, of_scores in others.items():
        for scale in (1.0, 1 / len(data[0].y)):
            pairs = list(zip(parts, data, strict=True))
            slopes = [_is_slope(part, _slope(of_scores, d) * scale, d) for part, d in pairs]
            if parts[0].loss is None:
                if all(slopes) and not named:
                    yield Other(sentence)
            elif all(_is_loss(part, of_scores, scale, d) for part, d in pairs):
                if all(slope is not False for slope in slopes):
                    yield Other(sentence)
                elif not all(_is_slope(part, d.slope_of(loss) * scale, d) for part, d in pairs):
                    yield Other(sentence + _compared(pairs, of_scores, scale), consistent=False)


def _compared(pairs: Sequence[tuple[_Part, _Data]], of_scores: OfScores, scale: float) -> str:
    """How the gradient differs from that of the loss, as a clause."""
    ratios = [
        found / right
        for part, d in pairs
        if (found := _like_W(part.gradient, d)) is not None
        and (right := _slope(of_scores, d) * scale).all()
    ]
    head = "; and its gradient is not that loss's"
    all_of = np.concatenate([ratio.ravel() for ratio in ratios]) if ratios else np.array([np.nan])
    if np.allclose(all_of, all_of[0], rtol=1e-4):
        return f"{head}, but {in_words(float(f'{all_of[0]:.4g}'))} times it"
    return head


def _is_itself(loss: Loss, of_scores: OfScores, data: _Data) -> bool:
    """Whether the loss to be judged is this one."""
    right = Question(loss, data.W, data.X, data.y).right.loss.sum()
    return bool(np.isclose(of_scores(data.X @ data.W.T, data.y), right))


# ------------------------------------------------------------------------------------- two classes


def _is_of_two_classes(subject: Subject, order: Order) -> bool:
    """Whether it takes a vector w and labels ±1.0, and all that counts is y_i·x̃_i.

    Other labels give another answer, and other labels with −x̃ the same.
    """
    return any(
        all(_uses_signs(subject, order, examples, n, D) for n, D in ((4, 3), (5, 2)))
        for examples in ("(N, D)", "(D, N)", "(N, D), and w and y are columns")
    )


def _uses_signs(subject: Subject, order: Order, examples: str, n: int, D: int) -> bool:
    rng = np.random.default_rng([29, n])
    w, X = rng.normal(size=D), rng.normal(size=(n, D))
    X = X.T if examples == "(D, N)" else X
    y = np.where(np.arange(n) % 2 == 0, 1.0, -1.0)
    if "columns" in examples:
        w, y = w[:, None], y[:, None]
    one = _call(subject, order, w, X, y)
    if not _has_answered(one, D):
        return False
    other, same = _call(subject, order, w, X, -y), _call(subject, order, w, -X, -y)
    return (
        _has_answered(other, D)
        and _has_answered(same, D)
        and not _are_equal(one, other)
        and _are_equal(one, same)
    )


def _has_answered(answer: Answer, D: int) -> bool:
    """Whether it is a number, or a vector of as many as w has, or both."""
    return (
        not answer.error
        and (answer.loss is not None or answer.gradient is not None)
        and (answer.loss is None or bool(np.isfinite(answer.loss)))
        and (answer.gradient is None or answer.gradient.size == D)
    )


def _are_equal(one: Answer, other: Answer) -> bool:
    pairs = ((one.loss, other.loss), (one.gradient, other.gradient))
    return all(
        a is b or (a is not None and b is not None and _same(np.asarray(a), np.asarray(b)))
        for a, b in pairs
    )


def _same(one: np.ndarray, other: np.ndarray) -> bool:
    return one.shape == other.shape and np.allclose(one, other, rtol=1e-9, atol=1e-12)


# --------------------------------------------------------------------------------- several classes


@dataclass(frozen=True)
class _Data:
    """W: (4, 7), X: (6, 7), y: (6,), with labels 0 … 3; sizes that no other question has."""

    W: Floats
    X: Floats
    y: np.ndarray

    @staticmethod
    def drawn(rng: np.random.Generator, right: int) -> _Data:
        """right: of how many examples the label's score is the largest."""
        W, X = rng.normal(size=(4, 7)), rng.normal(size=(6, 7))
        ranks = rng.permutation([0] * right + [3, 1, 2, 1][: 6 - right])
        return _Data(W, X, np.argsort(-X @ W.T, axis=1)[np.arange(6), ranks])

    @property
    def S(self) -> Floats:
        return np.asarray(self.X @ self.W.T)

    @property
    def without_examples(self) -> _Data:
        """The same with features that are 0: what is left is the penalty and a constant."""
        return replace(self, X=0 * self.X)

    def added(self, of_scores: OfScores) -> float:
        """By how much a loss is larger than with features that are 0."""
        return of_scores(self.S, self.y) - of_scores(0 * self.S, self.y)

    def slope_of(self, loss: Loss) -> Floats:
        """The gradient of the sum over the examples."""
        return np.asarray(Question(loss, self.W, self.X, self.y).right.mu.T @ self.X)


_Layout = Callable[["_Data"], tuple[Floats, Floats]]
_Labels = Callable[["_Data"], np.ndarray]

#: W and X in the layouts that are common.
_LAYOUTS: tuple[_Layout, ...] = (
    lambda d: (d.W.T, d.X),
    lambda d: (d.W, d.X.T),
    lambda d: (d.W, d.X),
)


#: y as integers, and one-hot, an example in each row or in each column.
_LABELS: tuple[_Labels, ...] = (
    lambda d: d.y,
    lambda d: np.eye(len(d.W))[d.y],
    lambda d: np.eye(len(d.W))[:, d.y],
)


def _asked(
    subject: Subject,
    order: Order,
    data: _Data,
    layout: _Layout,
    labels: _Labels,
) -> Answer:
    W, X = (np.ascontiguousarray(a) for a in layout(data))
    return _call(subject, order, W, X, np.ascontiguousarray(labels(data)))


def _call(subject: Subject, order: Order, W: Floats, X: Floats, y: np.ndarray) -> Answer:
    given: dict[str, Argument] = {"W": W, "X": X, "y": y, "reg": 1.0, "margin": 1.0, "b": 0.0}
    given |= {"classes": max(2, min(W.shape)), "count": len(y)}
    roles = {*order.positional, *(role for _, role in order.named)}
    if not roles <= given.keys():
        return Answer(error="wants more than the data, reg and their numbers")
    by_name = {name: given[role] for name, role in order.named}
    return subject(*(given[role] for role in order.positional), **by_name)


def _are_scores(answer: Answer, data: _Data) -> bool:
    """Whether the scores were returned, or the classes of the largest, and no loss."""
    S, found = data.X @ data.W.T, answer.gradient
    if answer.loss is not None or found is None:
        return False
    return any(_same(found, meant) for meant in (S, S.T, S.argmax(axis=1)))


@dataclass(frozen=True)
class _Part:
    """What the examples add to a loss and to a gradient; None where there is no such thing."""

    loss: float | None
    gradient: np.ndarray | None


def _added(subject: Subject, order: Order, layout: _Layout, labels: _Labels, data: _Data) -> _Part:
    """Whatever the penalty is: where all features are 0 it is there as well, and no data."""
    answer, without = (
        _asked(subject, order, each, layout, labels) for each in (data, data.without_examples)
    )
    loss = gradient = None
    if answer.loss is not None and without.loss is not None and (answer.loss or without.loss):
        loss = answer.loss - without.loss
    gradients = (answer.gradient, without.gradient)
    if len({None if one is None else one.shape for one in gradients}) == 1:
        gradient = None if gradients[0] is None else gradients[0] - gradients[1]
    return _Part(loss, gradient)


def _is_loss(part: _Part, of_scores: OfScores, scale: float, data: _Data) -> bool:
    right = data.added(of_scores) * scale
    return part.loss is not None and bool(np.isclose(part.loss, right))


def _is_slope(part: _Part, right: Floats, data: _Data) -> bool | None:
    """Whether the gradient is this one; None if there is no gradient."""
    if part.gradient is None:
        return None
    found = _like_W(part.gradient, data)
    if found is None or not right.any():
        return None if found is None else False
    return bool(np.allclose(found, right, rtol=1e-4, atol=1e-4))


#: W is moved so far, and no further: to the next kink it is longer.
_STEP = 2.0**-14


def _is_curved(part: Callable[[_Data], _Part], data: _Data, loss: Loss) -> bool:
    """Whether it has a second derivative where the loss has none, and the first is its gradient."""
    direction = np.cos(np.arange(data.W.size)).reshape(data.W.shape)
    steps = [replace(data, W=data.W + sign * _STEP * direction) for sign in (-1, 0, 1)]
    if not np.array_equal(steps[0].slope_of(loss), steps[2].slope_of(loss)):
        return False
    before, here, after = map(part, steps)
    gradient = _like_W(here.gradient, data)
    if gradient is None or before.loss is None or here.loss is None or after.loss is None:
        return False
    size = abs(before.loss) + 2 * abs(here.loss) + abs(after.loss)
    bend = abs(before.loss - 2 * here.loss + after.loss)
    slope = (after.loss - before.loss) / (2 * _STEP)
    room = 1e-5 * float(np.linalg.norm(gradient) * np.linalg.norm(direction))
    return bend > 1e-12 * size and abs(float((gradient * direction).sum()) - slope) <= room


def _like_W(gradient: np.ndarray | None, data: _Data) -> np.ndarray | None:
    """A gradient in the page's layout; None if it is no gradient."""
    if gradient is None or gradient.shape not in (data.W.shape, data.W.T.shape):
        return None
    return gradient if gradient.shape == data.W.shape else gradient.T


def _slope(of_scores: OfScores, data: _Data) -> Floats:
    """The gradient of a smooth loss with respect to W, by central differences."""
    slope = np.zeros_like(data.W)
    for place in np.ndindex(*data.W.shape):
        step = np.zeros_like(data.W)
        step[place] = 1e-6
        ends = [of_scores(data.X @ (data.W + sign * step).T, data.y) for sign in (1, -1)]
        slope[place] = (ends[0] - ends[1]) / 2e-6
    return slope
