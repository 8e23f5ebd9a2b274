"""Counterexamples: few entries that are not 0, small numbers, and nothing that is not checked."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Add, Integer, Matrix, Rational, Symbol
from wrong_gradients import WRONG, claim, right

from derivation.multiclass_svm import L, margin, notes
from gradbook import Case, Claim, gradient
from gradbook.notation import hinge, step
from gradbook.prove.by_regions import prove_by_regions
from gradbook.prove.solver_counterexample import simplest_counterexample


def numbers(found):
    """All entries of W, x̃ (without the leading 1) and s′."""
    features = [v for x in found.x for v in x[1:]]
    return [v for row in found.W for v in row] + features + list(found.s_prime or ())


def not_0(found):
    return [v for v in numbers(found) if v != 0]


def test_where_everything_0_will_do_everything_is_0():
    case = Case(4, 3, 2)
    assert not_0(simplest_counterexample(claim(case, WRONG["the sign"].claims(case)), case)) == []


def test_at_a_kink_one_entry_is_enough():
    case = Case(3, 2, 1)
    found = simplest_counterexample(claim(case, WRONG["≥ at the kink"].claims(case)), case)
    assert not_0(found) == [1]
    assert found.W == ((0, 0, 0), (1, 0, 0), (0, 0, 0))
    assert (found.left, found.right) == ("0", "1")


def test_a_score_between_two_kinks_is_a_half():
    case = Case(2, 0, 0)
    between = (case.s[0] > 0, case.s[0] < 1)
    found = simplest_counterexample(Claim(case.s[0], 0, given=between), case)
    assert not_0(found) == [Fraction(1, 2)]


def test_one_fraction_comes_before_two_whole_numbers():
    case = Case(2, 0, 0)
    one, two = case.s
    between = step(one) * step(1 - one)
    at_1_and_1 = step(one) * step(1 - one, 1) * step(two) * step(1 - two, 1)
    found = simplest_counterexample(Claim(between + at_1_and_1, 0), case)
    assert not_0(found) == [Fraction(1, 2)]


def test_whole_numbers_come_before_small_ones():
    case = Case(2, 0, 0)
    between = (2 * case.s[0] > 5, 2 * case.s[0] < 7)
    found = simplest_counterexample(Claim(case.s[0], 0, given=between), case)
    assert found.W == ((3,), (0,))


def test_numbers_beyond_the_bounds_are_still_found():
    case = Case(2, 0, 0)
    found = simplest_counterexample(Claim(hinge(case.s[0] - 1000), 0), case)
    assert found.W[0][0] > 1000


def test_plus_comes_before_minus():
    case = Case(2, 0, 0)
    found = simplest_counterexample(Claim(case.s[0] ** 2, 0), case)
    assert not_0(found) == [1]


def test_a_feature_is_used_only_where_it_is_needed():
    case = Case(2, 2, 0)
    squared = Claim(case.x[1] ** 2, case.x[1])
    found = simplest_counterexample(squared, case)
    assert (found.x, not_0(found)) == (((1, -1, 0),), [-1])


def test_a_feature_that_is_no_small_number_is_left_to_the_solver():
    case = Case(2, 1, 0)
    x = case.x[1]
    found = simplest_counterexample(Claim(x, 0, given=(3 * x > 1, 2 * x < 1)), case)
    assert Rational(1, 3) < found.x[0][1] < Rational(1, 2)
    assert found.x[0][1].denominator <= 8


def test_examples_that_share_weights_are_told_apart():
    case = Case(2, 1, 0)
    one, two = batch = case.batches()[1]
    found = simplest_counterexample(Claim(one.s[0], two.s[0], batch=batch), case)
    scores = [found.W[0][0] + found.W[0][1] * x[1] for x in found.x]
    assert scores[0] != scores[1]
    assert len(not_0(found)) == 2
    no_features = Case(2, 0, 0).batches()[1]
    same = Claim(no_features[0].s[0], no_features[1].s[0], batch=no_features)
    assert simplest_counterexample(same, Case(2, 0, 0)) is None


def test_a_second_point_is_part_of_it():
    case = Case(2, 0, 0)
    at_s_prime = L(case).xreplace(dict(zip(case.s, case.s_prime, strict=True)))
    found = simplest_counterexample(Claim(at_s_prime, L(case), relation="≥"), case)
    s, s_prime = [w for (w,) in found.W], found.s_prime
    assert max(0, s_prime[1] - s_prime[0] + 1) < max(0, s[1] - s[0] + 1)
    assert not_0(found) == [1]


@pytest.mark.parametrize("id", ["N8", "N12", "N14"])
def test_a_true_claim_has_none(id):
    case = Case(2, 1, 0)
    for each in notes[id].claims(case):
        assert simplest_counterexample(each, case) is None


def test_sides_of_different_shapes_need_no_search():
    case = Case(2, 1, 0)
    layout = gradient(L(case), case.W)
    found = simplest_counterexample(Claim(layout[0, :], layout), case)
    assert (found.left, found.right, not_0(found)) == ("1 × 2", "2 × 2", [])


def test_sums_that_are_not_worked_out_are_compared_by_value():
    case = Case(2, 0, 0)
    nothing = Add(1, -1, evaluate=False)
    found = simplest_counterexample(Claim(Matrix([nothing, 1]), Matrix([0, nothing])), case)
    assert (found.entry, found.left, found.right) == ((1, 0), "1", "0")


def test_without_a_budget_none_is_found():
    case = Case(2, 1, 0)
    assert simplest_counterexample(Claim(case.s[0], 1), case, budget=0) is None


def test_letters_that_are_none_of_the_page_are_not_shown():
    case = Case(2, 1, 0)
    assert simplest_counterexample(Claim(Symbol("t", real=True), 1), case) is None


@settings(max_examples=20, deadline=None)
@given(
    C=st.integers(2, 3),
    m=st.integers(0, 2),
    y=st.integers(0, 1),
    shift=st.sampled_from([Integer(0), Rational(1, 3), Integer(-2)]),
    at_kink=st.sampled_from([0, 1]),
)
def test_it_is_never_longer_than_the_one_of_the_regions(C, m, y, shift, at_kink):
    case = Case(C, m, y)
    j = case.other_classes[0]
    page = step(margin(case, j) + shift, at_kink)
    about = Claim(gradient(L(case), case.s[j]), page)
    other = prove_by_regions(about, case).counterexample
    found = simplest_counterexample(about, case)
    assert (found is None) == (other is None)
    if found is not None:
        assert len(not_0(found)) <= len(not_0(other))
        s = [sum(w * v for w, v in zip(row, found.x[0], strict=True)) for row in found.W]
        u = s[j] - s[y] + 1 + Fraction(int(shift.p), int(shift.q))
        assert Fraction(found.left) == right(s, y)[j]
        assert Fraction(found.right) == (u > 0 or (u == 0 and at_kink))
