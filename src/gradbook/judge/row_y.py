"""What the coefficient of row y is, where it is not minus the sum of the others."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.coefficients import Weight, selections, weights
from gradbook.judge.formulas import ROW_Y_TERMS, Formula, fitted
from gradbook.judge.measuring import Measured, same
from gradbook.judge.numbers_in_words import plain
from gradbook.judge.quantities import OF_EXAMPLES, Quantity, count, valued
from gradbook.judge.scene import Scene
from gradbook.judge.separating import Predicate, separating


def row_y(measured: Measured, of_others: Callable[[Scene], Floats]) -> list[Weight]:
    """What row y may sum, if it is not of_others, the coefficients of the rows j ≠ y.

    As weights of classes: row y is minus their sum.
    """
    value = -measured.own()
    if same(value, measured.of_own(lambda scene: _sum(of_others(scene)))).all():
        return []
    alone = measured.among(lambda scene: scene.question.C == 2 and scene.question.n == 1)
    if not alone.scenes:
        return []
    pairs = Measured(alone.scenes, tuple(-np.roll(a, 1, axis=1) for a in alone.coefficients))
    one_active = measured.among(
        lambda scene: scene.question.n == 1 and scene.active.sum() == (scene.active > 0).sum() <= 1
    )
    shared = Measured(
        one_active.scenes,
        tuple(
            -(a * scene.own).sum(axis=1, keepdims=True) * scene.active + a * scene.own
            for a, scene in zip(one_active.coefficients, one_active.scenes, strict=True)
        ),
    )
    found = [*weights(shared), *weights(pairs), *selections()]
    return [weight for weight in found if measured.gives(_summed(weight), value)]


def _summed(weight: Weight) -> Callable[[Scene], Floats]:
    return lambda scene: _sum(weight.of(scene))


def _sum(a: Floats) -> Floats:
    return np.asarray(a.sum(axis=1, keepdims=True))


def row_y_formulas(measured: Measured, most: int = 3) -> Iterator[tuple[str, Formula]]:
    """Formulas of minus the coefficient of row y, with what is said of them."""
    value = -measured.own()
    asked = measured.asked(ROW_Y_TERMS)
    columns = [_of_examples(term, measured) for term in asked]
    for formula in fitted(value, asked, columns, most):
        means = formula.means or ROW_Y_TERMS[0].means
        yield f"row y is −({formula.words}) x̃ᵀ, not −k x̃ᵀ, with {means}", formula


def row_y_elsewhere(
    measured: Measured, of_others: Callable[[Scene], Floats]
) -> Iterator[tuple[str, Predicate, Formula]]:
    """Where row y is not minus the sum of the others, exactly; what is said of it; what it is."""
    value = -measured.own()
    usual = measured.of_own(lambda scene: _sum(of_others(scene)))
    on = ~same(value, usual)
    asked = measured.asked([one for one in OF_EXAMPLES if one.words != "k"])
    asked = [OF_EXAMPLES[0], *asked]
    columns = [_of_examples(quantity, measured) for quantity in asked]
    places = separating(asked, columns, on)
    if not places:
        return
    terms = measured.asked(ROW_Y_TERMS)
    columns = [_of_examples(term, measured)[on] for term in terms]
    for formula in islice(fitted(value[on], terms, columns, 2), 2):
        means = formula.means or OF_EXAMPLES[0].means
        for where in places[:2]:
            yield (
                f"row y is −({formula.words}) x̃ᵀ, not −k x̃ᵀ, where {where.words}, with {means}",
                where,
                formula,
            )


def _of_examples(quantity: Quantity, measured: Measured) -> Floats:
    return np.concatenate([valued(quantity, scene)[:, 0] for scene in measured.scenes])


def row_y_table(measured: Measured) -> dict[int, float]:
    """Minus the coefficient of row y for each number of active classes; {} if that is not all."""
    value, active = -measured.own(), measured.of_own(count)
    found: dict[int, float] = {}
    for k, coefficient in zip(active.tolist(), value.tolist(), strict=True):
        if k != int(k) or abs(found.setdefault(int(k), coefficient) - coefficient) > 1e-6:
            return {}
    return {k: plain(found[k]) for k in sorted(found)}
