"""The loss is read from the page that states it."""

import numpy as np
import pytest
from helpers_of_pages import edited, text_of
from python_page import svm

from gradbook import emit
from gradbook.any_size.loss_of_page import loss_of
from gradbook.any_size.page_letters import NotInEntries
from gradbook.page import read_text


def test_the_loss_of_the_svm_page_is_the_formula_written_by_hand() -> None:
    assert loss_of(read_text(text_of("multiclass_svm"), "multiclass_svm.md")) == svm


def test_another_formula_is_another_loss() -> None:
    page = read_text(edited(text_of("multiclass_svm"), ("+ 1)", "+ 2)")))
    assert loss_of(page).formula != svm.formula


def test_the_loss_of_the_softmax_page_becomes_code() -> None:
    kernel = emit(loss_of(read_text(text_of("softmax"))), "numpy")
    W, X, y = np.array([[1.0, 2.0], [0.5, -1.0], [0.0, 3.0]]), np.array([[1.0, 2.0]]), [1]
    loss, gradient = kernel(W, X, y)
    scores = W @ X[0]
    p = np.exp(scores) / np.exp(scores).sum()
    assert loss == pytest.approx(-np.log(p[1]))
    assert gradient == pytest.approx(np.outer(p - np.eye(3)[1], X[0]))


def test_a_page_without_a_loss_has_none() -> None:
    with pytest.raises(NotInEntries, match="no letter of the page is defined as the scores"):
        loss_of(read_text(text_of("ridge")))
    only_scores = text_of("softmax").partition("$$\np_k")[0]
    with pytest.raises(NotInEntries, match="0 letters of the page are the loss"):
        loss_of(read_text(only_scores))
