"""The search for a cause: of the hypotheses that predict every answer, those of fewest parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import Edit
from gradbook.judge.evidence import Observation
from gradbook.judge.hypothesis import Hypothesis, hypotheses
from gradbook.judge.scene import NotPredicted, Scene, scene_of
from gradbook.judge.sums import ZERO

#: Explanations with the same number of parts that are kept, for the other half to agree with one.
_KEPT = 6
#: So many hypotheses are tried: a few seconds at most, and the same on every machine.
PREDICTIONS = 20_000
#: What the rounding of a prediction may come to.
_ROUNDED = 1e-12


@dataclass(frozen=True, eq=False)
class Answered:
    """One number or matrix that came back for data with reg = 0, and what it may differ by."""

    scene: Scene
    found: Floats
    bound: Floats
    wrong: bool


Predict = Callable[[Hypothesis, Scene], Floats]
Measure = Callable[[Sequence[Answered]], Iterable[Hypothesis]]


def gradients(observations: Iterable[Observation]) -> list[Answered]:
    """The gradients of all observations from which something can be learnt."""
    return [
        Answered(
            scene_of(one.question, one.convention.at_kink),
            np.asarray(one.reply.gradient, dtype=float),
            one.expected.gradient_bound,
            one.gradient_wrong,
        )
        for one in observations
        if one.reply.gradient is not None and not (one.failed or one.beyond or one.undecided)
    ]


def losses(observations: Iterable[Observation]) -> list[Answered]:
    """The losses."""
    return [
        Answered(
            scene_of(one.question, one.convention.at_kink),
            np.asarray(one.reply.loss),
            np.asarray(one.expected.loss_bound),
            one.loss_wrong,
        )
        for one in observations
        if one.reply.loss is not None and not (one.failed or one.beyond)
    ]


def explanations(
    answers: Sequence[Answered],
    slots: Mapping[str, Sequence[Edit]],
    predict: Predict,
    conditions: bool = True,
    tried: int = PREDICTIONS,
    measured: Measure = lambda answers: (),
) -> list[Hypothesis]:
    """Hypotheses with the fewest parts that predict every answer; [] if none does, or all is right.

    A condition counts as a part, and is tried where every wrong answer fulfils it. tried: how many
    hypotheses at most. measured: hypotheses that are read off the answers that it is given.
    """
    wrong = [answer for answer in answers if answer.wrong]
    if not wrong:
        return []
    left = _Budget(tried)
    ordered = _telling_first(answers, wrong)
    where = conditions_of(wrong, answers) if conditions else []
    for candidates in (
        (Hypothesis({"scale": ZERO}),),
        hypotheses(slots, 1),
        measured(answers),
        (Hypothesis({"scale": ZERO}, condition) for condition in where),
        _conditional(slots, 1, where),
        _measured_there(measured, answers, where),
        hypotheses(slots, 2),
        _conditional(slots, 2, where[:2]),
    ):
        found = [
            one
            for one, _ in zip(
                _explaining(candidates, ordered, predict, left), range(_KEPT), strict=False
            )
        ]
        if found:
            return found
    return []


@dataclass
class _Budget:
    """How many predictions may still be made."""

    left: int


def _explaining(
    candidates: Iterable[Hypothesis],
    answers: Sequence[Answered],
    predict: Predict,
    budget: _Budget,
) -> Iterator[Hypothesis]:
    there: dict[str, Sequence[Answered]] = {"": answers}
    for one in candidates:
        budget.left -= 1
        if budget.left < 0:
            return
        # Where a condition does not hold, every answer is right, and so is the prediction.
        if one.condition not in there:
            there[one.condition] = [
                answer for answer in answers if one.condition in answer.scene.traits
            ]
        if explains(one, there[one.condition], predict):
            yield one


def explains(hypothesis: Hypothesis, answers: Sequence[Answered], predict: Predict) -> bool:
    """Whether every answer is what the hypothesis predicts, to within rounding."""
    try:
        with np.errstate(all="ignore"):
            return all(_agrees(answer, predict(hypothesis, answer.scene)) for answer in answers)
    except NotPredicted:
        return False


def _agrees(answer: Answered, predicted: Floats) -> bool:
    found = answer.found
    finite = np.isfinite(predicted)
    if not finite.all():
        if not np.array_equal(finite, np.isfinite(found)):
            return False
        found, predicted = np.where(finite, found, 0.0), np.where(finite, predicted, 0.0)
    apart = np.abs(found - predicted)
    return bool((apart <= answer.bound + _ROUNDED * np.abs(predicted)).all())


def _conditional(
    slots: Mapping[str, Sequence[Edit]], parts: int, conditions: Sequence[str]
) -> Iterator[Hypothesis]:
    for condition in conditions:
        for one in hypotheses(slots, parts):
            yield replace(one, condition=condition)


def _measured_there(
    measured: Measure, answers: Sequence[Answered], conditions: Sequence[str]
) -> Iterator[Hypothesis]:
    """What is measured where a condition holds."""
    for condition in conditions:
        there = [answer for answer in answers if condition in answer.scene.traits]
        for one in measured(there):
            yield replace(one, condition=condition)


def conditions_of(wrong: Sequence[Answered], answers: Sequence[Answered]) -> list[str]:
    """The traits that all wrong answers have and not all answers, the narrowest first."""
    shared = frozenset.intersection(*(answer.scene.traits for answer in wrong))
    counts = {
        trait: sum(trait in answer.scene.traits for answer in answers) for trait in sorted(shared)
    }
    telling = [trait for trait, count in counts.items() if count < len(answers)]
    return sorted(telling, key=counts.__getitem__)[:4]


def _telling_first(answers: Sequence[Answered], wrong: Sequence[Answered]) -> list[Answered]:
    """The order in which most hypotheses fail soonest: small wrong ones of many kinds first."""
    by_size = sorted(wrong, key=lambda answer: answer.scene.question.size)
    step = max(1, len(by_size) // 6)
    first = [*by_size[::step][:8], *(a for a in by_size if a.scene.question.n > 1)][:12]
    chosen = {id(answer) for answer in first}
    rest = [answer for answer in answers if id(answer) not in chosen]
    return [*dict.fromkeys(first), *sorted(rest, key=lambda answer: not answer.wrong)]
