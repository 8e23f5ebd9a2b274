"""The judge knows the loss by its formula alone: right and wrong functions of other losses."""

import numpy as np
import pytest
from sympy import Sum, erf, exp, log

from derivation.multiclass_svm import svm
from gradbook import Loss
from gradbook.judge import judge
from gradbook.judge.convention.other_losses import another_loss
from gradbook.judge.convention.signature import Order
from gradbook.notation import C, equal, hinge, j, s, unequal, y
from gradbook.subjects import InProcess

squared = Loss("squared", Sum(unequal(j, y) * hinge(s[j] - s[y] + 1) ** 2, (j, 0, C - 1)), "square")
against_all = Loss(
    "one against all",
    Sum(unequal(j, y) * hinge(1 + s[j]) + equal(j, y) * hinge(1 - s[j]), (j, 0, C - 1)),
    "one_against_all",
)
softmax = Loss("softmax", log(Sum(exp(s[j]), (j, 0, C - 1))) - s[y], "softmax")


def of_squares(W, X, y, reg, factor=2):
    r = np.arange(len(y))
    margins = np.maximum(0, X @ W - (X @ W)[r, y, None] + 1)
    margins[r, y] = 0
    M = factor * margins
    M[r, y] = -M.sum(axis=1)
    loss = (margins**2).sum() / len(y) + reg * np.sum(W * W)
    return loss, X.T @ M / len(y) + 2 * reg * W


def of_one_against_all(W, X, y, reg):
    sign = np.where(np.arange(W.shape[1]) == y[:, None], -1.0, 1.0)
    margins = 1 + sign * (X @ W)
    loss = np.maximum(margins, 0).sum() / len(y) + reg * np.sum(W * W)
    return loss, X.T @ (sign * (margins > 0)) / len(y) + 2 * reg * W


@pytest.mark.quick("of_squares")
@pytest.mark.parametrize(
    ("loss", "function"), [(squared, of_squares), (against_all, of_one_against_all)]
)
def test_a_right_function_of_another_loss_passes(loss, function):
    judged = judge(InProcess(function), loss)
    assert judged.status == "right", judged.findings


@pytest.mark.thorough
def test_a_wrong_function_of_another_loss_is_found_and_named():
    def halved(W, X, y, reg):
        return of_squares(W, X, y, reg, factor=1)

    judged = judge(InProcess(halved), squared)
    assert judged.findings[0].sentence == "the gradient is half the right one"


def test_a_curved_function_is_no_other_loss_where_the_loss_is_curved():
    def svm_loss(W, X, y, reg):
        loss, gradient = of_squares(1.5 * W, X, y, 0.0)
        return loss + reg * np.sum(W * W), 1.5 * gradient + 2 * reg * W

    orders = [Order(("W", "X", "y", "reg"))]
    assert another_loss(InProcess(svm_loss), orders, squared, named=True) is None
    assert "curved" in another_loss(InProcess(svm_loss), orders, svm, named=True).sentence


@pytest.mark.thorough
def test_the_right_function_of_one_loss_is_not_right_for_another():
    judged = judge(InProcess(of_one_against_all), squared)
    assert judged.status == "not judged"
    assert "the hinge of one class against all" in judged.reason
    judged = judge(InProcess(of_squares), against_all)
    assert judged.status == "not judged"
    assert "the squared hinge" in judged.reason


@pytest.mark.thorough
def test_a_wrong_function_of_a_loss_that_is_known_is_no_function_of_another():
    def not_divided(W, X, y, reg):
        loss, gradient = of_one_against_all(W, X, y, 0.0)
        return loss + reg * np.sum(W * W), len(y) * gradient + 2 * reg * W

    judged = judge(InProcess(not_divided), against_all)
    assert judged.findings[0].sentence == "the gradient is not divided by n"


def test_a_function_of_a_loss_that_cannot_be_worked_out_is_not_judged():
    judged = judge(InProcess(of_squares), Loss("error function", erf(s[y]), "erf"))
    assert judged.status == "not judged"
    assert "it contains erf" in judged.reason
