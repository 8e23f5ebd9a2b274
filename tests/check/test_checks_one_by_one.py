"""Each check by itself: what it covers, what it keeps for a plot, and kernels that it fails."""

import numpy as np
import pytest
from svm_kernels import plain, svm
from wrong_kernels import (
    lost_updates,
    nothing_divided,
    rounded_mean,
    row_y_forgotten,
    sign_reversed,
    single_precision,
    slightly_off_for_long_examples,
)

from gradbook.check import images
from gradbook.check.by_hand import NotApplicable, by_hand
from gradbook.check.calls import Misbehaved, subject_of
from gradbook.check.digits import digits
from gradbook.check.exact import exact
from gradbook.check.judge import check as judge
from gradbook.check.training import EPOCHS, training
from gradbook.kernels import Kernel
from gradbook.kernels import by_hand as kernels_by_hand
from gradbook.loss import Loss
from gradbook.notation import C, s
from gradbook.questions.formula import Unsuitable


def of_size(function, classes=None, features=None):
    return subject_of(
        Kernel("a kernel", "test", "Python", "", function, svm.key, classes, features)
    )


def slightly_off(W, X, y):
    """A gradient that is off by a hundred units in its last place but one."""
    loss, gradient = plain(W, X, y)
    return loss, gradient * (1 + 4e-14)


# ------------------------------------------------------------------------------------------ exact


def test_exact_sees_one_wrong_bit():
    def one_bit_off(W, X, y):
        loss, gradient = plain(W, X, y)
        return np.nextafter(loss, np.inf), gradient

    check, findings = exact(of_size(one_bit_off, 3, 2), svm)
    assert not check.passed
    assert 0 < check.max_error < 1e-9
    assert findings[0].line == "N3"


def test_exact_does_not_pass_if_it_has_nothing_to_compare():
    third = Loss("a third", svm.formula / 3, "a_third")
    check, _ = exact(of_size(plain, 3, 2), third)
    assert (check.passed, check.cases) == (False, 0)
    assert check.detail.endswith("nothing was compared")


# ---------------------------------------------------------------------------------------- by hand


@pytest.mark.parametrize("kernel", [single_precision, rounded_mean, slightly_off, lost_updates])
def test_by_hand_fails_what_rounding_does_not_explain(kernel):
    check, findings = by_hand(subject_of(kernel), svm, 0)
    assert not check.passed
    assert check.max_error > check.bound > 0
    assert "where rounding allows" in findings[0].sentence


def test_by_hand_compares_with_the_vectorised_kernel_and_that_one_with_the_loops():
    loops, vectorized = kernels_by_hand(svm.key)
    assert by_hand(subject_of(plain), svm, 0)[0].data["witness"] == vectorized.name
    check, findings = by_hand(subject_of(vectorized), svm, 0)
    assert check.data["witness"] == loops.name
    assert (check.passed, findings) == (True, ())
    assert 0 < check.max_error <= check.bound < 1000
    assert check.data["unit"] == "ulp"


@pytest.mark.thorough
def test_by_hand_is_left_out_for_a_loss_without_a_kernel_by_hand():
    unknown = Loss("unknown", svm.formula, "no_kernel_by_hand")
    with pytest.raises(NotApplicable, match="no other kernel is written by hand for this loss"):
        by_hand(subject_of(plain), unknown, 0)
    verdict = judge(plain, unknown)
    assert [check.name for check in verdict.checks] == [
        "exact",
        "finite differences",
        "digits",
        "training",
    ]
    assert verdict.passed


# ----------------------------------------------------------------------------------------- digits


@pytest.mark.parametrize(
    ("kernel", "part"),
    [
        (slightly_off_for_long_examples, "exact"),
        (nothing_divided, "exact"),
        (lost_updates, "exact"),
        (sign_reversed, "exact"),
    ],
)
def test_digits_fail_a_wrong_kernel(kernel, part):
    check, findings = digits(subject_of(kernel), svm, 0)
    assert not check.passed
    assert part in check.detail
    assert len(findings) == 1


def test_each_of_the_comparisons_on_digits_can_fail_alone():
    def wrong_for(condition):
        def kernel(W, X, y):
            loss, gradient = plain(W, X, y)
            return loss, gradient * (2 if condition(len(y)) else 1)

        return kernel

    for condition, name in (
        (lambda n: n == 7, "exact"),
        (lambda n: n == 1797, "whole set"),
        (lambda n: n == 4, "coordinates"),
    ):
        check, findings = digits(subject_of(wrong_for(condition)), svm, 0)
        assert not check.passed
        assert name in check.detail
        assert findings[0].line in {"N14", "N17"}


