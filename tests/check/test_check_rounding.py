"""The derived bounds: no order of summation breaks them, and they are not idly large."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from svm_kernels import RIGHT, plain, svm
from sympy import Sum, exp

from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, s, unequal, y
from gradbook.questions.formula import Unsuitable
from gradbook.questions.rounding import gamma, loss_error, rounded, unit_roundoff

squared = Loss(
    "squared", Sum(unequal(j, y) * hinge(s[j] - s[y] + 1) ** 2, (j, 0, C - 1)), "squared"
)


@st.composite
def data(draw):
    """Random data in float32, whose exact answers are at hand, of several sizes and scales."""
    classes, width, n = draw(st.integers(2, 5)), draw(st.integers(1, 6)), draw(st.integers(1, 9))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    scale = draw(st.sampled_from([1e-3, 0.1, 1.0, 30.0]))
    W = (scale * rng.standard_normal((classes, width))).astype(np.float32)
    X = rng.standard_normal((n, width)).astype(np.float32)
    X[:, 0] = 1
    return W, X, rng.integers(0, classes, n)


def exact_error(kernel, loss, W, X, y):
    """|computed − exact| of the loss and, as (C, D), of the gradient."""
    ell, gradient = kernel(W, X, y)
    exact_ell, exact_gradient = loss.exact(W, X, y)
    errors = [
        [abs(float(Fraction(float(g)) - e)) for g, e in zip(row, exact_row, strict=True)]
        for row, exact_row in zip(gradient, exact_gradient, strict=True)
    ]
    return abs(float(Fraction(float(ell)) - exact_ell)), np.array(errors)


@given(data(), st.sampled_from(RIGHT))
def test_no_right_kernel_breaks_the_bound_for_float32(given_data, kernel):
    W, X, y = given_data
    bound = rounded(svm, W.astype(float), X.astype(float), y, np.float32)
    loss_off, gradient_off = exact_error(kernel, svm, W, X, y)
    assert loss_off <= bound.loss_error
    assert (gradient_off <= bound.gradient_error).all()


@given(data())
def test_the_bound_holds_for_a_loss_with_products_too(given_data):
    W, X, labels = given_data

    def kernel(W, X, y):
        n = np.arange(len(y))
        S = X @ W.T
        margins = np.maximum(S - S[n, y][:, None] + 1, 0)
        margins[n, y] = 0
        mu = 2 * margins
        mu[n, y] = -mu.sum(axis=1)
        return (margins**2).sum() / len(y), mu.T @ X / len(y)

    bound = rounded(squared, W.astype(float), X.astype(float), labels, np.float32)
    loss_off, gradient_off = exact_error(kernel, squared, W, X, labels)
    assert loss_off <= bound.loss_error
    assert (gradient_off <= bound.gradient_error).all()


@given(data())
def test_the_float64_value_is_within_its_own_bound_of_the_exact_answer(given_data):
    W, X, y = (array.astype(float) for array in given_data)
    y = y.astype(int)
    own = rounded(svm, W, X, y, np.float32)
    exact_ell, exact_gradient = svm.exact(W, X, y)
    assert abs(Fraction(own.loss) - exact_ell) <= Fraction(own.own_loss_error)
    off = np.abs(own.gradient - exact_gradient.astype(float))
    assert (off <= own.own_gradient_error + 2e-16 * np.abs(own.gradient)).all()


def test_the_bound_is_within_a_hundred_times_of_what_happens():
    rng = np.random.default_rng(0)
    W, X = rng.standard_normal((4, 6)).astype(np.float32), rng.standard_normal((20, 6))
    X = X.astype(np.float32)
    y = rng.integers(0, 4, 20)
    bound = rounded(svm, W.astype(float), X.astype(float), y, np.float32)
    _, gradient_off = exact_error(plain, svm, W, X, y)
    # The row of the smallest weights may be computed from all others: its bound is another.
    norms = np.linalg.norm(W, axis=1)
    rows = norms > norms.min()
    assert gradient_off[rows].max() > bound.gradient_error[rows].max() / 100


def test_a_margin_within_rounding_of_0_may_flip_and_the_bound_says_so():
    W, X = np.array([[1.0, 0.0], [0.0, 1e-17]]), np.array([[1.0, 3.0]])
    doubtful = rounded(svm, W, X, np.array([0]), np.float64)
    assert (doubtful.gradient_error >= np.abs(X)).all()
    clear = rounded(svm, W + np.array([[0, 0], [1e-3, 0]]), X, np.array([0]), np.float64)
    assert (clear.gradient_error < 1e-14).all()


def test_a_surely_inactive_hinge_adds_nothing_to_the_bound():
    W, X = np.array([[1e6, 0.0], [0.0, 1.0]]), np.array([[1.0, 3.0]])
    found = rounded(svm, W, X, np.array([0]), np.float64)
    assert found.loss == found.loss_error == 0
    assert not found.gradient_error.any()


def test_the_bound_for_many_weights_is_that_for_each():
    rng = np.random.default_rng(1)
    W, X, y = rng.standard_normal((3, 2, 4, 5)), rng.standard_normal((6, 5)), rng.integers(0, 4, 6)
    together = loss_error(svm, W, X, y, np.float64)
    assert together.shape == (3, 2)
    each = [[rounded(svm, V, X, y, np.float64).loss_error for V in row] for row in W]
    np.testing.assert_allclose(together, each, rtol=1e-12)


def test_gamma_is_highams():
    assert unit_roundoff(np.float64) == 2.0**-53
    assert unit_roundoff(np.float32) == 2.0**-24
    assert gamma(0, 2.0**-53) == 0
    assert gamma(10, 0.01) == pytest.approx(0.1 / 0.9)
    with pytest.raises(ValueError, match=r"^k must be less than 1/u = 100, not 100$"):
        gamma(100, 0.01)


def test_a_loss_with_an_exponential_is_refused_in_one_sentence():
    softmax = Loss("softmax", Sum(exp(s[j]), (j, 0, C - 1)), "softmax")
    with pytest.raises(Unsuitable, match=r"^the loss must be made of .*; it contains exp$"):
        rounded(softmax, np.zeros((2, 1)), np.ones((1, 1)), np.array([0]), np.float64)
