"""Exact solutions of linear equations and strict inequalities."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Matrix

from gradbook.linear import MOST, Exhausted, between, independent, reduced, solution

SIZE = 3
numbers = st.integers(-2, 2).map(Fraction)
rows = st.lists(st.lists(numbers, min_size=SIZE + 1, max_size=SIZE + 1), max_size=4)
points = st.lists(st.fractions(-2, 2, max_denominator=3), min_size=SIZE, max_size=SIZE)


def excess(row, point):
    """Left side less right side."""
    return sum(a * t for a, t in zip(row[:-1], point, strict=True)) - row[-1]


@given(rows)
def test_reduced_rows_are_the_echelon_form(some):
    echelon, pivots = Matrix([[*map(int, row)] for row in some] or [[0] * (SIZE + 1)]).rref()
    found = reduced(some)
    assert sorted(found) == list(pivots)
    for i, pivot in enumerate(pivots):
        assert found[pivot] == [Fraction(int(v.p), int(v.q)) for v in echelon.row(i)]


def test_rows_are_independent_unless_one_is_a_combination():
    one, two = [Fraction(1), Fraction(2)], [Fraction(3), Fraction(4)]
    assert independent([one, two])
    assert independent([])
    assert not independent([one, [Fraction(2), Fraction(4)]])


@given(rows, rows)
def test_a_solution_satisfies_every_equation_and_inequality(equations, inequalities):
    found = solution(equations, inequalities, SIZE)
    if found is not None:
        assert all(excess(row, found) == 0 for row in equations)
        assert all(excess(row, found) > 0 for row in inequalities)


@given(rows, rows, points)
def test_a_system_that_has_a_solution_is_solved(equations, inequalities, point):
    equations = [[*row[:-1], row[-1] + excess(row, point)] for row in equations]
    inequalities = [[*row[:-1], row[-1] + excess(row, point) - 1] for row in inequalities]
    assert solution(equations, inequalities, SIZE) is not None


@given(rows.filter(bool), st.lists(st.integers(1, 3), min_size=4, max_size=4))
def test_a_system_that_contradicts_itself_has_no_solution(inequalities, multipliers):
    # If each row holds, so does their sum; the row added says the opposite.
    total = [
        sum((k * v for k, v in zip(multipliers, column, strict=False)), Fraction(0))
        for column in zip(*inequalities, strict=True)
    ]
    assert solution([], [*inequalities, [-value for value in total]], SIZE) is None


def test_equations_that_contradict_each_other_have_no_solution():
    one = [Fraction(1), Fraction(0)]
    assert solution([one, [Fraction(1), Fraction(1)]], [], 1) is None
    assert solution([one], [], 1) == [0]


bounds = st.none() | st.fractions(-3, 3, max_denominator=5)


@given(bounds, bounds)
def test_a_number_between_two_bounds_is_strictly_between(low, high):
    if low is None or high is None or low < high:
        found = between(low, high)
        assert low is None or low < found
        assert high is None or found < high


def test_a_number_between_is_the_simplest():
    assert between(None, None) == 0
    assert between(Fraction(-1), Fraction(1)) == 0
    assert between(Fraction(3, 2), None) == 2
    assert between(None, Fraction(0)) == -1
    assert between(Fraction(1), Fraction(2)) == Fraction(3, 2)


def test_inequalities_are_combined_within_a_budget():
    lows = [[Fraction(i), Fraction(1), Fraction(0)] for i in range(1, 102)]
    highs = [[Fraction(i), Fraction(-1), Fraction(0)] for i in range(1, 102)]
    assert len(lows) * len(highs) > MOST
    with pytest.raises(Exhausted, match="within a budget of 10,000 inequalities"):
        solution([], lows + highs, 2)
    assert solution([], lows[:99] + highs, 2) is not None
