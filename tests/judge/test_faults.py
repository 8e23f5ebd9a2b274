"""Faults are rewritings of a formula: each is told by its file, for whatever loss it is made of."""

import ast
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from sympy import Sum

import gradbook
from derivation.multiclass_svm import svm
from gradbook import Loss
from gradbook.judge import judge
from gradbook.judge.explain.edits import edits_of_gradient, edits_of_loss
from gradbook.judge.explain.hypothesis import Hypothesis
from gradbook.judge.explain.printed import printed
from gradbook.judge.faults import GRADIENT, LOSS, faults
from gradbook.notation import C, hinge, j, s, unequal, y
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene
from gradbook.questions.values import values
from gradbook.subjects import InProcess

squared = Loss("squared", Sum(unequal(j, y) * hinge(s[j] - s[y] + 1) ** 2, (j, 0, C - 1)), "square")


@cache
def softmax():
    return gradbook.read(Path("derivation/softmax.md")).loss


def function_of(loss, gradient_of=None):
    """What computes one loss, and the gradient of it or of another."""

    def svm_loss(W, X, y):
        S = X @ W.T
        ell = values(loss, S, y).loss
        mu = values(gradient_of or loss, S, y).mu
        return ell.mean(), mu.T @ X / len(y)

    return svm_loss


@pytest.mark.parametrize("fault", faults(), ids=lambda fault: fault.code)
def test_a_fault_says_in_its_file_what_is_wrong_and_what_is_right(fault):
    assert re.fullmatch(r"GB[1-9]\d\d", fault.code)
    assert fault.title.endswith(".")
    assert fault.wrong != fault.right
    for code in (fault.wrong, fault.right):
        lines = code.splitlines()
        if lines[-1].rstrip().endswith(":"):
            code += "\n" + " " * (len(lines[-1]) - len(lines[-1].lstrip()) + 4) + "pass"
        ast.parse(code)


def test_no_two_faults_have_one_code():
    codes = [fault.code for fault in faults()]
    assert len(set(codes)) == len(codes) > 35


def edits_of(fault, loss):
    """What a fault changes in the loss and in the gradient, each by the part; first variants."""
    every = (edits_of_loss(loss, ()), edits_of_gradient(loss, ()))
    return [
        next(({part: one} for part in of for one in of[part]() if one.code == fault.code), None)
        for of in every
    ]


#: What adds a number to the loss, and nothing to its slope.
OF_THE_LOSS_ALONE = {"GB212", "GB217"}


def function_with(fault, loss):
    """What computes the gradient as the fault predicts it, or the loss where it changes that alone.

    With both alike it would often be another loss, or another convention, and right as that.
    """
    of_loss, of_gradient = edits_of(fault, loss)

    def svm_loss(W, X, y):
        scene = Scene(Question(loss, W, X, y), 0.0)
        if of_gradient is None or fault.code in OF_THE_LOSS_ALONE:
            return Hypothesis(of_loss).loss(scene), Hypothesis({}).gradient(scene)
        return Hypothesis({}).loss(scene), Hypothesis(of_gradient).gradient(scene)

    return svm_loss


#: What is right for slopes of 0 and 1.
NONE_OF_A_HINGE = {"GB318"}


def loss_of(fault):
    """The first loss in which it may be made."""
    losses = (squared,) if fault.code in NONE_OF_A_HINGE else (svm, softmax(), squared)
    return next(loss for loss in losses if any(edits_of(fault, loss)))


def test_every_code_that_the_judge_gives_is_that_of_a_fault():
    texts = [path.read_text(encoding="utf-8") for path in Path("src/gradbook/judge").rglob("*.py")]
    given = {code for text in texts for code in re.findall(r'"(GB\d{3})"', text)}
    assert len(given) > 20
    assert given <= {fault.code for fault in faults()}


#: What is another fault as well, in words that are as true.
SAME = {
    **{"GB103": "GB309", "GB209": "GB104", "GB210": "GB208"},
    **{"GB226": "GB203", "GB245": "GB244"},
}
PARTS = {*LOSS, *GRADIENT, "rewritings", "kept"}
PREDICTED = [
    fault
    for fault in faults()
    if PARTS & {*vars(fault.module), *getattr(fault.module, "CHANGES", ())}
    and (fault.measured is None or hasattr(fault.module, "VARIANTS"))
]


@pytest.mark.quick("GB310")
@pytest.mark.parametrize("fault", PREDICTED, ids=lambda fault: fault.code)
def test_a_function_with_a_fault_is_told_as_that_fault(fault):
    loss = loss_of(fault)
    judged = judge(InProcess(function_with(fault, loss)), loss)
    assert judged.status == "wrong"
    assert {fault.code, SAME.get(fault.code)} & {*judged.findings[0].faults}


@pytest.mark.parametrize("code", ["GB200", "GB202", "GB203", "GB206", "GB218"])
def test_the_same_faults_are_made_of_the_squared_hinge(code):
    fault = next(one for one in faults() if one.code == code)
    assert all(edits_of(fault, squared))


@pytest.mark.thorough
def test_a_gradient_of_another_power_is_told_by_its_slope():
    judged = judge(InProcess(function_of(squared, gradient_of=svm)), squared)
    assert judged.findings[0].sentence == (
        "in the gradient, of the margin u, 1{u > 0} stands where 2·max(0, u) belongs"
    )


