"""The exact deck: every case is exact in any order, and every region of the loss is in it."""

from collections import Counter
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from svm_kernels import RIGHT, svm
from sympy import Rational, Sum

from gradbook.check.deck import deck
from gradbook.check.exact_case import exact_case
from gradbook.judge.convention.presentation import LAYOUTS
from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, k, s, unequal, y
from gradbook.questions.conditions import language
from gradbook.questions.exactness import is_exact
from gradbook.questions.formula import Unsuitable, forms
from gradbook.questions.question import Question
from gradbook.questions.regions import region_scores, scores_at, weights_for
from gradbook.questions.rows import rows_of_calls


def cases():
    return deck(svm, None, None)


def test_every_sign_pattern_of_the_margins_occurs_for_every_label_and_width():
    seen = set()
    for case in cases():
        if case.n == 1 and not case.presented:
            label = int(case.y[0])
            u = forms(svm, len(case.W), label).at(case.W @ case.X[0])
            seen.add((case.W.shape, label, tuple(np.sign(u).astype(int).tolist())))
    for classes in (2, 3, 4, 5):
        for D, label in product((1, 2, 3, 5), range(classes)):
            for signs in product((-1, 0, 1), repeat=classes - 1):
                assert ((classes, D), label, signs) in seen


def row(case, words):
    """Whether a call has a trait of that name, or one of its examples."""
    names = [one.words for one in language(False).traits]
    return bool(rows_of_calls([case.question]).traits[0, names.index(words)])


@pytest.mark.parametrize(
    "trait",
    [
        "a margin is exactly 0 in some example",
        "a margin is near 0 and not 0 in some example",
        "two scores are equal in some example",
        "a label repeats",
        "an example repeats",
        "the last class does not occur",
        "W = 0",
        "n > D",
        "n < D",
    ],
)
def test_the_deck_has_cases_where(trait):
    assert sum(row(case, trait) for case in cases()[::5]) >= 2


def test_the_deck_has_every_presentation_and_magnitude():
    presented = Counter(case.presented for case in cases())
    assert presented.keys() == {
        "",
        "the numbers are float32",
        *(f"the arrays are {words}" for words in LAYOUTS),
    }
    assert min(presented.values()) >= 5
    sizes = [float(np.abs(case.X[:, 1:]).max(initial=0)) for case in cases()]
    assert sum(size >= 2.0**300 for size in sizes) >= 5
    assert sum(0 < size <= 2.0**-298 for size in sizes) >= 5


def test_the_deck_has_the_special_shapes():
    shapes = {(len(case.W), case.W.shape[1], case.n) for case in cases()}
    assert {n for _, _, n in shapes} == {1, 2, 4, 8}
    assert any(n == classes for classes, _, n in shapes)
    assert any(classes == D for classes, D, _ in shapes)
    assert any(n < D for _, D, n in shapes)
    assert any(n > D for _, D, n in shapes)


def test_the_answers_are_those_of_exact_arithmetic():
    for case in cases()[::7]:
        ell, gradient = svm.exact(case.W, case.X, case.y)
        assert case.loss == ell
        assert (case.gradient == gradient).all()


@settings(deadline=None, max_examples=200)
@given(
    st.deferred(lambda: st.sampled_from(cases())),
    st.sampled_from(RIGHT),
    st.randoms(use_true_random=False),
)
def test_no_order_of_summation_rounds_anything(case, kernel, random):
    features = list(range(1, case.W.shape[1]))
    examples = list(range(case.n))
    random.shuffle(features)
    random.shuffle(examples)
    columns = [0, *features]
    W, X = case.W[:, columns], case.X[examples][:, columns]
    loss, gradient = kernel(W, X, case.y[examples])
    assert loss == case.loss
    assert (gradient == case.gradient[:, columns]).all()


@settings(deadline=None, max_examples=50)
@given(st.integers(1, 5), st.integers(2, 4), st.integers(0, 2), st.integers(0, 2**32))
def test_weights_are_found_for_any_scores(n, classes, more, seed):
    rng = np.random.default_rng(seed)
    S = rng.integers(-5, 6, (n, classes)).astype(float)
    W, X = weights_for(S, n + more, rng)
    assert W.shape == (classes, n + more)
    assert (X[:, 0] == 1).all()
    assert (X @ W.T == S).all()
    assert (np.round(W) == W).all()


def test_inexact_data_are_told_from_exact_ones():
    W, X, y = np.array([[3.0, 1.0], [0.0, 2.0]]), np.array([[1.0, 5.0]]), np.array([0])
    assert is_exact(svm, W, X, y, np.float64)
    assert is_exact(svm, W + 2.0**-40, X, y, np.float64)
    assert not is_exact(svm, W + 2.0**-40, X, y, np.float32)
    assert not is_exact(svm, W + 0.1, X * 0.1, y, np.float64)
    assert not is_exact(svm, W * 2.0**60, X, y, np.float64)
    three = np.repeat(X, 3, axis=0)
    assert not is_exact(svm, W, three, np.array([0, 0, 1]), np.float64)


def test_a_case_that_would_be_rounded_is_left_out():
    tenth = np.array([[0.1, 0.7], [0.2, 0.3]])
    assert exact_case(Question(svm, tenth, np.array([[1.0, 0.3]]), np.array([0]))) is None
    third = Loss("third", svm.formula / 3, "third")
    assert deck(third, 3, 3) == ()


def test_a_fixed_size_has_a_deck_of_its_own_size():
    cases = deck(svm, 4, 2)
    assert {case.W.shape for case in cases} == {(4, 2)}
    assert {int(label) for case in cases for label in case.y} == {0, 1, 2, 3}
    assert any(case.W.dtype == np.float32 for case in cases)


def test_regions_of_kinks_that_depend_on_one_another_are_met_by_chance():
    pairs = Loss(
        "pairs", Sum(unequal(j, k) * hinge(s[j] - s[k] + 1), (j, 0, C - 1), (k, 0, C - 1)), "p"
    )
    rng = np.random.default_rng(0)
    scores = region_scores(pairs, 3, 0, rng)
    signs = {tuple(row) for row in np.sign(forms(pairs, 3, 0).at(scores)).tolist()}
    assert len(signs) == len(scores) > 15
    assert scores_at(pairs, 3, 0, np.ones((1, 6)), rng) is None


def test_scores_are_found_for_given_values_of_the_kinks():
    hidden = Loss(
        "hidden", hinge(1 - s[y]) + Sum(unequal(j, y) * hinge(1 + s[j]), (j, 0, C - 1)), "h"
    )
    rng = np.random.default_rng(0)
    values = rng.integers(-3, 4, (20, 4)).astype(float)
    scores = scores_at(hidden, 4, 2, values, rng)
    assert (forms(hidden, 4, 2).at(scores) == values).all()


def test_a_loss_without_kinks_has_one_region_of_several_places():
    linear = Loss("linear", Sum(s[j], (j, 0, C - 1)) - C * s[y], "linear")
    scores = region_scores(linear, 3, 0, np.random.default_rng(0))
    assert scores.shape == (8, 3)


def test_a_kink_inside_a_kink_is_refused_in_one_sentence():
    nested = Loss("nested", hinge(s[0] - s[y] + hinge(s[1]) * Rational(1, 2)), "nested")
    with pytest.raises(Unsuitable, match="a kink of the loss must be an affine form of the scores"):
        deck(nested, 3, 3)
