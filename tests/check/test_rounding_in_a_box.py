"""Bounds of the rounding over a box: nothing measured is above them, and scores come near them."""

import re
import shutil
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from sympy import Sum, exp

from gradbook.check import gappa
from gradbook.check.gappa import bounds_by_gappa
from gradbook.check.rounding import rounding, rounding_bound
from gradbook.check.verdict import ROUNDING
from gradbook.emit import emit
from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, s, unequal, y
from gradbook.questions import rounding as by_counting
from gradbook.questions.formula import Unsuitable
from gradbook.questions.rounding_in_a_box import Box, rounding_in_a_box

u = hinge(s[j] - s[y] + 1)
SVM, SQUARED = (
    Loss(name, Sum(unequal(j, y) * term, (j, 0, C - 1)), name)
    for name, term in (("svm", u), ("squared", u**2))
)
OF_ARRAYS, IN_C = (emit(SVM, target, classes=2, features=3) for target in ("lambdify", "codegen"))
KERNELS = [OF_ARRAYS, IN_C, emit(SQUARED, "lambdify", classes=3, features=2)]
LOSSES = {"svm": SVM, "squared": SQUARED}
needs_gappa = pytest.mark.skipif(shutil.which("gappa") is None, reason="gappa is not installed")
WAYS = ["γ", pytest.param("gappa", marks=needs_gappa)]


def bound_of(kernel, by, box=None):
    box = box or Box()
    if by == "gappa":
        return bounds_by_gappa(kernel, box)
    return rounding_in_a_box(LOSSES[kernel.loss], kernel.classes, kernel.features, box)


def scores(kernel, W, x):
    """The scores that a text for arrays computes for one example."""
    space = {}
    exec(kernel.source.replace("return (L, G,)", "return locals()"), space)
    found = space["loss_and_gradient"](W, *x[:, None], np.array([0]))
    return [float(found[f"s_{a}"][0]) for a in range(len(W))]


def worst_score_error(kernel, box):
    """The largest error of a score that a search finds: each product is one of many near the
    corner, that whose rounding, and the sum's, goes furthest the same way.
    """
    rng = np.random.default_rng(1)
    row, x, total, exact = [], [], 0.0, Fraction(0)
    for _ in range(kernel.features + 1):
        tried = []
        for _ in range(300):
            w, f = box.weights * rng.uniform(0.97, 1), box.features * rng.uniform(0.97, 1)
            found, right = total + w * f, exact + Fraction(w) * Fraction(f)
            tried.append((Fraction(found) - right, w, f, found, right))
        _, w, f, total, exact = max(tried)
        row.append(w)
        x.append(f)
    W, x = np.array([row] * kernel.classes), np.array(x)
    found = scores(kernel, W, x)[0]
    return float(abs(Fraction(found) - exact)) / bound_of(kernel, "γ").unit


def right_and_tight(kernel, by):
    """Whether a score is nowhere off by more than its bound, which is not idly large."""
    bound, worst = bound_of(kernel, by), worst_score_error(kernel, Box())
    return worst <= bound.score <= 10 * worst


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("kernel", [OF_ARRAYS, KERNELS[2]], ids=str)
def test_the_bound_of_a_score_is_above_every_error_and_at_most_ten_times_the_worst(kernel, by):
    assert right_and_tight(kernel, by)


@pytest.mark.parametrize("count", [lambda k: 0.5, lambda k: 10 * k], ids=["tighter", "looser"])
def test_another_count_of_the_operations_is_noticed(monkeypatch, count):
    gamma = by_counting.gamma
    monkeypatch.setattr(by_counting, "gamma", lambda k, unit: gamma(count(k), unit))
    assert not right_and_tight(OF_ARRAYS, "γ")


@needs_gappa
@pytest.mark.parametrize("rounds", ["float<ieee_64, ne>", "float<ieee_128, ne>"])
def test_numbers_of_another_width_are_noticed(monkeypatch, rounds):
    answer = gappa._answer
    gappa._bounded.cache_clear()
    monkeypatch.setattr(
        gappa, "_answer", lambda script: answer(script.replace("float<ieee_64, ne>", rounds))
    )
    assert right_and_tight(OF_ARRAYS, "gappa") is (rounds == "float<ieee_64, ne>")
    gappa._bounded.cache_clear()


