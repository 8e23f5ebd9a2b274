"""The search for a cause: of the hypotheses that predict every answer, those of fewest parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from math import isfinite

import numpy as np

from gradbook.judge.explain.answered import Answered
from gradbook.judge.explain.edits import Slots
from gradbook.judge.explain.hypothesis import Hypothesis, hypotheses
from gradbook.questions.conditions import Condition, Language, language, telling
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.rows import Row, rows_of_calls, rows_of_singles
from gradbook.questions.scene import NotPredicted, Scene

#: Explanations with the same number of parts that are kept, for the other half to agree with one.
KEPT = 6
#: Explanations of the wrong answers for which a condition is looked for: of one part, and of more.
_DOUBTFUL, _DOUBTFUL_COMBINATIONS = 40, 12
#: So many wrong answers are looked at before all are.
_FIRST = 12
#: So many of them at once; and what a condition costs that people write, such as C > 9.
_AT_ONCE, _SIMPLE = 8, 2.0
#: So many hypotheses are tried, the same on every machine; what they cost is bounded in `work`.
PREDICTIONS = 20_000
#: What the rounding of a prediction may come to: of an entry, and of what is made of several.
_ROUNDED, _OF_LARGEST = 1e-12, 1e-15


Predict = Callable[[Hypothesis, Scene], Floats]


def explanations(
    answers: Sequence[Answered],
    slots: Slots,
    predict: Predict,
    conditions: bool = True,
    tried: int = PREDICTIONS,
    kept: int = KEPT,
) -> list[Hypothesis]:
    """Hypotheses with the fewest parts that predict every answer; [] if none does, or all is right.

    A condition counts as a part. It is not guessed: what predicts every wrong answer, and not every
    right one, needs a condition that tells the wrong ones from those right ones that it does not
    predict. tried: how many hypotheses at most. kept: after so many no more are looked for.
    """
    wrong = [answer for answer in answers if answer.wrong]
    if not wrong:
        return []
    search = _Search(predict, answers, _telling_first(wrong), _Budget(tried), kept)
    sure, alone = search.sorted_out(hypotheses(slots, 1))
    if sure:
        return sure
    confined = search.confined(alone, pairs=False) if conditions else []
    if confined:
        return confined
    # What one part does alone, a second one does not do better.
    sure, doubtful = search.sorted_out(hypotheses(slots, 2), alone)
    if sure or not conditions:
        return sure
    return search.confined(doubtful, pairs=False) or search.confined(alone, pairs=True)


@dataclass
class _Budget:
    """How many predictions may still be made."""

    left: int


@dataclass(frozen=True)
class _Search:
    """wrong: the wrong answers, those at which most hypotheses fail first."""

    predict: Predict
    answers: Sequence[Answered]
    wrong: Sequence[Answered]
    budget: _Budget
    kept: int

    @cached_property
    def telling(self) -> list[Answered]:
        """All answers, those first at which most hypotheses fail."""
        return [*self.wrong[:12], *self.right[:: max(1, len(self.right) // 8)], *self.answers]

    @cached_property
    def single(self) -> list[Answered]:
        """The wrong answers to one example."""
        return [answer for answer in self.wrong if answer.scene.question.n == 1]

    @cached_property
    def several(self) -> list[Answered]:
        """The wrong answers to several examples."""
        return [answer for answer in self.wrong if answer.scene.question.n > 1]

    @cached_property
    def right(self) -> list[Answered]:
        """The right answers."""
        return [answer for answer in self.answers if not answer.wrong]

    def sorted_out(
        self, candidates: Iterable[Hypothesis], known: Sequence[Hypothesis] = ()
    ) -> tuple[list[Hypothesis], list[Hypothesis]]:
        """Those that predict every answer; if there are none, those that predict every wrong one.

        Of the latter also those that predict the wrong answers to single examples, if there are
        some: what an example needs may not be fulfilled by all examples of a batch. known: those
        that are doubtful already; what is made of them and more is not doubtful again.
        """
        needed = self.single or self.several
        sure: list[Hypothesis] = []
        rest: list[Hypothesis] = []
        for one in candidates:
            self.budget.left -= 1
            if self.budget.left < 0:
                break
            if _contradicted(one, needed[:_FIRST], self.predict):
                continue  # as nearly all are, by the first wrong answer
            if explains(one, self.telling, self.predict):
                sure.append(one)
                if len(sure) == self.kept:  # what comes next may take long to measure
                    break
            else:
                rest.append(one)
        if sure:  # then no condition is looked for
            return sure, []
        known_parts = {id(edit) for one in known for edit in one.edits.values()}
        most = _DOUBTFUL if rest and rest[0].parts == 1 else _DOUBTFUL_COMBINATIONS
        doubtful = (
            one
            for one in rest
            if not known_parts & set(map(id, one.edits.values()))
            and explains(one, needed, self.predict)
        )
        return [], list(islice(doubtful, most))

    def confined(self, doubtful: Sequence[Hypothesis], pairs: bool) -> list[Hypothesis]:
        """Those that predict every answer under a condition, the simplest conditions first.

        The first few of them that have a simple one are enough: the others are far-fetched.
        """
        found: list[Hypothesis] = []
        for start in range(0, len(doubtful), _AT_ONCE):
            found += self._confined(doubtful[start : start + _AT_ONCE], pairs)
            if any(one.condition and one.condition.cost <= _SIMPLE for one in found):
                break
        found.sort(key=lambda one: one.condition.cost if one.condition else 0.0)
        return found[: self.kept]

    def _confined(self, doubtful: Sequence[Hypothesis], pairs: bool) -> Iterator[Hypothesis]:
        for one in doubtful:
            for condition in self._conditions(one, pairs):
                there = replace(one, condition=condition)
                if explains(there, self.answers, self.predict) and self._foretells_a_number(there):
                    yield there

    def _foretells_a_number(self, one: Hypothesis) -> bool:
        """Whether it says of a wrong answer more than that it overflows, as many things do."""
        with np.errstate(all="ignore"):
            return any(np.isfinite(self.predict(one, a.scene)).any() for a in self.wrong)

    def _conditions(self, one: Hypothesis, pairs: bool) -> Iterator[Condition]:
        """Conditions of the call, and of each example."""
        against = [answer for answer in self.right if not explains(one, [answer], self.predict)]
        if explains(one, self.several, self.predict):
            those, others = (rows_of_calls(_questions(some)) for some in (self.wrong, against))
            yield from _either_way(language(False), those, others, pairs)
        if self.single:
            alone = [answer for answer in against if answer.scene.question.n == 1]
            those, others = (rows_of_singles(_questions(some)) for some in (self.single, alone))
            yield from _either_way(language(True), those, others, pairs)


def _either_way(words: Language, those: Row, others: Row, pairs: bool) -> Iterator[Condition]:
    """Where it goes wrong; and, of two conditions together, where alone it goes right."""
    yield from telling(words, those, others, pairs)
    if pairs:
        yield from (one.elsewhere for one in telling(words, others, those))


def _questions(answers: Iterable[Answered]) -> list[Question]:
    return [answer.scene.question for answer in answers]


def explains(hypothesis: Hypothesis, answers: Sequence[Answered], predict: Predict) -> bool:
    """Whether the answers are what the hypothesis predicts, to within rounding, where it does."""
    return _agreements(hypothesis, answers, predict) >= min(1, len(answers))


def _contradicted(hypothesis: Hypothesis, answers: Sequence[Answered], predict: Predict) -> bool:
    """Whether an answer is another than the hypothesis predicts."""
    return _agreements(hypothesis, answers, predict) < 0


def _agreements(hypothesis: Hypothesis, answers: Sequence[Answered], predict: Predict) -> int:
    """To how many answers it agrees, if it contradicts none of them; else −1."""
    agree = 0
    try:
        with np.errstate(all="ignore"):
            for answer in answers:
                predicted = predict(hypothesis, answer.scene)
                if _agrees(answer, predicted):
                    agree += 1
                elif not hypothesis.undecided(answer.scene, predicted):
                    return -1
    except NotPredicted:
        return -1
    return agree


def _agrees(answer: Answered, predicted: Floats) -> bool:
    found = answer.found
    if not found.ndim and not predicted.ndim:
        return _agree(float(found), float(predicted), float(answer.bound))
    finite = np.isfinite(predicted)
    if not finite.all():
        if not np.array_equal(finite, np.isfinite(found)):
            return False
        found, predicted = np.where(finite, found, 0.0), np.where(finite, predicted, 0.0)
    apart = np.abs(found - predicted)
    size = np.abs(predicted)
    return bool((apart <= answer.bound + _ROUNDED * size + _OF_LARGEST * size.max()).all())


def _agree(found: float, predicted: float, bound: float) -> bool:
    """The same of two losses, many of which are compared: as plain numbers, which is faster."""
    if not isfinite(predicted):
        return not isfinite(found) and bound >= 0
    return abs(found - predicted) <= bound + _ROUNDED * abs(predicted)


def _telling_first(wrong: Sequence[Answered]) -> list[Answered]:
    """The order in which most hypotheses fail soonest: small ones of many kinds first."""
    by_size = sorted(wrong, key=lambda answer: answer.scene.question.size)
    step = max(1, len(by_size) // 6)
    first = [*by_size[::step][:8], *(a for a in by_size if a.scene.question.n > 1)][:12]
    return list(dict.fromkeys([*first, *by_size]))
