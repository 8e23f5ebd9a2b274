"""What is no function of this loss is said to be what it is; what is wrong, is wrong."""

import numpy as np
import pytest
from edited import edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.subjects import InProcess


def judged(function):
    return judge(InProcess(function), svm)


# ------------------------------------------------------------------------------------- two classes


def hinge_loss(w, X, y):
    return np.mean(np.maximum(0, 1 - y * (X @ w)))


def svm_loss(w, X, y, C):
    d = np.maximum(0, 1 - y * (X @ w))
    return w @ w / 2 + C * d.sum(), w - C * X.T @ (y * (d > 0))


def gradient_in_loops(w, X, y):
    gradient = np.zeros(len(w))
    for x, sign in zip(X, y):  # noqa: B905
        if sign * x.dot(w) < 1:
            gradient -= sign * x
    return gradient / len(y)


def examples_in_columns(X, y, W):
    return np.sum(np.maximum(0, 1 - y * (W @ X)))


def a_wrong_one(w, X, y, b):
    return np.mean(np.maximum(0, y * (X @ w + b)))


@pytest.mark.parametrize(
    "function", [hinge_loss, svm_loss, gradient_in_loops, examples_in_columns, a_wrong_one]
)
def test_a_loss_of_two_classes_is_not_judged_and_said_to_be_one(function):
    found = judged(function)
    assert found.status == "not judged"
    assert found.reason == (
        "it is a loss of two classes, with labels −1 and 1 and one vector w of weights: here W has "
        "a row of weights for each class"
    )


def with_the_label_as_an_index_of_examples(W, X, y):
    y = y.astype(int)
    scores = X @ W
    margins = np.maximum(0, scores - scores[y] + 1)
    margins[y] = 0
    return margins.sum() / len(y)


@pytest.mark.thorough
def test_a_wrong_function_that_takes_a_vector_of_weights_by_accident_is_wrong():
    assert np.isfinite(
        with_the_label_as_an_index_of_examples(
            np.ones(3), np.ones((4, 3)), np.array([1.0, -1, 1, -1])
        )
    )
    assert judged(with_the_label_as_an_index_of_examples).status == "wrong"


# ----------------------------------------------------------------------------------- other things


def softmax(W, X, y, reg):
    r = np.arange(len(y))
    P = np.exp(X @ W)
    P /= P.sum(axis=1, keepdims=True)
    loss = -np.log(P[r, y]).mean() + reg * np.sum(W * W)
    P[r, y] -= 1
    return loss, X.T @ P / len(y) + 2 * reg * W


def of_columns(X, Y, W, b, lamda):
    P = np.exp(W @ X + b)
    P /= P.sum(axis=0)
    return (P - Y) @ X.T / X.shape[1] + 2 * lamda * W, (P - Y).mean(axis=1)[:, None]


def right_answers(x, y, W):
    return np.sum((x @ W).argmax(axis=1) == y)


def scores(W, X, y):
    return X @ W


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (softmax, "it is another loss: the softmax loss (cross-entropy)"),
        (of_columns, "it is another loss: the softmax loss (cross-entropy)"),
        (right_answers, "it is no loss: it counts the examples that are classified correctly"),
        (scores, "it is no loss: it returns the scores"),
    ],
)
def test_another_thing_is_not_judged_and_said_to_be_what_it_is(function, words):
    found = judged(function)
    assert found.status == "not judged"
    assert words in found.reason


def test_another_thing_that_is_called_an_svm_is_wrong():
    def svm_loss_vectorized(W, X, y, reg):
        return softmax(W, X, y, reg)

    found = judged(svm_loss_vectorized)
    assert found.status == "wrong"
    assert found.findings[0].sentence.startswith("it is another loss: the softmax loss")
    assert found.findings[0].explained


@pytest.mark.quick("changes1", "changes3")
@pytest.mark.parametrize(
    "changes",
    [
        [("return loss, dW", "return -loss, -dW")],
        [("return loss, dW", "return 2 * loss, 2 * dW")],
        [("return loss, dW", "return np.exp(loss), np.exp(dW)")],
        [("+ 1)", ")")],
        [("X.dot(W)", "-X.dot(W)")],
        [("return loss, dW", "return float((margins > 0).sum()), dW * 0 + 1")],
    ],
)
def test_a_function_that_is_wrong_throughout_is_wrong_and_nothing_else(changes):
    assert judged(edited(*changes)).status == "wrong"


def test_labels_that_are_one_hot_may_lie_in_columns():
    def gradient(X, Y, W, b, lamda):
        S = W @ X + b
        M = (S - (S * Y).sum(axis=0) + 1 > 0) * (1.0 - Y)
        M -= Y * M.sum(axis=0)
        return M @ X.T / X.shape[1] + 2 * lamda * W

    found = judged(gradient)
    assert found.status == "right", (found.reason, found.findings)
    assert "y is one-hot, (C, N); b is (C, 1), beside W" in str(found.convention)


# ------------------------------------------------------------------------------------ no way at all


def test_how_it_was_called_in_vain_is_said():
    def raises(W, X, y, reg):
        return W.size_of_everything

    assert judged(raises).reason == (
        "it raises AttributeError: 'numpy.ndarray' object has no attribute 'size_of_everything', "
        "called as (W, X, y, reg), with W as (D, C) or (C, D), X as (N, D) or (D, N) or (D,), "
        "y integers or one-hot"
    )
