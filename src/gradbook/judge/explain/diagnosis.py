"""From right and wrong answers to the most specific true sentences about a function.

A cause is stated only if it predicts every answer that was observed. Where none does, the facts are
stated: in which rows, where, and what stands there in place of what.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

import numpy as np

from gradbook.judge.convention.base_set import Pair
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation, smallest
from gradbook.judge.explain.answered import Answered, gradients, losses
from gradbook.judge.explain.constants import constant_faults
from gradbook.judge.explain.edits import Edit, Edits, edits_of_gradient, edits_of_loss
from gradbook.judge.explain.examples import weights
from gradbook.judge.explain.facts import fact_of_gradient, fact_of_loss, loses_digits
from gradbook.judge.explain.failures import failures
from gradbook.judge.explain.fault import Fault
from gradbook.judge.explain.hypothesis import Hypothesis
from gradbook.judge.explain.search import KEPT, PREDICTIONS, explains, explanations
from gradbook.judge.explain.work import Metered
from gradbook.judge.penalties.penalty import penalty_faults
from gradbook.judge.penalties.strength import strength_faults
from gradbook.loss import Loss
from gradbook.questions.conditions import Condition
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene, scene_of

#: Hypotheses that are tried where numbers are nearly right: all of one part.
_FEW = 3_000


@dataclass(frozen=True)
class _Explained:
    """What explains the data's part: of the loss and of the gradient, None where nothing does."""

    of_loss: Hypothesis | None
    of_gradient: Hypothesis | None
    convention: Convention


def diagnosis(
    loss: Loss,
    observations: Sequence[Observation],
    pairs: Sequence[Pair],
    convention: Convention,
) -> list[Fault]:
    """What is wrong, most important first; [] if nothing is.

    observations: with reg = 0. pairs: without reg and with it.
    """
    everything = [*observations, *(one for _, one in pairs)]
    constant = constant_faults(everything)
    if constant:
        return constant
    failed = failures(loss, everything)
    strength = strength_faults(observations, pairs, convention)
    if strength:
        return [*strength, *failed]
    data = _faults_of_data(loss, observations, convention)
    # What fails nearly everywhere comes first, what fails at some size comes after wrong numbers.
    mostly = 2 * sum(one.failed for one in everything) > len(everything)
    found = [*failed, *data] if mostly else [*data, *failed]
    if not all(base.right for base, _ in pairs) and all(one.right for _, one in pairs):
        return [_without_reg(one) for one in found]
    found = [_with_penalty(one, pairs) for one in found]
    penalty = penalty_faults(pairs, convention)
    # A penalty that is not understood is the echo of a fault that has been found already.
    echo = any(_with_the_data(one, pairs) for one in found)
    return [*found, *(one for one in penalty if not echo and (one.explained or not found))]


def _faults_of_data(
    loss: Loss, observations: Sequence[Observation], convention: Convention
) -> list[Fault]:
    wrong_loss = [one for one in observations if one.loss_wrong]
    wrong_gradient = [one for one in observations if one.gradient_wrong]
    if not wrong_loss and not wrong_gradient:
        return []
    explained = _explained(observations, convention)
    of_loss, of_gradient = explained.of_loss, explained.of_gradient
    if of_loss and of_gradient and _same(of_loss, of_gradient):
        shown = smallest([one for one in wrong_gradient if one.loss_wrong] or wrong_gradient)
        return [_stated(loss, of_loss, "the loss and the gradient", shown)]
    if of_loss is None and of_gradient is None and wrong_loss and wrong_gradient:
        fact = fact_of_loss(loss, observations)
        if fact.explained:  # numbers that lack digits make the indicators wrong as well
            return [fact]
    faults = []
    if wrong_gradient:
        faults.append(
            _stated(loss, of_gradient, "the gradient", smallest(wrong_gradient))
            if of_gradient
            else fact_of_gradient(loss, observations)
        )
    if wrong_loss:
        faults.append(
            _stated(loss, of_loss, "the loss", smallest(wrong_loss))
            if of_loss
            else fact_of_loss(loss, observations)
        )
    return sorted(faults, key=lambda fault: not fault.explained)


