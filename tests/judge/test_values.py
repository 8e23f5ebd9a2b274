"""The loss and its coefficients by dual numbers, against the symbolic derivation."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mpmath import mpf, workdps
from sympy import (
    Rational,
    Sum,
    asinh,
    atan,
    besselj,
    cos,
    cosh,
    exp,
    log,
    pi,
    sin,
    sinh,
    sqrt,
    tanh,
)

from derivation.multiclass_svm import svm
from gradbook import Loss
from gradbook.loss import scores
from gradbook.notation import C, equal, hinge, j, k, s, step, unequal, y
from gradbook.questions.formula import Unsuitable
from gradbook.questions.values import rounds, values

margin = s[j] - s[y] + 1
LOSSES = [
    svm,
    Loss("squared", Sum(unequal(j, y) * hinge(margin) ** 2, (j, 0, C - 1)), "squared"),
    Loss("other kink", Sum(unequal(j, y) * hinge(margin, Rational(1, 2)), (j, 0, C - 1)), "other"),
    Loss(
        "one against all",
        Sum(unequal(j, y) * hinge(1 + s[j]) + equal(j, y) * hinge(1 - s[j]), (j, 0, C - 1)),
        "one",
    ),
    Loss("nested", hinge(Sum(unequal(j, y) * hinge(margin), (j, 0, C - 1)) - 2), "nested"),
    Loss(
        "pairs",
        Sum(step(s[k] - s[j], 1) * hinge(s[j] - s[k] + 2) * y, (j, 0, C - 1), (k, 0, C - 1)),
        "pairs",
    ),
    Loss("below", Sum(hinge(1 + s[j]), (j, 0, y - 1)), "below"),
    Loss("ordered", Sum((y + 1) * hinge(margin), (j, 0, y - 1)) + s[C - 1 - y], "ordered"),
]


@pytest.mark.quick("multi-class", "squared", "other kink", "nested", "below")
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
@given(data=st.data())
def test_the_values_are_those_of_the_symbolic_derivation(loss, data):
    classes = data.draw(st.integers(2, 4))
    score = st.integers(-3, 3)
    rows = data.draw(st.lists(st.tuples(*[score] * classes), min_size=1, max_size=3))
    labels = [data.draw(st.integers(0, classes - 1)) for _ in rows]
    found = values(loss, np.array(rows, dtype=float), np.array(labels))
    for i, (row, label) in enumerate(zip(rows, labels, strict=True)):
        ell, mu = loss.exact_at_scores([Fraction(v) for v in row], label)
        assert found.loss[i] == ell
        assert found.mu[i].tolist() == [float(a) for a in mu]


def test_a_kink_of_the_own_class_is_no_kink():
    found = values(svm, np.array([[0.0, -1.0, 2.0]]), np.array([0]))
    np.testing.assert_array_equal(found.kinks, [[np.nan, 0.0, 3.0]])


def test_another_slope_at_the_kinks_can_be_asked_for():
    found = values(svm, np.array([[0.0, -1.0]]), np.array([0]), at_kink=1.0)
    np.testing.assert_array_equal(found.mu, [[-1.0, 1.0]])


SMOOTH = [
    Loss("softmax", -log(exp(s[y]) / Sum(exp(s[j]), (j, 0, C - 1))), "softmax"),
    Loss("pairs", Sum(unequal(j, y) * log(1 + exp(margin)), (j, 0, C - 1)), "pairs"),
    Loss("root", Sum(sqrt(1 + s[j] ** 2) / (2 + exp(s[y])), (j, 0, C - 1)), "root"),
    Loss("kinks too", Sum(exp(-hinge(margin)) * s[j], (j, 0, C - 1)), "kinks"),
    Loss("functions", Sum(tanh(s[j]) * sin(s[y]) + atan(s[j]) - asinh(s[y]), (j, 0, C - 1)), "of"),
    Loss("powers", Sum(sinh(s[j] / 99) - cosh(s[y] / 99) * cos(s[j]) + 2 ** s[j], (j, 0, 1)), "po"),
]


@pytest.mark.parametrize("loss", SMOOTH, ids=lambda loss: loss.name)
@pytest.mark.parametrize("scale", [1, 30, 1000])
def test_exp_log_and_roots_are_within_the_bound_that_is_stated_beside_them(loss, scale):
    rng = np.random.default_rng(scale)
    S, y = rng.integers(-64, 65, (6, 3)) * scale / 64, rng.integers(0, 3, 6)
    found = values(loss, S, y, sizes=np.abs(S))
    assert np.isfinite(found.loss_size).all()
    assert np.isfinite(found.mu_size).all()
    for i, label in enumerate(y.tolist()):
        at = dict(zip(scores(3), map(Rational, S[i].tolist()), strict=True))
        formulas = (loss.at(3, label), *loss.coefficients(3, label))
        with workdps(50):
            ell, *mu = (mpf(formula.subs(at).evalf(50)) for formula in formulas)
            assert abs(mpf(found.loss[i]) - ell) <= 2**-53 * 4 * found.loss_size[i]
            for a, right in enumerate(mu):
                bound = 2**-53 * 4 * found.mu_size[i, a] + 1e-300  # what is smaller underflows
                assert abs(mpf(found.mu[i, a]) - right) <= bound


def test_a_square_is_no_longer_exact_and_bounded_too():
    S, y = np.array([[3.0, 2.0**60, 1.0]]), np.array([0])
    squares = values(LOSSES[1], S, y, sizes=np.abs(S))
    assert squares.loss_size[0] > 2.0**120
    assert (rounds(LOSSES[1]), rounds(svm)) == (True, False)


ROUNDED = [s[y] / 3, s[y] * s[0], hinge(s[y]) * s[0], s[y] / C, tanh(s[y]), pi * s[y]]
EXACT = [s[y] / 4, 3 * hinge(s[y]) - s[0], step(s[y]) * s[0], y * s[0], equal(0, y) * s[y]]


@pytest.mark.parametrize("formula", [*ROUNDED, *EXACT], ids=str)
def test_what_is_no_sum_of_scores_taken_so_many_times_rounds(formula):
    assert rounds(Loss("a loss", formula, "a_loss")) == (formula in ROUNDED)


def test_beside_a_kink_stands_what_rounding_comes_to_in_it():
    third = Loss("thirds", hinge(s[0] + Rational(1, 3)) + hinge(s[0] + Rational(1, 4)), "thirds")
    found = values(third, np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([0, 1]))
    sizes = dict(zip(found.kinks[0], found.kink_sizes[0], strict=True))
    assert sizes[1 / 4] == 0
    assert sizes[1 / 3] >= 1 / 3


def test_a_loss_of_other_functions_is_refused():
    with pytest.raises(Unsuitable, match="it contains besselj"):
        values(Loss("Bessel", besselj(0, s[y]), "bessel"), np.zeros((1, 2)), np.array([0]))
