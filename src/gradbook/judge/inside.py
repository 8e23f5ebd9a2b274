"""Hypotheses about what happens inside a region, measured part by part.

The vector that is multiplied, the coefficients of the rows j ≠ y and that of row y are each found
by themselves from single examples, so that what is wrong in several of them is found without trying
their combinations. What is then done to the sum over the examples is tried on top.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain, islice, product

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.added import added
from gradbook.judge.coefficients import Weight, weights
from gradbook.judge.edits import INDICATORS, Edit
from gradbook.judge.formula_edits import formula_edits, other_edits
from gradbook.judge.formulas import Formula
from gradbook.judge.hypothesis import Hypothesis
from gradbook.judge.margins import ALONE_ROWS, MARGIN_INDICATORS
from gradbook.judge.measuring import Measured, of_batches, of_singles, same
from gradbook.judge.misplaced_rows import MAPS
from gradbook.judge.multiplied import (
    ALL,
    OF_BATCHES,
    ROW_Y,
    ROWS_J,
    Vector,
    X,
    either,
    multiplicands,
    multiplying,
    parallel_to,
)
from gradbook.judge.numbers_in_words import in_words
from gradbook.judge.quantities import count
from gradbook.judge.results import GRADIENT_RESULTS
from gradbook.judge.row_y import row_y, row_y_elsewhere, row_y_formulas, row_y_table
from gradbook.judge.rows import ROW_Y as ROW_Y_EDITS
from gradbook.judge.scene import NotPredicted, Scene, has_indicators
from gradbook.judge.search import Answered
from gradbook.judge.separating import Predicate
from gradbook.judge.sums import SCALES, SUMS

#: Of each part so many explanations are combined with those of the others.
_KEPT = 4

#: Edits of a hypothesis, by the part that they change.
Edits = dict[str, Edit]
#: The part that an edit changes, the edit, and the coefficients of the rows j ≠ y that it gives.
_Given = tuple[str, Edit, Callable[[Scene], Floats]]


def inside(answers: Sequence[Answered]) -> Iterator[Hypothesis]:
    """Hypotheses that give every single example, those with something about the sum last.

    Where single examples are right, of vectors and coefficients that depend on other examples.
    """
    singles = [
        answer
        for answer in answers
        if answer.scene.question.n == 1 and np.isfinite(answer.found).all()
    ]
    try:
        for edit in MAPS:
            yield Hypothesis({"rows": edit})
        yield from _other_examples()
        if not has_indicators(answers[0].scene.question.loss):
            return
        for edit in MARGIN_INDICATORS:
            yield Hypothesis({"indicator": edit})
        yield Hypothesis({"rows": ALONE_ROWS})
        if any(answer.wrong for answer in singles):
            batches = of_batches(answers)
            found = []
            for hypothesis in chain(_of_singles(singles, batches), added(singles)):
                found.append(hypothesis)
                yield hypothesis
            for hypothesis in found[:_KEPT]:
                yield from with_sums(hypothesis)
            yield from _of_all(singles, batches)
        elif any(answer.wrong for answer in answers):
            yield from _of_batches(answers)
    except NotPredicted:
        return


def with_sums(hypothesis: Hypothesis) -> Iterator[Hypothesis]:
    """The hypothesis, and something that is done to the sum over the examples."""
    slots = {"scale": SCALES, "sum": SUMS, "result": GRADIENT_RESULTS}
    for part, edits in slots.items():
        for edit in edits:
            yield Hypothesis({**hypothesis.edits, part: edit}, hypothesis.condition)


def _of_singles(singles: Sequence[Answered], batches: Measured) -> Iterator[Hypothesis]:
    """What gives every single example: first of what gives the examples of batches too."""
    vectors_y = list(islice(multiplicands(singles, own=True), _KEPT))
    vectors_j = list(islice(multiplicands(singles, own=False), _KEPT))
    pairs = sorted(product(vectors_j, vectors_y), key=lambda pair: pair[0] is not pair[1])
    for of_j, of_y in pairs[:_KEPT]:
        feature = _features(of_j, of_y)
        alone = of_singles(singles, of_j, of_y)
        if not alone.scenes:
            continue
        joined = [] if feature or not batches.scenes else [alone.joined(batches)]
        for measured in (*joined, alone):
            for edits in _coefficients(measured):
                if feature or edits:
                    yield Hypothesis({**edits, **feature})


def _of_all(singles: Sequence[Answered], batches: Measured) -> Iterator[Hypothesis]:
    """What gives single examples and those of batches, where n and other examples may matter."""
    alone = of_singles(singles, X, X)
    if not batches.scenes or not alone.scenes:
        return
    if not all(parallel_to(X, singles, own) for own in (True, False)):
        return
    for edits in _coefficients(replace(alone.joined(batches), of_batch=True)):
        if edits:
            yield Hypothesis(edits)


def _of_batches(answers: Sequence[Answered]) -> Iterator[Hypothesis]:
    """What gives the batches, where single examples are right."""
    measured = of_batches(answers)
    if measured.scenes:
        yield from (Hypothesis(edits) for edits in _coefficients(measured) if edits)


def _other_examples() -> Iterator[Hypothesis]:
    """Other examples in place of x̃."""
    for vector in OF_BATCHES:
        for one in either(vector):
            for rows in (ALL, ROW_Y, ROWS_J):
                yield Hypothesis({"feature": multiplying(one, rows)})


def _features(of_j: Vector, of_y: Vector) -> Edits:
    if of_j is of_y:
        return {} if of_j is X else {"feature": multiplying(of_j, ALL)}
    if of_j is X:
        return {"feature": multiplying(of_y, ROW_Y)}
    if of_y is X:
        return {"feature": multiplying(of_j, ROWS_J)}
    return {"feature": _both(multiplying(of_j, ROWS_J), multiplying(of_y, ROW_Y))}


def _both(of_others: Edit, of_own: Edit) -> Edit:
    def apply(scene: Scene) -> Floats:
        own = scene.own[:, :, None] == 1
        return np.where(own, of_own.apply(scene), of_others.apply(scene))

    return Edit(
        f"{of_others.key}, {of_own.key}",
        f"{of_others.words}; {of_own.words}",
        "gradient",
        apply,
    )


def _coefficients(measured: Measured) -> Iterator[Edits]:
    """Edits of the rows j ≠ y and of row y that give all measured coefficients."""
    found = measured.others()
    if _all_same(found, measured.of_others(lambda scene: scene.active)):
        yield from _own(measured, lambda scene: scene.active, {})
        return
    loss = measured.scenes[0].question.loss
    formulas: list[_Given] = [
        ("formula", edit, partial(_others_through, edit)) for edit in formula_edits(loss)
    ]
    indicators: list[_Given] = [
        ("indicator", edit, edit.apply) for edit in (*INDICATORS, *MARGIN_INDICATORS)
    ]
    usual = [one for one in formulas if not one[1].alone]
    given = [one for one in (*usual, *indicators) if measured.gives(one[2], found, own=False)]
    # What is said of the active classes is plainer than a formula that few people have in mind.
    given += [("indicator", e, e.apply) for e in (one.indicator() for one in weights(measured))]
    rare = (one for one in formulas if one[1].alone)
    given += [one for one in rare if measured.gives(one[2], found, own=False)]
    for part, edit, of in given[:_KEPT]:
        yield from _own(measured, of, {part: edit})


def _others_through(edit: Edit, scene: Scene) -> Floats:
    return scene.seen_through(edit).mu_of_others


def _own(measured: Measured, of: Callable[[Scene], Floats], edits: Edits) -> Iterator[Edits]:
    """What makes row y as it was measured, beside edits that make the other rows so."""
    found = measured.own()
    formula = edits.get("formula")
    if formula is None:
        as_usual = measured.of_own(lambda scene: _minus_sum(of(scene)))
    else:
        as_usual = measured.of_own(lambda scene: scene.seen_through(formula).mu_of_y[:, None])
    if _all_same(found, as_usual):
        yield edits
        return
    if _all_same(found, measured.of_own(lambda scene: _minus_sum(scene.active))):
        yield _only_others(next(iter(edits.values())), of)
        return
    known = [
        {"row y": edit}
        for edit in ROW_Y_EDITS
        if measured.gives(lambda scene, edit=edit: edit.apply(scene, of(scene))[:, None], found)  # type: ignore[misc]
    ]
    known += [
        {"rows": edit}
        for edit in other_edits(measured.scenes[0].question.loss, "coefficients")
        if measured.gives(partial(_row_y_by, edit, of), found)
    ]
    if not known:
        formulas = islice(row_y_formulas(measured), _KEPT)
        known = [{"row y": _formula(words, formula)} for words, formula in formulas]
    if not known:
        known = [
            {"row y": _elsewhere(*one, of)} for one in islice(row_y_elsewhere(measured, of), _KEPT)
        ]
    if not known:
        known = [{"row y": _summing(weight)} for weight in row_y(measured, of)]
    if not known:
        known = _tabulated(row_y_table(measured))
    yield from ({**edits, **one} for one in known[:_KEPT])


def _row_y_by(edit: Edit, of: Callable[[Scene], Floats], scene: Scene) -> Floats:
    """Row y of what an edit makes of these coefficients of the rows j ≠ y."""
    usual = np.asarray(of(scene)) * (1 - scene.own)
    made = edit.apply(scene, usual + scene.own * _minus_sum(usual))
    return np.asarray((made * scene.own).sum(axis=1, keepdims=True))


def _only_others(edit: Edit, of: Callable[[Scene], Floats]) -> Edits:
    """The edit in the rows j ≠ y alone, with its coefficients there: row y is the page's."""

    def apply(scene: Scene, a: Floats) -> Floats:
        others = np.asarray(of(scene)) * (1 - scene.own)
        return others + scene.own * _minus_sum(scene.active)

    words = f"{ROWS_J}{edit.of_gradient or edit.words}"
    return {"rows": Edit(words, words, "gradient", apply)}


