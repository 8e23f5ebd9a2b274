"""The judge on functions in the style of courses: right ones pass, wrong ones do not."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.subjects import InProcess


def naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    N = X.shape[0]
    return loss / N + reg * np.sum(W * W), dW / N + 2 * reg * W


def classes_first(W, X, y, reg):
    n = np.arange(len(y))
    margins = W @ X - (W @ X)[y, n] + 1
    M = (margins >= 0).astype(float)
    M[y, n] = 0
    margins[y, n] = 0
    M[y, n] = -M.sum(axis=0)
    loss = np.maximum(margins, 0).sum() / len(y) + 0.5 * reg * np.sum(W * W)
    return loss, M @ X.T / len(y) + reg * W


def everything_divided(W, X, y, reg):
    loss, dW = naive(W, X, y, 0)
    return loss + reg * np.sum(W * W) / (2 * len(y)), dW + reg * W / len(y)


def without_reg(weights, data, labels):
    return naive(weights, data, labels, 0)


def examples_first(X, y, W):
    return naive(W, X, y, 0)


def loss_only(W, X, y, reg=0.0):
    return naive(W, X, y, reg)[0]


def gradient_only(W, X, y, reg=0.0):
    return naive(W, X, y, reg)[1]


RIGHT = {
    naive: "W is (D, C) and X is (N, D); returns the loss and the gradient; "
    "the penalty is reg·ΣW²; the indicator is 1{… > 0}",
    classes_first: "W is (C, D) and X is (D, N); returns the loss and the gradient; "
    "the penalty is ½·reg·ΣW²; the indicator is 1{… ≥ 0}",
    everything_divided: "W is (D, C) and X is (N, D); returns the loss and the gradient; "
    "the penalty is ½·reg·ΣW² / n; the indicator is 1{… > 0}",
    without_reg: "W is (D, C) and X is (N, D); returns the loss and the gradient; "
    "there is no reg; the indicator is 1{… > 0}",
    examples_first: "W is (D, C) and X is (N, D); returns the loss and the gradient; "
    "there is no reg; the indicator is 1{… > 0}",
    loss_only: "W is (D, C) and X is (N, D); returns the loss; the penalty is reg·ΣW²",
    gradient_only: "W is (D, C) and X is (N, D); returns the gradient; the penalty is reg·ΣW²; "
    "the indicator is 1{… > 0}",
}


@pytest.mark.quick("gradient_only", "classes_first")
@pytest.mark.parametrize("function", RIGHT, ids=lambda function: function.__name__)
def test_a_right_function_passes_in_its_own_convention(function):
    judged = judge(InProcess(function), svm)
    assert judged.status == "right", judged.findings
    assert str(judged.convention) == RIGHT[function]


def test_a_function_that_cannot_be_called_is_not_judged_and_the_reason_is_what_it_raised():
    def broken(W, X, y, reg):
        raise NotImplementedError("your turn")

    judged = judge(InProcess(broken), svm)
    assert (judged.status, judged.exit_code) == ("not judged", 2)
    assert judged.reason.startswith(
        "it raises NotImplementedError: your turn, called as (W, X, y, reg), with W as "
    )


@pytest.mark.thorough
def test_a_penalty_divided_by_n_in_one_of_the_two_alone_is_wrong():
    def in_the_loss(W, X, y, reg):
        loss, dW = everything_divided(W, X, y, reg)
        return loss, dW + reg * W * (1 - 1 / len(y))

    judged = judge(InProcess(in_the_loss), svm)
    assert judged.status == "wrong"
    assert judged.findings[0].sentence == (
        "the penalty in the loss is ½·reg·ΣW² / n, and not ½·reg·ΣW², whose gradient reg·W is right"
    )


def test_a_penalty_divided_by_n_has_a_gradient_that_is_divided_by_n():
    def half_of_it(W, X, y, reg):
        loss, dW = everything_divided(W, X, y, reg)
        return loss + reg * np.sum(W * W) / (2 * len(y)), dW

    judged = judge(InProcess(half_of_it), svm)
    assert judged.findings[0].sentence == (
        "the penalty is reg·ΣW² / n, but its gradient is reg·W / n, not 2·reg·W / n: "
        "the factor 2 is missing"
    )
