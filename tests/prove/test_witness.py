"""Counterexamples: small, rational, and where the conditions hold."""

from fractions import Fraction

from exact_values import shows_it
from sympy import Integer, Symbol

from gradbook.case import Case
from gradbook.derivation import Claim, gradient
from gradbook.notation import hinge
from gradbook.prove.by_regions import prove_by_regions
from gradbook.prove.witness import can_hold, counterexample, counterexample_of_shape, search

CASE = Case(3, 2, 1)
W, x, s = CASE.W, CASE.x, CASE.s
u = s[0] - s[1] + 1
PAIR = CASE.batches()[1]


def test_a_counterexample_is_as_simple_as_can_be():
    found = prove_by_regions(Claim(gradient(hinge(u), W[0, 2]), 0), CASE).counterexample
    assert found.W == ((0, 0, 0), (0, 0, 0), (0, 0, 0))
    assert found.x == ((1, 0, 1),)
    assert found.y == (1,)
    assert (found.left, found.right, found.entry) == ("1", "0", (0, 0))
    assert str(found) == (
        "W = [[0, 0, 0], [0, 0, 0], [0, 0, 0]], x̃ = [1, 0, 1], y = 1: 1 ≠ 0 at entry (0, 0)"
    )


def test_sides_of_different_shapes_differ_for_any_data():
    found = counterexample_of_shape(Claim(W, W.T * x), (CASE,))
    assert found.entry is None
    assert (found.left, found.right) == ("3 × 3", "3 × 1")
    assert set(sum(found.W, ())) == {0}


def test_of_the_points_offered_one_that_shows_it_is_taken():
    claim = Claim(s[0] * s[1], 0)
    points = [dict.fromkeys(s, Integer(0)), dict.fromkeys(s, Integer(2))]
    found = counterexample(claim, (0, 0), (claim.left[0], Integer(0)), points, (CASE,), CASE)
    assert (found.left, found.right) == ("4", "0")
    assert shows_it(found, claim, CASE)
    assert counterexample(claim, (0, 0), (s[0], s[0]), points, (CASE,), CASE) is None


def test_points_at_which_a_condition_fails_are_passed_over():
    claim = Claim(s[0], 0, (s[0] > 5, s[1] < 0))
    outside = dict.fromkeys(s, Integer(2))
    inside = {s[0]: Integer(6), s[1]: Integer(-1), s[2]: Integer(0)}
    sides = (s[0], Integer(0))
    assert counterexample(claim, (0, 0), sides, [outside], (CASE,), CASE) is None
    found = counterexample(claim, (0, 0), sides, [outside, inside], (CASE,), CASE)
    assert shows_it(found, claim, CASE)


def test_a_difference_that_is_not_a_number_is_no_counterexample():
    q = Symbol("q", real=True)
    assert search(Claim(q, 0), (0, 0), (q, Integer(0)), (CASE,)) is None


def test_a_search_over_several_examples_gives_the_same_point_each_time():
    claim = Claim(PAIR[0].s[0], PAIR[1].s[0], batch=PAIR)
    sides = (claim.left[0], claim.right[0])
    first, second = (search(claim, (0, 0), sides, PAIR) for _ in range(2))
    assert first == second
    assert shows_it(first, claim, CASE)
    assert len(first.x) == len(first.y) == 2


def test_conditions_can_hold_or_not():
    assert can_hold(Claim(0, 0, (W[0, 1] > 0, x[1] < 0)), (CASE,))
    assert not can_hold(Claim(0, 0, (W[0, 1] > 0, W[0, 1] < 0)), (CASE,))


def test_fractions_stay_fractions():
    between = (u > 0, u * 2 < 1)
    found = prove_by_regions(Claim(u, 0, between), CASE).counterexample
    assert any(value.denominator > 1 for row in found.W for value in row)
    assert all(isinstance(value, Fraction) for row in found.W for value in row)
    assert shows_it(found, Claim(u, 0, between), CASE)