@pytest.mark.parametrize("by", WAYS)
@pytest.mark.parametrize("kernel", KERNELS, ids=str)
@pytest.mark.parametrize("box", [Box(), Box(0.25, 8)], ids=str)
def test_a_kernel_keeps_to_its_bounds(kernel, by, box):
    check, findings = rounding(kernel, LOSSES[kernel.loss], bound_of(kernel, by, box))
    assert (check.name, check.passed, findings) == (ROUNDING, True, ())
    assert 0 < check.max_error <= check.bound
    assert f"{box} ({by}; u = 1.11e-16)" in check.detail


@pytest.mark.parametrize("of", ["loss", "gradient"])
def test_a_kernel_that_is_off_by_more_fails_and_it_is_said_by_how_much(of):
    kernel = KERNELS[2]
    bound = replace(bound_of(kernel, "γ"), **{of: 0.5})
    check, findings = rounding(kernel, SQUARED, bound)
    assert not check.passed
    assert re.fullmatch(
        rf"its {of} is off by [\d.]+ u where \|W\| ≤ 4, \|x̃\| ≤ 1, and rounding allows 0.5",
        findings[0].sentence,
    )


@needs_gappa
def test_gappa_bounds_the_operations_in_the_order_of_the_text():
    first, second, third, fourth = re.findall(r"x_\d\*W\[0, \d\]", OF_ARRAYS.source)[:4]
    old, new = (
        f"{first} + {second} + {third} + {fourth}",
        f"({first} + {second}) + ({third} + {fourth})",
    )
    paired = replace(OF_ARRAYS, source=OF_ARRAYS.source.replace(old, new))
    numbers = [gappa._numbers(kernel, 1, Box())["s_0"] for kernel in (OF_ARRAYS, paired)]
    unit = Fraction(1, 2**53)
    assert [each.error / unit for each in numbers] == [28, 24]


@needs_gappa
def test_two_scores_of_which_the_same_is_known_are_two_numbers():
    bound = bounds_by_gappa(OF_ARRAYS, Box())
    assert bound.margin > 2 * bound.score


@needs_gappa
def test_the_texts_in_c_and_for_arrays_have_the_same_bounds():
    assert bounds_by_gappa(IN_C, Box()) == bounds_by_gappa(OF_ARRAYS, Box())


@needs_gappa
@pytest.mark.parametrize(
    ("old", "new"), [("+ 1", "+ numpy.exp(1)"), ("+ 1", "+ 0.1"), ("+ 1", "+"), ("loss =", "sum =")]
)
def test_a_text_that_gappa_is_not_told_has_no_bound_of_it(old, new):
    other = replace(OF_ARRAYS, source=OF_ARRAYS.source.replace(old, new))
    assert bounds_by_gappa(other, Box()) is None
    assert rounding_bound(other, SVM, Box()).by == "γ"


def test_without_gappa_the_operations_are_counted(monkeypatch):
    monkeypatch.setattr(gappa.shutil, "which", lambda name: None)
    assert rounding_bound(OF_ARRAYS, SVM, Box()) == bound_of(OF_ARRAYS, "γ")


def test_a_bound_is_for_one_size_and_for_a_loss_whose_rounding_is_bounded():
    any_size = emit(SVM, "numpy")
    assert rounding(any_size, SVM) is None
    with pytest.raises(ValueError, match="kernel must be for one size, unlike NumPy, any size"):
        rounding_bound(any_size, SVM, Box())
    smooth = Loss("smooth", Sum(exp(s[j] - s[y]), (j, 0, C - 1)), "smooth")
    with pytest.raises(Unsuitable, match="exp"):
        rounding_in_a_box(smooth, 2, 1, Box())
    with pytest.raises(ValueError, match="weights must be"):
        Box(0)