def test_a_formula_is_printed_as_the_page_writes_it():
    assert printed(svm.formula) == "Σ_{j≠y} max(0, s_j − s_y + 1)"
    assert printed(squared.formula) == "Σ_{j≠y} max(0, s_j − s_y + 1)²"


# ----------------------------------------------------------------------------------------- softmax


def probabilities(S, shift=True):
    e = np.exp(S - S.max(axis=1, keepdims=True)) if shift else np.exp(S)
    return e / e.sum(axis=1, keepdims=True)


def softmax_of(change=lambda p, own: p - own, shift=True):
    def softmax_loss(W, X, y, reg):
        n, own = len(y), np.eye(W.shape[1])[y]
        p = probabilities(X @ W, shift)
        loss = -np.log((p * own).sum(axis=1)).mean() + reg * (W * W).sum()
        return loss, X.T @ change(p, own) / n + 2 * reg * W

    return softmax_loss


def by_log_sum_exp(W, X, y, reg):
    n, S = len(y), X @ W
    top = S.max(axis=1)
    log_sum = top + np.log(np.exp(S - top[:, None]).sum(axis=1))
    loss = (log_sum - S[np.arange(n), y]).mean() + reg * (W * W).sum()
    return loss, X.T @ (probabilities(S) - np.eye(W.shape[1])[y]) / n + 2 * reg * W


def test_softmax_by_log_sum_exp_is_right_without_any_finding():
    judged = judge(InProcess(by_log_sum_exp), softmax())
    assert (judged.status, judged.findings) == ("right", ())


def test_the_logarithm_of_a_probability_is_right_and_told_where_it_is_infinite():
    judged = judge(InProcess(softmax_of()), softmax())
    assert judged.status == "right"
    assert [finding.code for finding in judged.findings] == ["GB503"]


def test_a_bias_is_judged_too_where_there_is_something_to_tell():
    def softmax_loss(W, b, X, y):
        n, own = len(y), np.eye(W.shape[1])[y]
        p = probabilities(X @ W + b)
        return -np.log((p * own).sum(axis=1)).mean(), X.T @ (p - own) / n, 2 * (p - own).mean(0)

    found = judge(InProcess(softmax_loss), softmax()).findings
    assert [finding.code for finding in found] == ["GB252", "GB503"]
    assert found[0].sentence == "the gradient with respect to b is twice the right one"


def one_hot(W, X, y, reg):
    n, own = len(y), np.eye(W.shape[1])[y]
    p = probabilities(X @ W)
    loss = -(own * np.log(p)).sum() / n + reg * (W * W).sum()
    return loss, X.T @ (p - own) / n + 2 * reg * W


def test_0_times_its_logarithm_is_told_as_such():
    judged = judge(InProcess(one_hot), softmax())
    assert judged.status == "right"
    assert [finding.code for finding in judged.findings] == ["GB504"]


@pytest.mark.thorough
def test_a_gradient_is_judged_too_where_the_loss_is_infinite():
    def wrong_far_away(W, X, y, reg):
        loss, gradient = softmax_of()(W, X, y, reg)
        return loss, gradient * (1 + (np.abs(X @ W).max() > 900))

    judged = judge(InProcess(wrong_far_away), softmax())
    assert judged.status == "wrong"
    assert judged.findings[0].code.startswith("gradient: ")


def test_exp_that_overflows_is_wrong():
    judged = judge(InProcess(softmax_of(shift=False)), softmax())
    assert judged.status == "wrong"
    assert judged.findings[0].code == "GB501"
    assert judged.findings[0].line == "S3"


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("words", "change"),
    [
        ("the 1 of the label is not subtracted", lambda p, own: p),
        ("1 is subtracted in every row", lambda p, own: p - 1),
        ("the 1 of the label is added", lambda p, own: p + own),
        (
            "the 1 of the label is subtracted once for each class",
            lambda p, own: p - own.shape[1] * own,
        ),
        ("the probabilities are clipped to 0.01 … 0.99", lambda p, own: p.clip(0.01, 0.99) - own),
        ("the slope p_j (1 − p_j) of a sigmoid", lambda p, own: (p - own) * p * (1 - p)),
        ("the 1 of the label is not divided by n", lambda p, own: p - len(p) * own),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_slip_in_the_gradient_of_softmax_is_told_as_that_fault(words, change):
    judged = judge(InProcess(softmax_of(change)), softmax())
    assert judged.status == "wrong"
    assert words in judged.findings[0].sentence


@pytest.mark.thorough
def test_the_largest_score_in_the_numerator_alone_is_told_though_the_sum_overflows():
    def svm_loss(W, X, y, reg):
        n, own, S = len(y), np.eye(W.shape[1])[y], X @ W
        p = np.exp(S - S.max(axis=1, keepdims=True)) / np.exp(S).sum(axis=1, keepdims=True)
        loss = -np.log((p * own).sum(axis=1)).mean() + reg * (W * W).sum()
        return loss, X.T @ (p - own) / n + 2 * reg * W

    judged = judge(InProcess(svm_loss), softmax())
    assert judged.findings[0].code == "loss and gradient: GB227"
