"""Matrices with letters for sizes: shapes, entries, and the operations."""

import pytest
from sympy import Integer, Lambda, Sum

from derivation.multiclass_svm import svm
from gradbook.any_size.decide import is_zero
from gradbook.any_size.letters import C, S, W, X, a, b, c, i, j, k, label, m, n
from gradbook.any_size.matrices import (
    DATA,
    LABELS,
    OTHERS,
    SCORES,
    WEIGHTS,
    Applied,
    Letter,
    Matrix,
    Mismatch,
    Ones,
    Scaled,
    Unit,
    entrywise,
    plus,
    scaled,
    times,
    transposed,
)
from gradbook.any_size.matrix import Pair, derive_matrix, differentiated, losses, u, varies
from gradbook.any_size.sums import over_classes
from gradbook.loss import Loss
from gradbook.notation import equal, hinge, s, unequal, y


def test_the_entries_of_a_product_are_a_sum_over_what_is_between():
    product = times(DATA, transposed(WEIGHTS))
    assert product.shape == (n, C)
    assert product.entry(i, j) == Sum(W[j, c] * X[i, c], (c, 0, m))
    chosen = times(SCORES, Unit(Integer(1))).entry(i, Integer(0))
    assert chosen == Sum(equal(j, 1) * S[i, j], (j, 0, C - 1))
    assert times(Ones(n), Ones(Integer(1), C)).entry(i, j) == 1


def test_an_inner_index_is_none_of_the_outer_ones():
    gram = times(transposed(SCORES), SCORES)
    assert is_zero(gram.entry(j, k) - Sum(S[i, j] * S[i, k], (i, 0, n - 1)))
    twice = times(gram, gram).entry(j, k)
    expected = over_classes(a, gram.entry(j, a) * gram.entry(a, k))
    assert is_zero(twice - expected)


def test_entries_of_sums_entrywise_products_and_functions():
    U = plus(SCORES, scaled(-1, times(entrywise(SCORES, LABELS), Ones(C, C))), Ones(n, C))
    assert is_zero(U.entry(i, j) - (S[i, j] - S[i, label[i]] + 1))
    positive = Applied(Lambda(u, hinge(u)), U)
    assert is_zero(
        entrywise(OTHERS, positive).entry(i, j) - unequal(j, label[i]) * hinge(U.entry(i, j))
    )
    assert transposed(U).entry(j, i) == U.entry(i, j)
    assert Letter("U", n, C, U).entry(i, j) == U.entry(i, j)


def test_what_changes_nothing_is_left_out():
    assert entrywise(SCORES, Ones(n, C)) == SCORES
    assert plus(SCORES, scaled(-1, SCORES)) == Scaled(Integer(0), Ones(n, C))
    assert plus(SCORES, SCORES) == scaled(2, SCORES)
    assert transposed(transposed(SCORES)) == SCORES
    assert scaled(2, scaled(3, SCORES)) == scaled(6, SCORES)
    assert times(times(LABELS, Ones(C)), Ones(Integer(1), C)) == times(LABELS, Ones(C, C))
    assert transposed(times(SCORES, WEIGHTS)) == times(transposed(WEIGHTS), transposed(SCORES))


def test_shapes_that_do_not_fit_are_refused():
    with pytest.raises(Mismatch, match="no product of n × C and n × m \\+ 1 matrices"):
        times(SCORES, DATA)
    with pytest.raises(Mismatch, match="no entry by entry operation on n × C and C × m \\+ 1"):
        plus(SCORES, WEIGHTS)
    with pytest.raises(Mismatch):
        entrywise(SCORES, DATA)


def test_a_kind_of_matrix_has_to_say_its_shape_and_its_entries():
    with pytest.raises(NotImplementedError):
        Matrix().entry(i, j)
    with pytest.raises(NotImplementedError):
        _ = Matrix().shape


@pytest.mark.parametrize(
    ("formula", "entry"),
    [
        (svm.formula, over_classes(j, hinge(S[i, j] - S[i, label[i]] + 1), besides=label[i])),
        (s[y] ** 2, S[i, label[i]] ** 2),
        (s[0] + C, S[i, 0] + C),
        (equal(y, 1) * s[1], equal(label[i], 1) * S[i, 1]),
        (unequal(y, 1) * s[1], unequal(label[i], 1) * S[i, 1]),
        (Sum(unequal(j, 0) * s[j], (j, 0, C - 1)), over_classes(j, S[i, j], besides=Integer(0))),
        (Sum(s[j] * s[y], (j, 0, C - 1)), over_classes(j, S[i, j] * S[i, label[i]])),
    ],
)
def test_the_losses_of_all_examples_are_a_column_of_matrices(formula, entry):
    column = losses(formula)
    assert column.shape == (n, 1)
    assert is_zero(column.entry(i, Integer(0)) - entry)


def test_the_differential_of_a_constant_is_nothing():
    assert not varies(entrywise(LABELS, OTHERS))
    assert differentiated((Pair(Ones(n, C), LABELS),))[-1].after == ()
    assert varies(times(entrywise(SCORES, LABELS), Ones(C)))


def test_the_gradient_has_the_shape_of_the_weights():
    route = derive_matrix(svm)
    assert route.gradient.shape == WEIGHTS.shape == (C, m + 1)
    assert route.M.shape == (n, C)
    assert [letter.name for letter in route.names] == ["U"]
    assert route.steps[-1].after[0].B == SCORES


def test_a_sum_of_traces_does_not_vanish():
    """SymPy's own derivative of tr(A W) + tr(Wᵀ W) by W is the zero matrix."""
    both = Loss("both", Sum(s[j], (j, 0, C - 1)) + Sum(s[j] ** 2, (j, 0, C - 1)), "both")
    expected = Sum((1 + 2 * S[i, a]) * X[i, b], (i, 0, n - 1)) / n
    assert is_zero(derive_matrix(both).entry - expected)
