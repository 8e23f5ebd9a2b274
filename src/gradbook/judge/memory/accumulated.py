"""Memories of sums: what every call adds to something that the calls before have left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import product

import numpy as np

from gradbook.judge.memory.history import Call
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


def accumulated(calls: Sequence[Call], from_start: bool) -> Iterator[Memory]:
    """Sums, means and running averages of results; the last with a weight that is measured.

    from_start: whether the first call of the process is known.
    """
    for (said, step), (since, summed), of_data, outputs in product(
        [*_STEPS, *_running(calls)], _SUMMED.items(), (False, True), OUTPUTS
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
    for word, best in _BEST.items():
        yield Memory(f"the loss is the {word} so far, not the call's own", _of_the_best(best))


def fading(calls: Sequence[Call], page: Page) -> Iterator[Memory]:
    """Factors that depend on the number of the call: t, 1/t, or a power that is measured."""
    factors: dict[str, Callable[[int], float]] = {
        "multiplied by the number of calls so far": lambda t: float(t),
        "divided by the number of calls so far": lambda t: 1 / t,
    }
    for ratio in _ratios_of_the_second(calls, page):
        factors[f"multiplied by {ratio:.6g} once more in each call"] = (
            lambda t, ratio=ratio: ratio ** (t - 1)  # type: ignore[misc]
        )
    for (said, factor), of_reg, outputs in product(factors.items(), (False, True), OUTPUTS):
        name = "reg" if of_reg else _NAMES[outputs]
        verb = "are" if outputs == "both" and not of_reg else "is"
        where = f"of {_NAMES[outputs]}, " if of_reg and outputs != "both" else ""
        yield Memory(f"{where}{name} {verb} {said}", _by_number(factor, of_reg, outputs))


def _by_number(
    factor: Callable[[int], float], of_reg: bool, outputs: str
) -> Callable[[Page, Sequence[Question]], Predicted]:
    def predict(page: Page, past: Sequence[Question]) -> Predicted:
        now, f = past[-1], factor(len(past))
        whole, data = page.right(now), _data(page, now)
        loss, gradient = f * whole.loss, f * whole.gradient
        if of_reg:
            loss = data.loss + f * (whole.loss - data.loss)
            gradient = data.gradient + f * (whole.gradient - data.gradient)
        return merged(Predicted(loss, gradient), whole, outputs)

    return predict


def _ratios_of_the_second(calls: Sequence[Call], page: Page) -> Iterator[float]:
    """What the second answer to the same question is of the first, where it is one factor.

    Of the whole, and of what reg adds.
    """
    if len(calls) < 2 or calls[0].question is not calls[1].question:
        return
    data = _data(page, calls[0].question)
    for part, of_data in product(("gradient", "loss"), (False, True)):
        first, second = (getattr(call.reply, part) for call in calls[:2])
        if first is None or second is None or np.shape(first) != np.shape(second):
            continue
        less = np.asarray(getattr(data, part)) if of_data else np.zeros(np.shape(first))
        if np.shape(less) != np.shape(first):
            continue
        one, other = np.ravel(first - less), np.ravel(second - less)
        place = np.abs(one).argmax()
        with np.errstate(all="ignore"):
            ratio = float(other[place] / one[place])
        if np.isfinite(ratio) and ratio not in (0.0, 1.0):
            yield float(f"{ratio:.9g}")


def _running(calls: Sequence[Call]) -> Iterator[_Step]:
    """A running average: the second answer to the same question tells the weights."""
    if len(calls) < 2 or calls[0].question is not calls[1].question:
        return
    for part in ("gradient", "loss"):
        first, second = (getattr(call.reply, part) for call in calls[:2])
        if first is None or second is None or not np.any(first):
            continue
        with np.errstate(all="ignore"):
            ratios = (
                np.asarray(second)[np.asarray(first) != 0]
                / np.asarray(first)[np.asarray(first) != 0]
            )
        kept = float(f"{float(np.median(ratios)) - 1:.9g}")
        if not 0 < kept < 1:
            continue
        for own, said in ((1.0, "its own"), (1 - kept, f"{1 - kept:.6g} of its own")):
            yield (
                f"{{name}} {{is}} a running average: {said} is added to {kept:.6g} of that of the "
                "call before",
                lambda q, before, t, kept=kept, own=own: (kept, own),  # type: ignore[misc]
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


_BEST: dict[str, Callable[[Sequence[float]], float]] = {"smallest": min, "largest": max}


def _of_the_best(
    best: Callable[[Sequence[float]], float],
) -> Callable[[Page, Sequence[Question]], Predicted]:
    def predict(page: Page, past: Sequence[Question]) -> Predicted:
        right = page.right(past[-1])
        losses = [page.right(one).loss for one in past]
        return Predicted(best(losses), right.gradient)

    return predict
