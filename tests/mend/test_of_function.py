"""A function of this process is mended by its source."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook import check
from gradbook.judge import Convention, Forced
from gradbook.mend.of_function import search_by_source
from gradbook.mend.search import Tried

DELTA = 1.0
KEPT = np.ones(3)


def hinges(S, y):
    n = np.arange(len(y))
    margins = np.maximum(0, S - S[n, y][:, None] - DELTA)
    margins[n, y] = 0
    return margins


def svm_loss(W, X, y):
    margins = hinges(X @ W, y)
    I = (margins > 0).astype(float)
    I[range(len(y)), y] = -I.sum(axis=1)
    return margins.sum() / len(y), X.T @ I / len(y)


def needs_an_array(W, X, y):
    return svm_loss(W * KEPT[0], X, y)


def test_the_line_is_counted_in_the_function_that_it_is_of():
    found = check(svm_loss, svm)
    assert found.mend.place == "line 3 of hinges"
    assert found.mend.after[0].strip().endswith("S[n, y][:, None] + DELTA)")
    assert "with one change it is right (line 3 of hinges)" in str(found)


@pytest.mark.thorough
def test_it_can_be_left_out():
    assert check(svm_loss, svm, forced=Forced(without=("mend",))).mend is None


def test_what_cannot_be_written_down_is_left_alone():
    convention = Convention(order=("W", "X", "y"))
    made = {}
    exec("def without_source(W, X, y): return 1.0", made)
    factor = 2.0

    def with_a_closure(W, X, y):
        return factor

    for function in (needs_an_array, made["without_source"], with_a_closure, np.sum):
        assert search_by_source(function, svm, convention) == Tried()
