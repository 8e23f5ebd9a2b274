"""What is no function of this loss is said to be what it is; what is wrong, is wrong."""

import numpy as np
import pytest
from edited import edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.detect import Forced, detect
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.convention.other_losses import another_loss
from gradbook.judge.convention.signature import AlwaysFails, LabelsFrom1, Order
from gradbook.questions.deck import generic
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


@pytest.mark.thorough
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


@pytest.mark.quick("scores-it", "softmax-it")
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


def svm_loss_of(values, slopes, penalty=lambda W: 1e-3 * np.abs(W).sum(), scale=1.0):
    """A function that is called svm_loss: a sum over the margins, with a penalty of some kind."""

    def svm_loss(W, X, y):
        r = np.arange(len(y))
        u = X @ W - (X @ W)[r, y][:, None] + 1
        others = np.arange(W.shape[1]) != y[:, None]
        M = np.where(others, slopes(u), 0.0)
        M[r, y] = -M.sum(axis=1)
        loss = np.where(others, values(u), 0.0).sum() / len(y)
        return loss + penalty(W), scale * X.T @ M / len(y) + 1e-3 * np.sign(W)

    return svm_loss


OTHERS = {
    "the squared hinge, Σ": (lambda u: np.maximum(u, 0) ** 2, lambda u: 2 * np.maximum(u, 0)),
    "half the squared hinge": (lambda u: np.maximum(u, 0) ** 2 / 2, lambda u: np.maximum(u, 0)),
    "the Huber hinge": (
        lambda u: np.where(u < 1, np.maximum(u, 0) ** 2 / 2, u - 0.5),
        lambda u: np.clip(u, 0, 1),
    ),
    "the logistic loss of the margins": (
        lambda u: np.logaddexp(0, u),
        lambda u: 1 / (1 + np.exp(-u)),
    ),
}


@pytest.mark.quick("Huber")
@pytest.mark.parametrize("name", OTHERS)
def test_a_known_loss_is_told_by_its_values_whatever_it_is_called(name):
    found = judged(svm_loss_of(*OTHERS[name]))
    assert found.status == "not judged"
    assert found.reason.startswith(f"it is another loss: {name}")


@pytest.mark.thorough
def test_the_loss_of_crammer_and_singer_is_not_judged():
    def svm_loss(W, X, y, reg):
        r = np.arange(len(y))
        S = X @ W + 1.0
        S[r, y] -= 1
        best = S.argmax(axis=1)
        M = np.zeros(S.shape)
        np.add.at(M, (r, best), 1)
        np.add.at(M, (r, y), -1)
        return (S[r, best] - S[r, y]).mean() + reg * np.sum(W * W), X.T @ M / len(y) + 2 * reg * W

    assert "that of Crammer and Singer" in judged(svm_loss).reason


@pytest.mark.thorough
@pytest.mark.parametrize("each", [True, False])
def test_the_two_forms_of_the_hinge_of_the_top_k_are_not_judged(each):
    def topk_hinge(W, X, y, reg, k=2):
        r = np.arange(len(y))
        u = X @ W - (X @ W)[r, y, None] + 1
        u[r, y] = -np.inf
        top = np.argsort(np.argsort(-u, axis=1), axis=1) < k
        means = np.where(top, np.maximum(0, u) if each else u, 0).sum(axis=1) / k
        M = top * ((u if each else means[:, None]) > 0) / k
        M[r, y] = -M.sum(axis=1)
        return np.maximum(0, means).mean() + reg * np.sum(W * W), X.T @ M / len(y) + 2 * reg * W

    assert "the hinge of the top k = 2" in judged(topk_hinge).reason


def test_a_loss_that_nobody_knows_is_another_where_it_is_curved_and_has_its_own_gradient():
    def cubes(u):
        return np.maximum(0, u) ** 3

    found = judged(svm_loss_of(cubes, lambda u: 3 * np.maximum(0, u) ** 2))
    assert (found.status, found.code) == ("not judged", "another function")
    assert "curved where this one is straight" in found.reason
    with_another_gradient = svm_loss_of(cubes, lambda u: 1.0 * (u > 0))
    orders = [Order(("W", "X", "y"))]
    assert another_loss(InProcess(with_another_gradient), orders, svm, named=True) is None


@pytest.mark.thorough
def test_what_raises_for_all_floats_is_wrong_whatever_its_layout():
    def svm_loss(W, X, y, reg):
        dW = np.zeros(W.shape, dtype=int)
        loss, gradient = edited()(W, X, y, reg)
        dW += gradient
        return loss, dW

    with pytest.raises(AlwaysFails, match=r"UFuncTypeError: Cannot cast .*, for W and X of floats"):
        detect(InProcess(svm_loss), svm)


def test_labels_from_1_are_refused_unless_a_person_says_how_they_count():
    def svm_loss(W, X, y, reg):
        return edited()(W, X, y - 1, reg)

    with pytest.raises(LabelsFrom1, match="labels 1 … C"):
        detect(InProcess(svm_loss), svm)
    for labels in ("from-1", "integers"):
        assert detect(InProcess(svm_loss), svm, Forced(labels=labels)).labels == labels
    question = generic(svm, 4, 5, 3, np.random.default_rng(1))
    convention = Convention(labels="from-1")
    assert Observation(question, ask(InProcess(svm_loss), convention, question), convention).right


def test_of_a_known_loss_with_another_gradient_no_cause_is_told_but_that():
    found = judged(svm_loss_of(*OTHERS["the squared hinge, Σ"], scale=0.5))
    assert found.status == "wrong"
    assert found.findings[0].sentence == (
        "it is another loss: the squared hinge, Σ_{j≠y} max(0, s_j − s_y + 1)²; and its gradient "
        "is not that loss's, but 0.5 times it"
    )


@pytest.mark.thorough
def test_a_known_loss_with_the_gradient_of_the_hinge_is_a_hinge_with_a_wrong_loss():
    found = judged(edited(("margins.sum()", "(margins ** 2).sum()")))
    assert found.findings[0].sentence == (
        "in the loss, the hinge has another power: max(0, u)² stands where max(0, u) belongs, with "
        "u the margin"
    )
    assert found.findings[0].code == "loss: GB208"


@pytest.mark.thorough
def test_a_margin_without_its_1_is_a_perceptron_only_where_it_is_not_called_a_hinge():
    named = edited(("+ 1)", ")"))
    assert judged(named).status == "wrong"

    def perceptron(W, X, y, reg):
        return named(W, X, y, reg)

    assert "that of the perceptron" in judged(perceptron).reason


@pytest.mark.thorough
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


@pytest.mark.thorough
def test_how_it_was_called_in_vain_is_said():
    def raises(W, X, y, reg):
        return W.size_of_everything

    assert judged(raises).reason == (
        "it raises AttributeError: 'numpy.ndarray' object has no attribute 'size_of_everything', "
        "called as (W, X, y, reg), with W as (D, C) or (C, D), X as (N, D) or (D, N) or (D,), "
        "y integers or one-hot"
    )