def _summing(weight: Weight) -> Edit:
    words = f"{ROW_Y}{weight.words}"
    return Edit(words, words, "gradient", lambda scene, a: -weight.of(scene).sum(axis=1))


def _formula(words: str, formula: Formula) -> Edit:
    return Edit(words, words, "gradient", lambda scene, a: -formula.of(scene)[:, 0])


def _elsewhere(
    words: str, where: Predicate, formula: Formula, of: Callable[[Scene], Floats]
) -> Edit:
    def apply(scene: Scene, a: Floats) -> Floats:
        usual = _minus_sum(of(scene))
        there = np.broadcast_to(where.holds(scene), scene.own.shape)[:, :1]
        return np.where(there, -np.asarray(formula.of(scene))[:, :1], usual)[:, 0]

    return Edit(words, words, "gradient", apply)


def _tabulated(table: dict[int, float]) -> list[Edits]:
    if len(table) < 3:
        return []
    shown = ", ".join(in_words(value) for value in list(table.values())[:6])
    numbers = ", ".join(str(k) for k in list(table)[:6])
    words = f"row y is −({shown} …) x̃ᵀ where {numbers} … classes are active, not −k x̃ᵀ with "
    words += "k their number"

    def apply(scene: Scene, a: Floats) -> Floats:
        counts = count(scene)[:, 0]
        return np.array([-table.get(int(k), np.nan) for k in counts])

    return [{"row y": Edit(words, words, "gradient", apply)}]


def _minus_sum(a: Floats) -> Floats:
    return -np.asarray(a).sum(axis=1, keepdims=True)


def _all_same(found: Floats, expected: Floats) -> bool:
    return bool(same(found, expected).all())
