"""Styles in which people write this loss, and what stands in the same files and is another."""

import numpy as np
import pytest
from edited import LOOPS, edited

from derivation.multiclass_svm import svm
from gradbook.judge import Forced, judge
from gradbook.subjects import InProcess


def sums(W, X, y):
    """The sums of the losses and of the gradients over the examples, and the margins."""
    r, S = np.arange(len(y)), X.dot(W)
    margins = np.maximum(0, S - S[r, y][:, None] + 1)
    margins[r, y] = 0
    M = (margins > 0).astype(X.dtype if X.dtype.kind == "f" else float)
    M[r, y] = -M.sum(axis=1)
    return margins.sum(), X.T.dot(M), margins


def all_over_n(W, X, y, reg):
    loss, dW, _ = sums(W, X, y)
    return (loss + 0.5 * reg * np.sum(W * W)) / len(y), (dW + reg * W) / len(y)


def further_parameters(W, X, y, learning_rate=1e-3, reg=0.0, batch_size=3, verbose=False):
    loss, dW, _ = sums(W, X, y)
    return loss / len(y) + reg * np.sum(W * W), dW / len(y) + 2 * reg * W


def reg_is_a_switch(X, y_idx, W, reg=True, gamma=0.01):
    loss, dW, _ = sums(W, X, y_idx)
    return loss / len(y_idx) + gamma * np.sum(W * W) * reg, dW / len(y_idx) + 2 * gamma * W * reg


def with_the_margins(W, X, y, reg):
    loss, _, margins = sums(W, X, y)
    return loss / len(y) + reg * np.sum(W * W), margins, X.dot(W)


def with_the_losses(W, X, y, reg):
    loss, _, margins = sums(W, X, y)
    return loss / len(y) + reg * np.sum(W * W), margins.sum(axis=1)


def by_name(W, X, y, reg):
    loss, dW, _ = sums(W, X, y)
    return {"loss": loss / len(y) + reg * np.sum(W * W), "grad": dW / len(y) + 2 * reg * W}


def single_precision(W, X, y, reg):
    W, X, reg = W.astype(np.float32), X.astype(np.float32), np.float32(reg)
    return sums(W, X, y)[0] / np.float32(len(y)) + reg * np.sum(W * W)


def layer(scores, y):
    loss, _, margins = sums(np.eye(scores.shape[1]), scores, y)
    M = (margins > 0).astype(float)
    M[np.arange(len(y)), y] = -M.sum(axis=1)
    return loss / len(y), M / len(y)


def layer_of_one(scores, y):
    u = np.maximum(0, scores - scores[y] + 1)
    u[y] = 0
    return u.sum()


FORMS = {
    all_over_n: "the penalty is ½·reg·ΣW² / n",
    further_parameters: "the penalty is reg·ΣW²",
    reg_is_a_switch: "the penalty is reg·ΣW²",
    with_the_margins: "returns the loss;",
    with_the_losses: "returns the loss;",
    by_name: "returns the loss and the gradient",
    single_precision: "returns the loss;",
    layer: "returns the loss and the gradient",
    layer_of_one: "one example: W is (C, D), x is (D,), y a number",
}


@pytest.mark.quick("by_name")
@pytest.mark.parametrize("function", FORMS, ids=lambda function: function.__name__)
def test_a_right_function_of_this_form_is_right_and_its_form_is_said(function):
    found = judge(InProcess(function), svm)
    assert found.status == "right", (found.reason, found.findings)
    assert FORMS[function] in str(found.convention)


def layer_not_divided(scores, y):
    return layer(scores, y)[0], layer(scores, y)[1] * len(y)


def nothing_filled_in(W, X, y, reg):
    return 0.0, np.zeros(W.shape)


def no_number(W, X, y, reg):
    return np.nan, W * np.nan


def svm_without_a_name(W, X, y, reg):
    return undefined + 1  # noqa: F821


def svm_of_softmax(W, X, y, reg):
    S = X.dot(W)
    return np.mean(np.log(np.exp(S).sum(axis=1)) - S[np.arange(len(y)), y]) + reg * np.sum(W * W)


