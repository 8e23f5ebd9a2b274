"""Calls that are wrong because of their number, or of what the calls before them were."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from gradbook.judge.history import Call, alike
from gradbook.judge.question import Question
from gradbook.judge.stale import Page, agrees, pasts


@dataclass(frozen=True)
class When:
    """words: to begin a sentence. holds: of a call and all calls before it in its process."""

    words: str
    holds: Callable[[Sequence[Call]], bool]


def occasional(histories: Sequence[Sequence[Call]], page: Page) -> str:
    """When the calls are wrong and what they give then, as a sentence; "" where nothing tells.

    It tells only if it holds for the wrong calls and for no others.
    """
    known = [*pasts(histories)]
    wrong = [not agrees(past[-1], page.right(past[-1].question)) for past in known]
    if all(wrong) or not any(wrong):
        return ""
    numbers = [past[-1].number for past, bad in zip(known, wrong, strict=True) if bad]
    for when in (*_by_number(numbers), *_by_history()):
        if all(when.holds(past) == bad for past, bad in zip(known, wrong, strict=True)):
            bad_ones = [past[-1] for past, bad in zip(known, wrong, strict=True) if bad]
            return f"{when.words}, {what(bad_ones, page)}; all other calls are right"
    return ""


def among_repetitions(calls: Sequence[Call], page: Page) -> str:
    """The same for one question, asked again and again, whatever the function usually answers."""
    usual = _usual(calls, page)
    odd = [call for call in calls if not alike(call.reply, usual.reply)]
    if not odd:
        return ""
    numbers = [call.number for call in odd]
    right = agrees(usual, page.right(usual.question))
    for when in _by_number(numbers):
        if all(when.holds([call]) == (call in odd) for call in calls):
            if right:
                return f"{when.words}, {what(odd, page)}; all other calls are right"
            return f"{when.words}, the same data give another answer than in all other calls"
    return ""


def _usual(calls: Sequence[Call], page: Page) -> Call:
    """A call that is right; if none is, one whose answer most have, later ones rather."""
    right = next((call for call in calls if agrees(call, page.right(call.question))), None)
    if right is not None:
        return right
    kinds: list[list[Call]] = []
    for call in calls:
        same = next((kind for kind in kinds if alike(kind[0].reply, call.reply)), None)
        if same is not None:
            same.append(call)
        elif len(kinds) < 4:
            kinds.append([call])
    return max(reversed(kinds), key=len)[0]


def _by_number(numbers: Sequence[int]) -> Iterator[When]:
    """What the numbers of the calls suggest."""
    least, most = min(numbers), max(numbers)
    yield When("in the first call of a process", lambda past: past[-1].number == 1)
    yield When("in every call of a process but the first", lambda past: past[-1].number > 1)
    yield When(f"from the {nth(least)} call of a process on", lambda past: past[-1].number >= least)
    yield When(f"in the first {most} calls of a process", lambda past: past[-1].number <= most)
    if least == most:
        yield When(f"in the {nth(least)} call of a process", lambda past: past[-1].number == least)
    steps = sorted({b - a for a, b in pairwise(numbers) if b > a})
    for step in steps[:2]:
        rest = least % step
        which = f"the {nth(rest or step)}, the {nth((rest or step) + step)}, …"
        words = f"in every {nth(step)} call of a process ({which})"
        yield When(
            words.replace("every 2nd", "every other"),
            lambda past, step=step, rest=rest: past[-1].number % step == rest,  # type: ignore[misc]
        )


def nth(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number % 100 in (11, 12, 13) else ending}"


Have = Callable[[Question, Question], bool]


def _same(*parts: str) -> Have:
    """Whether two questions have these in common."""
    return lambda one, other: all(
        np.array_equal(getattr(one, part), getattr(other, part)) for part in parts
    )


#: What a call may have in common with an earlier one, and the contrary.
_COMMON: tuple[tuple[str, str, Have], ...] = (
    ("the data", "other data than", _same("W", "X", "y", "reg")),
    ("the W, X and y", "other W, X or y than", _same("W", "X", "y")),
    ("the W and X", "another W or X than", _same("W", "X")),
    ("the X and y", "another X or y than", _same("X", "y")),
    ("the W", "another W than", _same("W")),
    ("the X", "another X than", _same("X")),
    ("the y", "another y than", _same("y")),
    ("the shapes", "other shapes than", lambda one, other: _shapes(one) == _shapes(other)),
    ("W's shape", "a W of another shape than", lambda one, other: one.W.shape == other.W.shape),
    ("X's shape", "an X of another shape than", lambda one, other: one.X.shape == other.X.shape),
    ("the n", "another n than", lambda one, other: one.n == other.n),
)


def _by_history() -> Iterator[When]:
    """What may be special about a call after others."""
    for same, another, have in _COMMON:
        yield When(f"in a call with {same} of the call before", _like_the_last(have, True))
        yield When(f"in a call with {same} of an earlier call", _like_any(have, True))
        yield When(f"in a call with {another} the call before", _like_the_last(have, False))
        yield When(f"in a call with {another} any call before", _like_any(have, False))
        yield When(
            f"in a call with {another} the first call of the process",
            lambda past, have=have: not have(past[0].question, past[-1].question),  # type: ignore[misc]
        )
    for name, size in _SIZES.items():
        for words, compare in (("larger", np.greater), ("smaller", np.less)):
            yield When(
                f"where {name} is {words} than in the first call of the process",
                lambda past, size=size, compare=compare: bool(  # type: ignore[misc]
                    compare(size(past[-1].question), size(past[0].question))
                ),
            )


def _like_the_last(have: Have, wanted: bool) -> Callable[[Sequence[Call]], bool]:
    return lambda past: len(past) > 1 and have(past[-2].question, past[-1].question) == wanted


def _like_any(have: Have, wanted: bool) -> Callable[[Sequence[Call]], bool]:
    return lambda past: any(have(one.question, past[-1].question) for one in past[:-1]) == wanted


def _shapes(question: Question) -> tuple[int, ...]:
    return question.n, question.D, question.C


_SIZES: dict[str, Callable[[Question], int]] = {
    "n": lambda q: q.n,
    "C": lambda q: q.C,
    "D": lambda q: q.D,
}


def what(calls: Sequence[Call], page: Page) -> str:
    """What these calls gave, as a clause: an error, a factor of the right answer, or another."""
    errors = {call.reply.error for call in calls}
    if "" not in errors:
        kinds = {error.partition(":")[0] for error in errors}
        return f"it {calls[0].reply.error}" if len(kinds) == 1 else "it fails"
    parts = [
        (part, factor)
        for part in ("loss", "gradient")
        if (factor := _factor(calls, part, page)) != 1.0
    ]
    if not parts:
        return "the answer is another one"
    if len({repr(factor) for _, factor in parts}) == 1 and len(parts) == 2:
        return f"the loss and the gradient are {_said(parts[0][1])}"
    return " and ".join(f"the {part} is {_said(factor)}" for part, factor in parts)


def _factor(calls: Sequence[Call], part: str, page: Page) -> float | None:
    """found / right, if it is one number in all calls; None if it is not."""
    factors: set[float] = set()
    for call in calls:
        found, right = getattr(call.reply, part), getattr(page.right(call.question), part)
        if found is None:
            return 1.0
        found, right = np.asarray(found, dtype=float), np.asarray(right)
        if found.shape != right.shape or not right.any() or not np.isfinite(found).all():
            return float("nan") if not np.isfinite(found).all() else None
        place = np.unravel_index(np.abs(right).argmax(), right.shape)
        factor = float(found[place] / right[place])
        if np.abs(found - factor * right).max() > 1e-9 * np.abs(right).max() * max(1, abs(factor)):
            return None
        factors.add(float(f"{factor:.9g}") + 0.0)
    return factors.pop() if len(factors) == 1 else None


def _said(factor: float | None) -> str:
    if factor is None:
        return "wrong"
    if np.isnan(factor):
        return "no finite number"
    known = {0.0: "0", 2.0: "twice the right one", 0.5: "half the right one", -1.0: "negated"}
    return known.get(factor, f"{factor:.6g} times the right one")
