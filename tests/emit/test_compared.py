"""Nothing is emitted that was not compared: each printer, broken on purpose, is noticed."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from losses_and_data import EXACT, loss, margin, svm
from sympy import Rational, Sum, besselj, exp, log, sqrt
from targets import emit_at

from gradbook.emit import WrongSource, emit
from gradbook.emit import target as emit_target
from gradbook.emit.arrays import Dialect
from gradbook.emit.for_numpy import NumPyDialect
from gradbook.emit.lowering import lower, s_a, s_y
from gradbook.emit.telling_data import (
    BATCHES,
    FEW,
    OF_EACH,
    batches,
    sides_of_kinks,
    telling_values,
)
from gradbook.notation import C, hinge, j, s, step, unequal, y

COLUMNS, ARRAYS = ("lambdify", "codegen", "c", "c-fast"), ("numpy", "jax", "torch")


@pytest.fixture(autouse=True)
def without_frameworks(monkeypatch, empty_cache):
    """The texts for JAX and PyTorch are run with NumPy: the same wherever the tests run."""
    monkeypatch.setattr(emit_target, "find_spec", lambda name: None)


def at_kink(self, printer):
    return f"({printer._print(self.args[0])} >= 0)"


def in_arrays_at_kink(self, expr):
    return self.as_number(f"{self._print(expr.args[0])} >= 0")


def no_maximum(self, printer):
    return printer._print(self.args[0])


#: The target, what is broken, and how.
BROKEN = [
    *((target, step, "_ccode", at_kink) for target in COLUMNS),
    *((target, Dialect, "_print_step", in_arrays_at_kink) for target in ARRAYS),
    ("lambdify", hinge, "_numpycode", no_maximum),
    *((target, hinge, "_ccode", no_maximum) for target in COLUMNS[1:]),
    ("numpy", NumPyDialect, "total", lambda self, array: f"{array}.max()"),
    ("jax", Dialect, "mean", lambda self, value: f"missing({value})"),
    ("torch", Dialect, "total", lambda self, array: f"2*{array}.sum()"),
]


@pytest.mark.quick("lambdify", "codegen", "c-step", "c-hinge", "numpy", "jax", "torch")
@pytest.mark.parametrize(
    ("target", "where", "name", "broken"), BROKEN, ids=lambda each: getattr(each, "__name__", each)
)
def test_a_broken_printer_is_noticed_and_nothing_is_returned(
    target, where, name, broken, monkeypatch, empty_cache
):
    with monkeypatch.context() as patch:
        patch.setattr(where, name, broken)
        with pytest.raises(WrongSource, match=r"^the emitted code (is wrong|fails): ") as wrong:
            emit_at(svm, target, 3, 1)
    assert "\n" not in str(wrong.value)
    assert not list(empty_cache.glob("*.txt"))
    assert emit_at(svm, target, 3, 1).source


@pytest.mark.parametrize(
    "change",
    [
        {"loss": s_y},
        {"label": s_y},
        {"other": step(s_a - s_y + 1, 1)},
        {"other": step(s_a - s_y, 0)},
        {"reductions": tuple(replace(each, over="all") for each in lower(svm).reductions)},
    ],
    ids=str,
)
def test_a_wrong_lowering_is_noticed_in_its_source(change, monkeypatch):
    monkeypatch.setattr(emit_target, "lower", lambda loss: replace(lower(loss), **change))
    with pytest.raises(WrongSource, match=r"^the emitted code is wrong: "):
        emit(svm, "numpy")


def test_scores_at_which_a_loss_has_no_value_are_left_out_of_the_comparison():
    assert emit(loss("poles", Sum(1 / s[j] + log(1 + s[j] ** 2), (j, 0, C - 1))), "numpy").source


def test_a_source_from_the_cache_is_not_compared_again(monkeypatch):
    emit(svm, "numpy")
    monkeypatch.setattr(emit_target, "require_right", None)
    assert emit(svm, "numpy").source


def test_scores_are_chosen_where_the_kinks_of_the_loss_are():
    far = loss("far", Sum(hinge(2 * s[j] - 2 * s[y] + 9), (j, 0, C - 1)))
    assert {0, 9, -9, 4.5, -4.5} <= set(telling_values(far, 3))
    S = np.vstack([call.scores for call in batches(far, 2, None)])
    signs = set(np.sign(2 * S[:, 0] - 2 * S[:, 1] + 9))
    assert signs == {-1, 0, 1}


@pytest.mark.parametrize("right", [svm, EXACT[-1]], ids=lambda right: right.key)
def test_few_calls_show_every_region_and_kink_that_its_scores_have(right):
    values = telling_values(right, 3)
    S = np.array(list(product(values, repeat=3)))
    calls = list(batches(right, 3, 3))
    shown = np.vstack([call.scores for call in calls])
    labels = np.hstack([call.y for call in calls])
    regions = 0
    for label in range(3):
        every, asked = (
            {tuple(side) for side in sides_of_kinks(right, some, np.full(len(some), label))}
            for some in (S, shown[labels == label])
        )
        assert asked >= every
        regions += len(every)
    assert len(calls) - len(BATCHES) <= max(FEW, OF_EACH * regions) / 3 + 1


REFUSED = {
    "a root of a hinge": (sqrt(hinge(margin)), "has a value but no gradient at s = "),
    "a norm": (sqrt(s[j] ** 2 + s[y] ** 2), "has a value but no gradient at s = "),
    "no value anywhere": (log(-1 - s[j] ** 2), "at no small scores it has a value"),
}


@pytest.mark.parametrize(("summand", "reason"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("target", ["numpy", "lambdify"])
def test_a_loss_without_a_gradient_is_refused_for_the_true_reason(summand, reason, target):
    refused = loss("refused", Sum(unequal(j, y) * summand, (j, 0, C - 1)))
    with pytest.raises(ValueError, match=reason):
        emit_at(refused, target, 2, 0)


@pytest.mark.quick("numpy-", "c-summand1", "lambdify", "codegen")
@pytest.mark.parametrize("summand", [1 / (1 + hinge(margin)), sqrt(1 + hinge(margin))])
@pytest.mark.parametrize("target", [*COLUMNS, *ARRAYS])
def test_a_quotient_and_a_root_of_a_hinge_are_emitted(summand, target):
    assert emit_at(loss("fine", Sum(summand, (j, 0, C - 1))), target, 2, 0).source


def test_a_function_whose_rounding_nobody_has_bounded_is_refused():
    unknown = loss("unknown", Sum(besselj(0, s[j]), (j, 0, C - 1)))
    with pytest.raises(ValueError, match=r"^(unknown cannot be emitted|loss must be made of)"):
        emit(unknown, "codegen", classes=2, features=0)


def test_sums_of_large_exponentials_are_compared_where_they_are_finite():
    assert emit(loss("large", Sum(exp(40 * s[j] ** 2), (j, 0, C - 1))), "numpy").source


def test_values_below_the_smallest_normal_number_need_not_have_all_digits():
    third = Rational(1, 3)
    term = 2 * hinge(1 + third - s[y]) ** 2 + hinge(s[j] + s[y] + third) / 2 + s[j] - s[y] - 1
    total = Sum(unequal(j, y) * term, (j, 0, C - 1))
    assert emit_at(loss("tiny", exp(-(total**2))), "lambdify", 3, 1).source


@pytest.mark.parametrize("target", ARRAYS)
def test_a_power_of_a_sum_with_the_number_of_classes_keeps_its_brackets(target):
    summand = hinge(2 - s[y]) / (1 + hinge(1 / C + s[j] - s[y]))
    assert emit_at(loss("powers", Sum(summand, (j, 0, C - 1))), target, 2, 1).source