def _without_reg(fault: Fault) -> Fault:
    """What is wrong at reg = 0, where with any other reg everything is right."""
    return replace(fault, sentence=f"right unless reg = 0; there, {fault.sentence}")


def _with_penalty(fault: Fault, pairs: Sequence[Pair]) -> Fault:
    """Where the data's part is 0, but reg adds something: what is there is the penalty's alone."""
    for part in ("gradient", "loss"):
        if fault.parts != (part,) or fault.cause is None or fault.shown_by is None:
            continue
        shown = fault.shown_by
        if fault.cause.is_zero(scene_of(shown.question, shown.convention.at_kink)):
            added = [getattr(one.reply, part) for _, one in pairs]
            if any(value is not None and np.any(value) for value in added):
                sentence = f"the data's part of the {part} is 0: only the penalty's is there"
                return replace(fault, sentence=sentence)
    return fault


def _with_the_data(fault: Fault, pairs: Sequence[Pair]) -> bool:
    """Whether the fault, a factor, is the penalty's as well as the data's: one fault, not two."""
    cause = fault.cause
    if cause is None or cause.condition or not set(cause.edits) <= {"factor", "loss", "gradient"}:
        return False
    usable = [(base, one) for base, one in pairs if not (base.failed or one.failed)]
    return any(
        all(_scaled(fault, cause, factor, base, one) for base, one in usable)
        for factor in (1.0, 0.5)
    )


def _scaled(
    fault: Fault, cause: Hypothesis, factor: float, base: Observation, one: Observation
) -> bool:
    """Whether loss and gradient are what the cause makes of them with factor·reg·ΣW² added."""
    question = one.question
    scene = scene_of(question, one.convention.at_kink)
    penalty = factor * question.reg * (question.W**2).sum()
    rights = {
        "loss": np.asarray(base.expected.loss + penalty),
        "gradient": base.expected.gradient + 2 * factor * question.reg * question.W,
    }
    for part, right in rights.items():
        found = getattr(one.reply, part)
        if found is not None:
            predicted = cause.of_sum(scene, right, part) if part in fault.parts else right
            if not np.allclose(found, predicted, rtol=1e-9, atol=1e-9):
                return False
    return True


def _explained(observations: Sequence[Observation], convention: Convention) -> _Explained:
    """The explanation with the fewest parts, with the kink as declared or as it was measured."""
    found: list[_Explained] = []
    for at_kink in dict.fromkeys((0.0, convention.at_kink)):
        found.append(_explained_at(observations, replace(convention, at_kink=at_kink)))
        if _is_least(found[-1], observations):
            break
    return min(found, key=_cost)


def _is_least(explained: _Explained, observations: Sequence[Observation]) -> bool:
    """Whether everything that is wrong is explained, and each by one part."""
    of_both = (
        (explained.of_loss, any(one.loss_wrong for one in observations)),
        (explained.of_gradient, any(one.gradient_wrong for one in observations)),
    )
    return all(not wrong or (one is not None and one.parts == 1) for one, wrong in of_both)


def _explained_at(observations: Sequence[Observation], convention: Convention) -> _Explained:
    seen = [replace(one, convention=convention) for one in observations]
    of_loss, of_gradient = losses(seen), gradients(seen)
    # Where digits are lost there is no use in combinations: nothing predicts them.
    digits = loses_digits(seen)
    tried = _FEW if digits else PREDICTIONS
    counted = cache(partial(weights, of_gradient, of_loss))
    loss = observations[0].question.loss
    both_wrong = _any_wrong(of_loss) and _any_wrong(of_gradient)
    kept = KEPT if both_wrong else 1
    for_loss, for_gradient = (
        explanations(
            answers,
            {**edits, "counted": partial(_both, edits["counted"], counted)},
            Metered(predict),
            conditions=not digits,
            tried=tried,
            kept=kept,
        )
        for answers, edits, predict in (
            (of_loss, edits_of_loss(loss, of_loss), _loss_of),
            (of_gradient, edits_of_gradient(loss, of_gradient), _gradient_of),
        )
    )
    both = [(a, b) for a in for_loss for b in for_gradient if _same(a, b)]
    if both_wrong and not both:
        both = list(_twins(for_loss, for_gradient, of_loss, of_gradient))
    if both:
        return _Explained(*both[0], convention)
    return _Explained(_first(for_loss), _first(for_gradient), convention)


