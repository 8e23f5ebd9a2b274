"""How a function wants its arguments: found, said, and what a person says instead."""

import numpy as np
import pytest
from edited import VECTORIZED, edited

from derivation.multiclass_svm import svm
from gradbook import check
from gradbook.judge import Forced, judge
from gradbook.judge.convention.convention import FLAT, Convention
from gradbook.judge.convention.detect import detect
from gradbook.judge.convention.forced import known_of
from gradbook.judge.penalties.forms import Form
from gradbook.subjects import InProcess

right = edited()


def rows_of_classes(W, X, y, reg):
    loss, gradient = right(W.T, X, y, reg)
    return loss, gradient.T


def columns_of_examples(W, X, y, reg):
    return right(W, X.T, y, reg)


def one_hot(W, X, Y, reg):
    return right(W, X, Y.argmax(axis=1) + 0 * Y.shape[1], reg)


def nameless(a, b, c, d):
    return right(b, c, a, d)


def with_a_margin(X, y, theta, delta, lam=0.1):
    assert delta == 1
    return right(theta, X, y, lam)


@pytest.mark.quick("one_hot")
@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (rows_of_classes, {"weights": "(C, D)", "examples": "(N, D)"}),
        (columns_of_examples, {"weights": "(D, C)", "examples": "(D, N)"}),
        (one_hot, {"labels": "one-hot"}),
        (nameless, {"order": ("y", "W", "X", "reg")}),
        (with_a_margin, {"order": ("X", "y", "W", "margin", "reg")}),
    ],
)
def test_the_convention_is_found(function, expected):
    judged = judge(InProcess(function), svm)
    assert judged.status == "right", (judged.reason, judged.findings)
    for name, value in expected.items():
        assert getattr(judged.convention, name) == value


def test_matrices_are_given_where_a_star_multiplies_them():
    def svm_loss(W, X, y, reg):
        if not isinstance(W, np.matrix):
            return 0.0, 0 * W
        return edited()(np.asarray(W), np.asarray(X), y, reg)

    assert detect(InProcess(svm_loss), svm).matrices
    assert not detect(InProcess(edited()), svm).matrices


@pytest.mark.thorough
def test_what_a_person_says_is_not_detected():
    judged = judge(InProcess(right), svm, forced=Forced(weights="(C, D)", examples="(D, N)"))
    assert judged.status == "not judged"


@pytest.mark.quick(">=")
@pytest.mark.parametrize(
    ("returned", "kink"),
    [("margins > 0", 0.0), ("margins >= 0", 1.0)],
)
def test_one_value_at_every_kink_is_a_convention(returned, kink):
    changes = [
        ("np.maximum(0, scores - scores[r, y][:, None] + 1)", "scores - scores[r, y][:, None] + 1"),
        ("margins[r, y] = 0", "margins[r, y] = -1"),
        ("margins.sum()", "np.maximum(0, margins).sum()"),
        ("margins > 0", returned),
    ]
    judged = check(edited(*changes, of=VECTORIZED), svm)
    assert judged.passed
    assert judged.convention.at_kink == kink


@pytest.mark.thorough
def test_a_subgradient_that_changes_from_class_to_class_is_no_error():
    def alternating(W, X, y, reg):
        r, C = np.arange(len(y)), W.shape[1]
        margins = X @ W - (X @ W)[r, y, None] + 1
        M = np.where(np.arange(C) % 2 == 0, margins > 0, margins >= 0).astype(float)
        M[r, y] = 0
        M[r, y] = -M.sum(axis=1)
        margins[r, y] = 0
        loss = np.maximum(0, margins).sum() / len(y) + reg * np.sum(W * W)
        return loss, X.T @ M / len(y) + 2 * reg * W

    judged = judge(InProcess(alternating), svm)
    assert judged.status == "right"
    assert judged.convention.at_kink is None


@pytest.mark.thorough
def test_the_penalty_and_the_kink_can_be_said():
    told = Forced(penalty=0.5, at_kink=1.0)
    found = judge(InProcess(right), svm, forced=told)
    assert found.status == "wrong"
    assert (found.convention.penalty, found.convention.at_kink) == (Form(0.5), 1.0)
    usual = Forced(penalty=1.0, at_kink=0.0)
    assert judge(InProcess(right), svm, forced=usual).status == "right"


@pytest.mark.quick("kinds0")
@pytest.mark.parametrize(
    ("kinds", "change"),
    [
        (("purity", "layout"), ("    return loss, dW", "    W += 1e-3\n    return loss, dW")),
        (("dtype",), ("X.dot(W)", "X.dot(W) * (1 if X.dtype.kind == 'f' else 2)")),
        (("layout",), ("X.dot(W)", "X.ravel(order='K').reshape(X.shape).dot(W)")),
    ],
)  # fmt: skip
def test_a_kind_of_finding_can_be_left_out(kinds, change):
    function = edited(change, of=VECTORIZED)
    assert judge(InProcess(function), svm).findings
    found = judge(InProcess(function), svm, forced=Forced(without=kinds))
    assert found.status == "right"
    assert not found.findings


def test_check_of_something_that_is_no_function_or_no_loss_is_refused():
    with pytest.raises(TypeError, match="must be a function of W, X and y, or a Kernel"):
        check(3, svm)
    with pytest.raises(TypeError, match="loss must be"):
        check(right, "svm")


@pytest.mark.parametrize("weights", ["(C, D)", "(D, C)", *FLAT])
@pytest.mark.parametrize("order", [("W", "X", "y"), ("X", "y", "W", "reg", "features", "classes")])
@pytest.mark.parametrize("labels", ["integers", "column", "from-1", "one-hot", "one-hot columns"])
def test_of_every_convention_something_is_known_that_can_be_forced(weights, order, labels):
    known = known_of(Convention(order=order, weights=weights, labels=labels))
    assert weights in (known.weights, *(flat for flat in FLAT if FLAT[flat] == known.weights))
    assert known.order == (order if len(order) == 3 else None)
    assert labels.startswith(known.labels)


def test_what_answers_to_a_small_batch_is_not_asked_a_large_one():
    asked = []

    def svm_loss(W, X, y, reg):
        asked.append(X.size)
        assert len(W.T[y] @ X[0]) == len(X)
        return 1.0, np.zeros_like(W)

    detect(InProcess(svm_loss), svm)
    assert max(asked) < 500 * 3073


@pytest.mark.thorough
def test_what_answers_to_a_large_batch_alone_is_found_with_its_bias_inside():
    def svm_loss(W, X, y, reg):
        assert len(X) > 400
        loss, gradient = right(W[:, :-1].T, X, y, 0.0)
        return loss, np.vstack([gradient, 0 * gradient[:1]]).T

    found = detect(InProcess(svm_loss), svm)
    assert (found.weights, found.bias) == ("(C, D)", "W's last feature")