def test_a_slope_along_a_direction_that_is_off_fails():
    state = {"calls": 0}

    def slips(W, X, y):
        loss, gradient = plain(W, X, y)
        state["calls"] += len(y) == 1797
        return loss + (1e-6 if state["calls"] == 4 else 0), gradient

    check, findings = digits(subject_of(slips), svm, 0)
    assert not check.passed
    assert check.detail.endswith("out of bounds: directions")
    assert "along a direction" in findings[0].sentence


def test_digits_cover_all_coordinates_and_the_whole_set():
    check, _ = digits(subject_of(plain), svm, 0)
    assert check.passed
    assert check.data["coordinates"][2] > 600
    assert check.data["directions"][2] == 3
    assert check.cases > 2000


def test_the_digits_are_scikit_learns():
    from sklearn.datasets import load_digits

    X, labels = images.digits(None, None)
    expected = load_digits()
    assert (X[:, 1:] * 16 == expected.data).all()
    assert (X[:, 0] == 1).all()
    assert (labels == expected.target).all()
    with pytest.raises(ValueError, match="read-only"):
        X[0, 0] = 2


def test_small_kernels_get_few_classes_and_principal_components():
    X, labels = images.digits(3, 2)
    assert X.shape == (len(labels), 3)
    assert set(labels) == {0, 1, 2}
    covariance = X[:, 1:].T @ X[:, 1:]
    assert abs(covariance[0, 1]) < 1e-9 * covariance[0, 0]
    assert covariance[0, 0] > covariance[1, 1]
    assert images.digits(4, 64)[0].shape[1] == 65


def test_more_classes_or_features_than_the_digits_have_are_refused():
    for classes, features in ((11, 2), (3, 65)):
        with pytest.raises(Unsuitable, match="the digits have 10 classes and 64 pixels"):
            images.digits(classes, features)


def test_without_scikit_learn_there_is_one_clear_sentence(monkeypatch):
    from gradbook.check import check

    monkeypatch.setattr(images, "find_spec", lambda name: None)
    images.digits.cache_clear()
    verdict = check(Kernel("k", "test", "Python", "", plain, svm.key, 5, 3), svm)
    missing = [one for one in verdict.checks if not one.passed]
    assert [one.name for one in missing] == ["digits", "training"]
    assert all(one.detail.startswith("scikit-learn is not installed") for one in missing)
    assert not verdict.passed
    assert verdict.findings == ()


# --------------------------------------------------------------------------------------- training


@pytest.mark.parametrize("kernel", [sign_reversed, nothing_divided, lost_updates])
def test_training_fails_with_a_wrong_gradient(kernel):
    check, findings = training(subject_of(kernel), svm, 0)
    assert not check.passed
    assert findings


def test_training_fails_if_nothing_is_learned():
    def hardly(W, X, y):
        loss, gradient = plain(W, X, y)
        return loss, gradient * 1e-3

    check, findings = training(subject_of(hardly), svm, 0)
    assert not check.passed
    assert "a classifier reads" in findings[0].sentence


@pytest.mark.parametrize(("classes", "features"), [(None, None), (3, 2), (10, 64), (2, 64)])
def test_training_reaches_90_per_cent(classes, features):
    for seed in range(3):
        check, findings = training(of_size(plain, classes, features), svm, seed)
        assert check.passed, check.detail
        assert check.data["accuracy"] > 0.9
        assert check.bound == 0.1
        assert findings == ()


def test_training_keeps_the_losses_and_the_weights_for_a_plot():
    check, _ = training(subject_of(plain), svm, 0)
    assert check.data["losses"].shape == (EPOCHS + 1,)
    assert (np.diff(check.data["losses"]) < 0).all()
    assert check.data["W"].shape == (10, 65)


@pytest.mark.thorough
def test_where_the_data_do_not_allow_90_per_cent_the_kernel_has_to_do_as_well_as_the_formula():
    check, _ = training(of_size(plain, 10, 2), svm, 0)
    assert check.passed
    assert check.bound > 0.4
    assert "these data allow" in check.detail
    assert not training(of_size(row_y_forgotten, 10, 2), svm, 0)[0].passed


def test_a_loss_that_no_descent_lowers_tells_nothing_about_a_kernel():
    flat = Loss("flat", s[0] - s[0] + C, "flat")

    def kernel(W, X, y):
        return float(len(W)), np.zeros_like(W)

    with pytest.raises(NotApplicable, match="do not lower this loss, whoever computes it"):
        training(of_size(kernel, 3, 2), flat, 0)


def test_a_kernel_that_breaks_down_on_the_way_is_no_crash():
    calls = {"made": 0}

    def tires(W, X, y):
        calls["made"] += 1
        if calls["made"] > 10:
            raise RuntimeError("enough")
        return plain(W, X, y)

    with pytest.raises(Misbehaved, match="it raises RuntimeError: enough"):
        training(of_size(tires, 3, 2), svm, 0)