def _both(known: Edits, suggested: Edits) -> Sequence[Edit]:
    return [*known(), *suggested()]


def _loss_of(one: Hypothesis, scene: Scene) -> Floats:
    return np.asarray(one.loss(scene))


def _gradient_of(one: Hypothesis, scene: Scene) -> Floats:
    return one.gradient(scene)


def _twins(
    for_loss: Sequence[Hypothesis],
    for_gradient: Sequence[Hypothesis],
    of_loss: Sequence[Answered],
    of_gradient: Sequence[Answered],
) -> Iterator[tuple[Hypothesis, Hypothesis]]:
    """What explains the one of loss and gradient, where its twin explains the other."""
    for one in for_gradient:
        twin = one.twin()
        if twin is not None and explains(twin, of_loss, _loss_of):
            yield twin, one
    for one in for_loss:
        twin = one.twin()
        if twin is not None and explains(twin, of_gradient, _gradient_of):
            yield one, twin


def _any_wrong(answers: Sequence[Answered]) -> bool:
    return any(answer.wrong for answer in answers)


def _first(found: Sequence[Hypothesis]) -> Hypothesis | None:
    return found[0] if found else None


def _same(one: Hypothesis, other: Hypothesis) -> bool:
    return one.keys == other.keys and one.condition == other.condition


def _cost(explained: _Explained) -> tuple[int, int]:
    """How much is not explained, and how many parts what is explained needs."""
    parts = [explained.of_loss, explained.of_gradient]
    return sum(one is None for one in parts), sum(one.parts for one in parts if one)


def _stated(loss: Loss, cause: Hypothesis, place: str, shown: Observation) -> Fault:
    alone = place == "the gradient"
    words = [edit.of_gradient if alone else edit.words for edit in cause.edits.values()]
    said = "; and ".join(phrase(place, one) for one in words)
    if cause.condition is not None:
        said = f"{confined(cause.condition)}, {said}"
    parts = tuple(part for part in ("loss", "gradient") if part in place)
    first = next(iter(cause.edits.values()))
    of_slopes = alone and first.of_gradient != first.words
    key = parts[0] if first.line == "part" or of_slopes else first.line
    codes = " + ".join(edit.code for edit in cause.edits.values())
    code = f"{' and '.join(parts)}: {codes}"
    return Fault(
        said,
        loss.cites.get(key, ""),
        explained=True,
        code=code if cause.condition is None else f"{code}, somewhere",
        shown_by=shown,
        cause=cause,
        parts=parts,
    )


def confined(condition: Condition) -> str:
    if condition.inverted and condition.each:
        return f"right for the examples where {condition.words} alone; for the others"
    if condition.inverted:
        return f"right only where {condition.words}; elsewhere"
    if condition.each:
        return f"right but for the examples where {condition.words}; for these"
    return f"right unless {condition.words}; there"


def phrase(place: str, words: str) -> str:
    """ "the gradient is not divided by n", "in the gradient, row y stays 0"."""
    several = " and " in place
    for head, one, many in (("it is ", "is", "are"), ("it keeps ", "keeps", "keep")):
        if words.startswith(head):
            return f"{place} {many if several else one} {words.removeprefix(head)}"
    for head in ("its ",):
        if words.startswith(head):
            return f"of {place}, the {words.removeprefix(head)}"
    return f"in {place}, {words}"
