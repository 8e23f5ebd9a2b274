"""Hypotheses about the loss of one example, measured: which margins it sums, and with what weights.

Where an example has one other class, or one active margin, its loss tells the weight of that one;
what is found there is tested on all single examples. Failing that, the loss may be a formula.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.coefficients import selections, weights
from gradbook.judge.edits import Edit
from gradbook.judge.formula_edits import edits_with
from gradbook.judge.formulas import LOSS_TERMS, MARGIN_TERMS, Formula, fitted
from gradbook.judge.hypothesis import Hypothesis
from gradbook.judge.margins import ALONE_TERM, MARGIN_SUMS
from gradbook.judge.measuring import Measured
from gradbook.judge.numbers_in_words import plain
from gradbook.judge.quantities import Quantity, count, valued
from gradbook.judge.results import LOSS_RESULTS
from gradbook.judge.scene import NotPredicted, Scene, has_indicators
from gradbook.judge.search import Answered
from gradbook.judge.sums import SCALES, SUMS
from gradbook.judge.terms import TERMS

#: Formulas of the loss that are tried.
_KEPT = 6
#: Losses nearer than this are the same.
_SAME = 1e-6
#: Of larger numbers rounding leaves too little to be measured.
_LARGE = 2.0**16


def inside_loss(answers: Sequence[Answered]) -> Iterator[Hypothesis]:
    """Hypotheses that give the loss of every single example, those with something else last."""
    if not has_indicators(answers[0].scene.question.loss):
        return
    singles = [
        answer
        for answer in answers
        if answer.scene.question.n == 1
        and np.isfinite(answer.found).all()
        and np.abs(answer.scene.question.S).max() < _LARGE
    ]
    try:
        yield from (Hypothesis({"term": edit}) for edit in (*MARGIN_SUMS, ALONE_TERM))
        if any(answer.wrong for answer in singles):
            found = [Hypothesis({"formula": edit}) for edit in _cut(singles)]
            found += [Hypothesis({"term": edit}) for edit in _terms(singles)]
            yield from found
            for hypothesis in found[:_KEPT]:
                yield from _with_sums(hypothesis)
    except NotPredicted:
        return


def _with_sums(hypothesis: Hypothesis) -> Iterator[Hypothesis]:
    for part, edits in {"scale": SCALES, "sum": SUMS, "result": LOSS_RESULTS}.items():
        for edit in edits:
            yield Hypothesis({**hypothesis.edits, part: edit})


def _terms(singles: Sequence[Answered]) -> Iterator[Edit]:
    """Edits of the loss of one example that give every single one."""
    value = np.array([float(answer.found) for answer in singles])
    scenes = [answer.scene for answer in singles]
    found = [*weights(_shared(singles)), *weights(_alone(singles))]
    columns = [np.array([valued(term, scene)[0, 0] for scene in scenes]) for term in LOSS_TERMS]
    known = [edit for edit in TERMS if _gives(edit.apply, scenes, value)]
    ordered = chain(
        known,
        (weight.term() for weight in found if not weight.by_formula),
        (weight.term() for weight in selections()),
        (_formula(formula) for formula in islice(fitted(value, LOSS_TERMS, columns), _KEPT)),
        islice(_of_margins(singles), _KEPT),
        (weight.term() for weight in found if weight.by_formula),
    )
    yield from (edit for edit in ordered if _gives(edit.apply, scenes, value))


def _alone(singles: Sequence[Answered]) -> Measured:
    """What multiplies the margin of the one other class, where there are two classes."""
    return _measured(
        [answer for answer in singles if answer.scene.question.C == 2],
        lambda scene: 1 - scene.own,
    )


def _shared(singles: Sequence[Answered]) -> Measured:
    """What multiplies the one active margin, if the others do not count; 0 where none is active."""
    return _measured(
        [answer for answer in singles if count(answer.scene)[0, 0] <= 1],
        lambda scene: scene.active > 0,
    )


def _measured(singles: Sequence[Answered], place: Callable[[Scene], Any]) -> Measured:
    scenes, found = [], []
    for answer in singles:
        scene = answer.scene
        if (scene.u * (1 - scene.own) == 0).sum() > scene.own.sum():
            continue  # of a margin of 0 no weight can be told
        there = place(scene)
        scenes.append(scene)
        found.append(np.where(there, float(answer.found) / scene.u, 0.0))
    return Measured(tuple(scenes), tuple(found))


def _cut(singles: Sequence[Answered]) -> Iterator[Edit]:
    """A hinge that is capped, or smoothed, at a number that two classes tell."""
    two = [answer for answer in singles if answer.scene.question.C == 2]
    if not two:
        return
    u = np.array([one.scene.u[one.scene.own == 0][0] for one in two])
    value = np.array([float(one.found) for one in two])
    loss = two[0].scene.question.loss
    yield from edits_with(loss, "GB209", plain(float(value.max())))
    yield from edits_with(loss, "GB210", plain(2 * float((u - value)[u.argmax()])))


def _of_margins(singles: Sequence[Answered]) -> Iterator[Edit]:
    """Functions of the margin, fitted where there are two classes: of active ones, or of all."""
    two = [answer for answer in singles if answer.scene.question.C == 2]
    for active, words in ((True, "active "), (False, "")):
        chosen = [one for one in two if not active or count(one.scene)[0, 0] > 0]
        if len(chosen) < 4:
            continue
        value = np.array([float(one.found) for one in chosen])
        columns = [_of_the_other(term, chosen) for term in MARGIN_TERMS]
        for formula in fitted(value, MARGIN_TERMS, columns, most=2):
            yield _of_margin(formula, words)


def _of_the_other(term: Quantity, singles: Sequence[Answered]) -> Floats:
    return np.array([valued(term, one.scene)[one.scene.own == 0][0] for one in singles])


def _of_margin(formula: Formula, which: str) -> Edit:
    def apply(scene: Scene) -> Floats:
        counts = (1 - scene.own) * ((scene.u > 0) if which else 1.0)
        return np.asarray(np.where(counts > 0, formula.of(scene), 0.0).sum(axis=1))

    words = f"each {which}margin adds {formula.words}, not max(0, u), with u = s_j − s_y + 1"
    return Edit(words, words, "loss", apply)


def _formula(formula: Formula) -> Edit:
    means = f", with {formula.means}" if formula.means else ""
    words = f"the loss of an example is {formula.words}, not Σ max(0, s_j − s_y + 1){means}"
    return Edit(words, words, "loss", lambda scene: formula.of(scene)[:, 0])


def _gives(of: Callable[[Scene], Floats], scenes: Sequence[Scene], value: Floats) -> bool:
    """Whether every single loss is given; the first that is not ends it."""
    with np.errstate(all="ignore"):
        return all(
            abs(float(np.asarray(of(scene)).sum()) - found) <= _SAME * (1 + abs(found))
            for scene, found in zip(scenes, value.tolist(), strict=True)
        )
