"""Further questions, where some answers are wrong and others right: to tell what the wrong go with.

First many of any kind; then, for each size beside which the wrong answers begin, questions half way
between the nearest right answer and the nearest wrong one, until the threshold is found. And where
all wrong answers are of one n, C or D, another: of four examples, 2 and √n are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

import numpy as np

from gradbook.judge.convention.evidence import Observation
from gradbook.loss import Loss
from gradbook.questions.conditions import Condition, Language, language, narrowest
from gradbook.questions.deck import generic, tied
from gradbook.questions.question import Question
from gradbook.questions.rows import Row, rows_of_calls, rows_of_singles
from gradbook.questions.varied import varied

#: How many questions of any kind.
_VARIED = 240
#: How many sizes are looked into, and how often the gap beside a threshold is halved.
_SIZES, _HALVED = 4, 26
#: A condition that holds of more than this share of the right answers is none.
_SHARE = 0.1

Ask = Callable[[Question], Observation | None]


def further(loss: Loss, observations: Sequence[Observation], ask: Ask) -> list[Observation]:
    """What is answered to them; [] where all answers are wrong, or all are right.

    ask: puts a question; None where there is no time left for it.
    """
    if not any(_wrong_and_right(part, observations) for part in _PARTS):
        return []
    inquiry = _Inquiry(loss, ask, list(observations))
    inquiry.put(_of_any_kind(loss))
    for part in _PARTS:
        for each in (False, True):
            inquiry.look_beside(part, each)
        inquiry.put(_of_other_sizes([one.question for one in inquiry.seen if part(one)]))
    return inquiry.seen[len(observations) :]


@lru_cache(maxsize=8)
def _of_any_kind(loss: Loss) -> tuple[Question, ...]:
    found = varied(loss, _VARIED, np.random.default_rng(23))
    return tuple(one for one in found if not one.overflows)


def _wrong_gradient(one: Observation) -> bool:
    return one.gradient_wrong


def _wrong_loss(one: Observation) -> bool:
    return one.loss_wrong


def _no_answer(one: Observation) -> bool:
    return one.failed


#: What may be wrong.
_PARTS: tuple[Callable[[Observation], bool], ...] = (_wrong_gradient, _wrong_loss, _no_answer)


def _wrong_and_right(
    part: Callable[[Observation], bool], observations: Sequence[Observation]
) -> tuple[list[Observation], list[Observation]] | None:
    """The wrong answers, and those right ones that say something: not all numbers in them are 0."""
    wrong = [one for one in observations if part(one)]
    right = [one for one in observations if not part(one) and _says_something(one)]
    return (wrong, right) if wrong and right else None


def _says_something(one: Observation) -> bool:
    return not (one.failed or one.beyond or one.undecided or one.question.gradient_is_0)


@dataclass
class _Inquiry:
    loss: Loss
    ask: Ask
    seen: list[Observation]
    tried: set[tuple[bool, int, bool]] = field(default_factory=set)

    def put(self, questions: Sequence[Question]) -> None:
        """Asks, as long as there is time."""
        for question in questions:
            observation = self.ask(question)
            if observation is None:
                return
            self.seen.append(observation)

    def look_beside(self, part: Callable[[Observation], bool], each: bool) -> None:
        """Finds the thresholds of the sizes that the wrong answers may go with."""
        for _ in range(_SIZES):
            condition = next(self._open(part, each), None)
            if condition is None:
                return
            self._halve(part, condition)

    def _open(self, part: Callable[[Observation], bool], each: bool) -> Iterator[Condition]:
        """Conditions with a threshold that is not yet found, the narrowest first."""
        some = _wrong_and_right(part, self.seen)
        table = some and _table(each, *some)
        if not table or not len(table[1].sizes) or not len(table[2].sizes):
            return
        found = narrowest(*table)
        if not found or found[0][1] > _SHARE * len(table[2].sizes):
            return
        least = found[0][1]
        for condition, count in sorted(found, key=lambda pair: pair[0].cost):
            if count > least or condition.threshold is None:
                continue
            place, threshold = condition.threshold
            key = (each, place, threshold.upwards)
            if not threshold.closed and key not in self.tried:
                self.tried.add(key)
                yield condition

    def _halve(self, part: Callable[[Observation], bool], condition: Condition) -> None:
        assert condition.threshold is not None
        place, threshold = condition.threshold
        inside, outside = threshold.inside, threshold.outside
        start = self._at(part, condition.each, place, inside)
        for _ in range(_HALVED):
            threshold = replace(threshold, inside=inside, outside=outside)
            if start is None or threshold.closed:
                return
            middle = _middle(outside, inside, threshold.whole)
            question = _with_size(self.loss, start, condition.each, place, middle)
            if question is None:
                return
            before = len(self.seen)
            self.put(question)
            size = _size(question[0], condition.each, place)
            if len(self.seen) == before or not min(inside, outside) < size < max(inside, outside):
                return
            if any(part(one) for one in self.seen[before:]):
                inside = size
            else:
                outside = size

    def _at(
        self, part: Callable[[Observation], bool], each: bool, place: int, size: float
    ) -> Question | None:
        """A question whose answer is wrong, and that has this size."""
        for one in self.seen:
            single = one.question.n == 1 or not each
            if single and part(one) and _size(one.question, each, place) == size:
                return one.question
        return None


def _of_other_sizes(wrong: Sequence[Question]) -> list[Question]:
    """The smallest with one more example, feature or class, if all have as many of them."""
    if not wrong:
        return []
    q = min(wrong, key=lambda one: one.size)
    example, column = ((0, 1), (0, 0)), ((0, 0), (0, 1))
    larger = (
        replace(q, X=np.pad(q.X, example, "edge"), y=np.pad(q.y, (0, 1), "edge")),
        replace(q, X=np.pad(q.X, column, "edge"), W=np.pad(q.W, column)),
        replace(q, W=np.pad(q.W, example, "edge")),
    )
    sizes = zip(*((one.n, one.D, one.C) for one in wrong), strict=True)
    return [one for one, size in zip(larger, sizes, strict=True) if len(set(size)) == 1]


def _table(
    each: bool, wrong: Sequence[Observation], right: Sequence[Observation]
) -> tuple[Language, Row, Row]:
    a, b = ([one.question for one in some] for some in (wrong, right))
    if each:
        a, b = ([question for question in some if question.n == 1] for some in (a, b))
        return language(True), rows_of_singles(a), rows_of_singles(b)
    return language(False), rows_of_calls(a), rows_of_calls(b)


def _size(question: Question, each: bool, place: int) -> float:
    row = rows_of_singles([question]) if each else rows_of_calls([question])
    return float(row.sizes[0, place])


def _middle(outside: float, inside: float, whole: bool) -> float:
    middle = (outside + inside) / 2
    if min(outside, inside) > 0:
        middle = (outside * inside) ** 0.5  # of sizes of other orders
    if not whole:
        return middle
    low, high = sorted((outside, inside))
    return float(np.clip(np.floor(middle), low + 1, high - 1))


def _with_size(
    loss: Loss, start: Question, each: bool, place: int, size: float
) -> list[Question] | None:
    """Questions like `start` that have this size, as nearly as may be; None if none is made."""
    name = language(each).sizes[place].size.name
    if not each and name in ("n", "C", "D"):
        sizes = {"n": start.n, "D": start.D, "C": start.C, name: int(size)}
        rng = np.random.default_rng(int(size))
        return [make(loss, sizes["n"], sizes["D"], sizes["C"], rng) for make in (generic, tied)]
    for scaled in _SCALINGS[1:] if start.at_kink else _SCALINGS:
        found = _scaled_to(start, scaled, each, place, size)
        if found is not None:
            return [found]
    return None


#: Ways to make numbers larger and smaller: where the scores stay as they are, the margins do too.
_SCALINGS: tuple[Callable[[Question, float], Question], ...] = (
    lambda q, factor: replace(q, X=q.X * factor, W=q.W / factor),
    lambda q, factor: replace(q, X=q.X * factor),
    lambda q, factor: replace(q, W=q.W * factor),
)
#: So often the factor of the numbers is halved, to arrive at a size.
_STEPS = 30


def _scaled_to(
    start: Question,
    scaled: Callable[[Question, float], Question],
    each: bool,
    place: int,
    size: float,
) -> Question | None:
    """The same with other magnitudes, so that a size comes near a number."""
    began = _size(start, each, place)
    low, high = (0.0, 1.0) if abs(size) < abs(began) else (1.0, 1024.0)
    found = None
    for _ in range(_STEPS):
        factor = (low + high) / 2
        found = scaled(start, factor)
        now = _size(found, each, place)
        if abs(now - began) <= 1e-9 * abs(began):
            return None
        if abs(now) > abs(size):
            high = factor
        else:
            low = factor
        if abs(now - size) <= 0.02 * abs(size - began):
            return found
    return None
