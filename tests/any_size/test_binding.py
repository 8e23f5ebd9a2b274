"""Letters are replaced where they are free, and captured nowhere."""

from any_size_losses import small_instances
from hypothesis import given
from hypothesis import strategies as st
from sympy import Piecewise, Sum, Symbol
from test_canonical import formulas, some_indices

from gradbook.any_size.binding import (
    free,
    free_indices,
    of_example,
    substitute,
    with_usual_indices,
    written_out,
)
from gradbook.any_size.compute import value
from gradbook.any_size.letters import C, S, W, X, a, b, c, i, j, k, label, m, s, x, y
from gradbook.any_size.numbers import same
from gradbook.any_size.sums import over_features
from gradbook.notation import equal


def test_a_bound_letter_is_renamed_rather_than_captured():
    l = Symbol("l", integer=True, nonnegative=True)
    total = Sum(s[j] * s[k], (j, 0, C - 1))
    assert substitute(total, {k: j}) == Sum(s[l] * s[j], (l, 0, C - 1))
    assert substitute(total, {j: a}) == total
    assert substitute(Sum(s[j], (j, 0, k)), {k: j}) == Sum(s[l], (l, 0, j))
    both = Sum(s[j] * s[k] * s[y], (j, 0, C - 1), (k, 0, C - 1))
    assert free(substitute(both, {y: j})) == {j, s[j], C}


def test_free_letters_are_those_no_sum_binds():
    expr = Sum(equal(j, label[i]) * S[i, j], (j, 0, C - 1))
    assert free(expr) == {i, label[i], C}
    assert free(Sum(expr, (i, 0, a))) == {a, C}
    assert free_indices(s[j] + x[b], Piecewise((1, equal(a, y) > 0), (0, True))) == {j, b, a, y}


def test_an_example_s_formula_has_its_scores_its_row_and_its_label():
    assert of_example(equal(a, y) * s[y] * x[b], i) == equal(a, label[i]) * S[i, label[i]] * X[i, b]
    own = Symbol("i", integer=True, nonnegative=True)
    of_i = of_example(Sum(s[own], (own, 0, C - 1)), i)
    assert free(of_i) == {i, C}
    assert with_usual_indices(of_i) == Sum(S[i, j], (j, 0, C - 1))


def test_scores_are_written_out_once():
    assert written_out(s[j]) == over_features(c, W[j, c] * x[c])
    assert written_out(S[i, a]) == over_features(c, W[a, c] * X[i, c])
    assert written_out(W[j, b] * m) == W[j, b] * m


@given(formulas, st.data())
def test_a_letter_put_for_another_has_its_value(formula, data):
    at = some_indices(data, formula + s[a] + s[j])
    indices = dict(at.indices)
    put = substitute(formula, {a: j})
    assert same(value(put, at), value(formula, at.at({**indices, a: indices[j]})))


@given(formulas, small_instances(), st.data())
def test_usual_letters_for_bound_indices_change_no_value(formula, instance, data):
    at = some_indices(data, formula)
    unusual = (
        formula.xreplace({k: Symbol("q", integer=True)}) if k not in free(formula) else formula
    )
    assert same(value(with_usual_indices(unusual), at), value(formula, at))
