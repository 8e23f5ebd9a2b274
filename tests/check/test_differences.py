"""Finite differences: what they cover, and kernels that they fail."""

from dataclasses import replace

import numpy as np
import pytest
from svm_kernels import plain, svm
from sympy import Sum
from wrong_kernels import (
    at_least_0,
    gradient_not_divided,
    nothing_divided,
    row_y_forgotten,
    sign_reversed,
)

from gradbook.check import images
from gradbook.check.calls import subject_of
from gradbook.check.differences import (
    STEPS,
    Differences,
    clear_steps,
    crossed,
    finite_differences,
    judged,
)
from gradbook.kernels import Kernel
from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, s, unequal, y
from gradbook.questions.formula import Unsuitable, forms


def of_size(function, classes=None, features=None):
    return subject_of(
        Kernel("a kernel", "test", "Python", "", function, svm.key, classes, features)
    )


@pytest.mark.parametrize("kernel", [sign_reversed, row_y_forgotten, gradient_not_divided])
def test_differences_fail_a_gradient_that_is_not_the_slope_of_its_loss(kernel):
    check, findings = finite_differences(subject_of(kernel), svm, 0)
    assert not check.passed
    assert check.max_error > check.bound
    assert "not the slope of its own loss" in findings[0].sentence


def test_differences_see_a_gradient_that_is_off_in_its_tenth_digit():
    def off(W, X, y):
        loss, gradient = plain(W, X, y)
        gradient[0, 0] *= 1 + 1e-10
        return loss, gradient

    check, _ = finite_differences(subject_of(off), svm, 0)
    assert not check.passed


def test_differences_cannot_see_a_slope_that_fits_a_wrong_loss():
    assert finite_differences(subject_of(nothing_divided), svm, 0)[0].passed
    assert finite_differences(subject_of(at_least_0), svm, 0)[0].passed


def test_the_curve_falls_with_h_down_to_nothing_but_rounding():
    check, _ = finite_differences(subject_of(plain), svm, 0)
    h, error, bound = (check.data[name] for name in ("h", "error", "bound"))
    assert (h == STEPS).all()
    assert (error <= bound).all()
    # Without truncation the error is rounding over h: it doubles as h is halved.
    assert error[0] < 1e-12
    assert 0.5 < np.polyfit(np.log2(h), np.log2(error), 1)[0] / -1 < 1.5
    assert check.max_error == np.nanmin(error)
    assert check.data["crossed"].sum() > 0
    assert check.data["error of the crossed"][0] > 1e-3


def sweep(crossed):
    """Differences of two coordinates without error, of which these are crossed: (H, 2)."""
    shape = (len(STEPS), 2)
    return Differences(np.zeros(shape), np.full(shape, 1e-9), np.array(crossed).reshape(shape))


def test_differences_pass_only_if_every_coordinate_is_seen_uncrossed_at_enough_steps():
    none = np.zeros((len(STEPS), 2), dtype=bool)
    assert judged([sweep(none)]).passed
    one = none.copy()
    one[:, 1] = True
    lost = judged([sweep(one)])
    assert not lost.passed
    assert lost.detail == "1 of 2 coordinates cross a kink at every step that can tell"
    assert not lost.applies  # it tells nothing, against the kernel or for it
    few = ~none
    few[-5:] = False
    assert not judged([sweep(few)]).passed
    assert judged([sweep(none), sweep(one)]).cases == 3 * len(STEPS)


def test_a_slope_that_rounding_hides_is_not_said_to_cross_a_kink():
    hidden = replace(sweep(np.zeros((len(STEPS), 2), dtype=bool)), bound=np.full((40, 2), 1e-3))
    assert judged([hidden]).detail == (
        "along 2 of 2 coordinates rounding hides the slope at every step"
    )


def test_differences_of_a_loss_without_kinks_are_taken_at_any_scores():
    squares = Loss("half the squares", Sum(s[j] ** 2, (j, 0, C - 1)) / 2, "squares")

    def kernel(W, X, y):
        S = X @ W.T
        return (S * S).sum() / 2 / len(X), S.T @ X / len(X)

    assert finite_differences(of_size(kernel, 10, 64), squares, 0)[0].passed
    doubled = of_size(lambda W, X, y: (kernel(W, X, y)[0], 2 * kernel(W, X, y)[1]), 10, 64)
    check, _ = finite_differences(doubled, squares, 0)
    assert not check.passed
    assert check.applies


def test_a_bound_too_large_to_tell_anything_is_no_comparison():
    shape = (len(STEPS), 2)
    vague = Differences(np.zeros(shape), np.ones(shape), np.zeros(shape, dtype=bool))
    assert not judged([vague]).passed


def test_a_step_that_touches_a_kink_is_crossed():
    W, X, y = np.array([[0.0, 0.0], [1.5, 0.0]]), np.array([[1.0, 2.0]]), np.array([1])
    V = np.eye(4).reshape(4, 2, 2)[:3]  # the margin is −1/2, its rates 1, 2, 1
    steps = np.array([[1.0] * 3, [0.5] * 3, [0.25] * 3, [0.2] * 3])
    touched = crossed(svm, W, X, y, V, steps)
    assert touched.tolist() == [[True, True, True]] * 2 + [[False, True, False], [False] * 3]


def test_a_loss_of_degree_3_is_refused_for_its_truncation():
    cubic = Loss("cubic", Sum(unequal(j, y) * hinge(s[j] - s[y] + 1) ** 3, (j, 0, C - 1)), "cubic")
    with pytest.raises(Unsuitable, match="free of truncation; it is of degree 3"):
        finite_differences(subject_of(plain), cubic, 0)


def test_the_largest_step_that_crosses_no_kink_crosses_none_and_twice_it_does():
    X, labels = images.digits(None, None)
    rng = np.random.default_rng(0)
    W, V = rng.standard_normal((2, 10, 65)) / 8
    (h,) = clear_steps(svm, W, X, labels, V[None])
    assert 2**-40 < h < 0.5

    def sides(W):
        return np.concatenate(
            [np.sign(forms(svm, 10, a).at(X[labels == a] @ W.T)).ravel() for a in range(10)]
        )

    assert (sides(W + h * V) == sides(W - h * V)).all()
    assert (sides(W + 2 * h * V) != sides(W - 2 * h * V)).any()


def test_at_a_kink_no_step_is_clear():
    W, X = np.array([[0.0, 0.0], [1.0, 0.0]]), np.array([[1.0, 2.0]])
    V = np.array([np.ones((2, 2)), np.eye(2)])  # no margin moves along the first
    assert clear_steps(svm, W, X, np.array([1]), V).tolist() == [0.5, 0]