WRONG = {
    layer_not_divided: "the gradient is not divided by n",
    nothing_filled_in: "it returns a loss of 0 and a gradient of zeros",
    no_number: "the loss and the gradient are NaN",
    svm_without_a_name: "it raises NameError: name 'undefined' is not defined, whatever",
}


@pytest.mark.quick("layer_not_divided")
@pytest.mark.parametrize("function", WRONG, ids=lambda function: function.__name__)
def test_a_wrong_function_of_this_form_is_wrong_and_why_is_said(function):
    found = judge(InProcess(function), svm)
    assert found.status == "wrong"
    assert WRONG[function] in found.findings[0].sentence


def softmax_slope_of_columns(X, Y, W, b, lamda):
    E = np.exp(W.dot(X))
    return (E / E.sum(axis=0) - Y).dot(X.T) / X.shape[1] + 2 * lamda * W, b


def helper_of_another_file(W, X, y):
    return elsewhere(W, X, y)  # noqa: F821


def svm_of_a_package_that_is_not_there(W, X, y, reg):
    import torch_of_the_future as torch

    return torch.svm(W, X, y, reg)


def share_of_errors(W, X, y):
    return float((X.dot(W).argmax(axis=1) != y).mean())


def needs_more(W, X, y, reg, kind, options):
    return all_over_n(W, X, y, reg)


def of_two(x, w):
    return 0.0


def nothing_like_it(W, X, y):
    return float((np.abs(X.dot(W)) ** 1.5).sum()) + 3.25


NOT_JUDGED = {
    svm_of_softmax: "it is another loss: the softmax loss",
    softmax_slope_of_columns: "it is another loss: the softmax loss",
    helper_of_another_file: "raises NameError: name 'elsewhere' is not defined",
    svm_of_a_package_that_is_not_there: "it cannot run here, for it raises ModuleNotFoundError",
    share_of_errors: "it counts the examples that are classified wrongly",
    needs_more: "it also needs kind and options",
    of_two: "it takes (x, w), and not W, X and y",
    nothing_like_it: "it may be another loss",
}


@pytest.mark.quick("softmax_slope", "not_there")
@pytest.mark.parametrize("function", NOT_JUDGED, ids=lambda function: function.__name__)
def test_what_is_another_loss_or_cannot_be_called_is_not_judged(function):
    found = judge(InProcess(function), svm)
    assert (found.status, found.exit_code) == ("not judged", 2)
    assert NOT_JUDGED[function] in found.reason


@pytest.mark.thorough
def test_labels_in_a_column_are_a_convention_and_not_taken_for_one_hot():
    column = LOOPS.replace("y[i]", "y[i][0]")
    right = judge(InProcess(edited(of=column)), svm)
    assert right.passed
    assert "y is (N, 1)" in str(right.convention)
    wrong = judge(InProcess(edited(("dW[:, j] += X[i]", "dW[:, j] -= X[i]"), of=column)), svm)
    assert wrong.status == "wrong"
    assert "y is (N, 1)" in str(wrong.convention)
    assert "the rows j ≠ y have the wrong sign" in wrong.findings[0].sentence
    row = judge(InProcess(edited(of=LOOPS)), svm, forced=Forced(labels="column"))
    assert not row.passed


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("opened", "closed", "weights"),
    [
        ("W = w.reshape(C, -1).T", "dW.T.ravel()", "(C·D,)"),
        ("W = w.reshape(-1, C)", "dW.ravel()", "(D·C,)"),
    ],
)
def test_weights_in_one_row_are_a_convention(opened, closed, weights):
    source = LOOPS.replace("(W, X, y, reg):", f"(w, X, y, reg, C):\n    {opened}")
    source = source.replace("N, C = X.shape[0], W.shape[1]", "N = X.shape[0]")
    source = source.replace("return loss, dW", f"return loss, {closed}")
    right = judge(InProcess(edited(of=source)), svm)
    assert right.passed, right.reason or right.findings
    assert f"W is {weights}" in str(right.convention)
    wrong = judge(InProcess(edited(("dW = dW / N", "dW = dW"), of=source)), svm)
    assert wrong.findings[0].sentence == "the gradient is not divided by n"
    assert f"W is {weights}" in str(wrong.convention)
