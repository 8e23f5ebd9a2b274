"""What answers at few sizes only, what is unfinished, and where exactly something is wrong."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.subjects import InProcess


def first_finding(function):
    judgement = judge(InProcess(function), svm)
    assert judgement.status == "wrong"
    return judgement.findings[0].sentence


def plain(W, X, y, reg):
    rows = np.arange(len(y))
    scores = X @ W
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    mask = (margins > 0).astype(float)
    mask[rows, y] = -mask.sum(axis=1)
    n = len(y)
    return margins.sum() / n + reg * np.sum(W * W), X.T @ mask / n + 2 * reg * W


def along_the_wrong_axis(W, X, y, reg):
    scores = X @ W
    margins = np.maximum(0, scores - scores[np.arange(len(y)), y] + 1)
    return margins.sum() / len(y) + reg * np.sum(W * W), X.T @ (margins > 0) / len(y) + 2 * reg * W


def unfinished(W, X, y, reg):
    return plain(W, X, y, reg)[0], None


def eight_features(W, X, y, reg):
    loss, gradient = plain(W, X, y, reg)
    gradient[8:] = 2 * reg * W[8:]
    return loss, gradient


def three_margins(W, X, y, reg):
    scores = X @ W
    active = (scores - scores[np.arange(len(y)), y][:, None] + 1 > 0).sum(axis=1) - 1
    loss, gradient = plain(W, X, y, reg)
    return loss, gradient * (active.max() <= 3)


def one_label(W, X, y, reg):
    loss, gradient = plain(W, X, y, reg)
    return loss, gradient * (np.ptp(y) > 0)


def triplet_hinge(anchor, positive, negative):
    apart = ((anchor - positive) ** 2).sum() - ((anchor - negative) ** 2).sum() + 1
    return max(apart, 0), 2 * (negative - positive) * (apart > 0)


@pytest.mark.thorough
def test_what_is_like_this_loss_in_neither_its_names_nor_its_answers_is_not_judged():
    judgement = judge(InProcess(triplet_hinge), svm)
    assert (judgement.status, judgement.code) == ("not judged", "another form")
    assert "(anchor, positive, negative) are not called as W, X and y are" in judgement.reason


def minus_of_truths(W, X, y, reg):
    scores = X @ W
    mask = scores - scores[np.arange(len(y)), y][:, None] + 1 > 0
    return np.maximum(0, scores).sum(), X.T @ (mask - (mask.sum(axis=1) > 1)[:, None])


def test_what_numpy_never_does_is_wrong_whatever_it_is_given():
    minus_of_truths.__name__ = "svm_loss"
    assert first_finding(minus_of_truths).endswith("function instead, whatever it is given")


def refuses(W, X, y, reg):
    raise ValueError("nothing here")


@pytest.mark.thorough
def test_a_function_that_answers_at_n_equal_to_C_only_is_judged():
    judgement = judge(InProcess(along_the_wrong_axis), svm)
    assert judgement.status == "wrong"
    assert any("broadcast" in finding.sentence for finding in judgement.findings)


def test_a_function_that_never_answers_is_not_judged_and_says_why():
    judgement = judge(InProcess(refuses), svm)
    assert judgement.status == "not judged"
    assert judgement.reason.startswith("it raises ValueError: nothing here, called as (W, X, y, ")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("function", "words"),
    [
        (unfinished, "it returns None in place of a gradient"),
        (eight_features, "D > 8"),
        (three_margins, "more than 3 active margins"),
        (one_label, "all labels are the same"),
    ],
)
def test_the_first_finding_says_where(function, words):
    assert words in first_finding(function)
