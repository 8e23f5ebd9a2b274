"""Memories of sums: what every call adds to something that the calls before have left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np

from gradbook.judge.memory.stale import NOTHING, OUTPUTS, Memory, Page, Predicted, merged
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question

#: Of a question, the one before and its number: how much of what was there before stays, and how
#: much of the call's own is added.
Weights = Callable[[Question, Question, int], tuple[float, float]]
_Step = tuple[str, Weights]

_STEPS: tuple[_Step, ...] = (
    ("{name} {is} not set back to 0: each call adds to what the calls before gave",
     lambda q, before, t: (1.0, 1.0)),
    ("the sums of {name} are not set back to 0: each call adds to those of the calls before",
     lambda q, before, t: (before.n / q.n, 1.0)),
    ("{name} {is} not set back to 0: each call adds to what the calls before gave, and divides "
     "that by n once more", lambda q, before, t: (1 / q.n, 1.0)),
    ("{name} {is} the mean over all calls so far", lambda q, before, t: (1 - 1 / t, 1 / t)),
)  # fmt: skip

#: Which calls are added up; and how they are called.
_Summed = Callable[[Sequence[Question]], Sequence[Question]]


def _of_the_first_shape(past: Sequence[Question]) -> Sequence[Question]:
    """Those whose W has the shape that it had at first: others cannot be added."""
    return [one for one in past if one.W.shape == past[0].W.shape]


def _of_the_same_shape(past: Sequence[Question]) -> Sequence[Question]:
    return [one for one in past if one.W.shape == past[-1].W.shape]


def _since(same: Callable[[Question, Question], bool]) -> _Summed:
    """Those since something is as it is now."""

    def summed(past: Sequence[Question]) -> Sequence[Question]:
        others = [place for place, one in enumerate(past) if not same(one, past[-1])]
        return past[others[-1] + 1 :] if others else past

    return summed


def _have_one_shape(one: Question, other: Question) -> bool:
    return one.W.shape == other.W.shape


def _have_the_same_examples(one: Question, other: Question) -> bool:
    """As what is made of them, and made anew for others, has."""
    return (
        np.array_equal(one.X, other.X) and np.array_equal(one.y, other.y) and one.reg == other.reg
    )


def _all(past: Sequence[Question]) -> Sequence[Question]:
    return past


_SUMMED: dict[str, _Summed] = {
    "": _of_the_first_shape,
    " ": _all,  # of losses, which are added whatever their data
    ", as long as W has the same shape": _since(_have_one_shape),
    ", as long as the examples are the same": _since(_have_the_same_examples),
    ", for each shape of W apart": _of_the_same_shape,
}

_NAMES = {"both": "the loss and the gradient", "gradient": "the gradient", "loss": "the loss"}


def accumulated(from_start: bool) -> Iterator[Memory]:
    """Sums and means of results. from_start: whether the first call of the process is known."""
    for (said, step), (since, summed), of_data, outputs in product(
        _STEPS, _SUMMED.items(), (False, True), OUTPUTS
    ):
        if (summed is _all and outputs != "loss") or (
            summed in (_all, _of_the_first_shape) and not from_start
        ):
            continue
        name = f"the data's part of {_NAMES[outputs]}" if of_data else _NAMES[outputs]
        verb = "are" if outputs == "both" and not of_data else "is"
        yield Memory(
            said.replace("{name}", name).replace("{is}", verb) + since.rstrip(),
            _of_all_calls(step, summed, of_data, outputs),
        )


def _of_all_calls(
    step: Weights,
    summed: _Summed,
    of_data: bool,
    outputs: str,
) -> Callable[[Page, Sequence[Question]], Predicted]:
    def predict(page: Page, past: Sequence[Question]) -> Predicted:
        now = past[-1]
        added = summed(past)
        if not added or added[-1] is not now:
            return NOTHING
        loss, gradient, before = 0.0, np.zeros(now.W.shape), now
        for count, one in enumerate(added, 1):
            right = _data(page, one) if of_data else page.right(one)
            kept, own = step(one, before, count)
            before = one
            loss = kept * loss + own * right.loss
            if outputs == "loss":  # losses add up whatever the shapes of the calls are
                continue
            if right.gradient.shape != gradient.shape:
                return NOTHING
            gradient = kept * gradient + own * right.gradient
        if of_data:
            loss, gradient = _with_penalty(page, now, loss, gradient)
        return merged(Predicted(loss, gradient), page.right(now), outputs)

    return predict


def _data(page: Page, question: Question) -> Predicted:
    return page.right(page.without_reg(question))


def _with_penalty(page: Page, now: Question, loss: float, gradient: Floats) -> tuple[float, Floats]:
    whole, data = page.right(now), _data(page, now)
    return loss + whole.loss - data.loss, gradient + whole.gradient - data.gradient
