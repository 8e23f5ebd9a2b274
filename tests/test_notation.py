"""The letters of the page, and the functions with a declared kink."""

import doctest
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import (
    Eq,
    Heaviside,
    ImmutableMatrix,
    Integer,
    Max,
    Ne,
    Rational,
    Symbol,
    ccode,
    lambdify,
    latex,
    nan,
    pretty,
)

from gradbook import notation
from gradbook.notation import as_written, equal, hinge, indicator, partial, step, total, unequal

u = Symbol("u", real=True)
v = Symbol("v", real=True)
KINKS = (Integer(0), Integer(1), Rational(1, 2))
rationals = st.fractions(-3, 3, max_denominator=4)


def rational(value):
    return Rational(value.numerator, value.denominator)


@pytest.mark.parametrize("at_kink", KINKS)
def test_the_slope_of_a_hinge_is_a_step_with_the_value_declared_at_the_kink(at_kink):
    slope = hinge(u, at_kink).diff(u)
    assert slope == step(u, at_kink)
    assert [slope.subs(u, value) for value in (-1, 0, 1)] == [0, at_kink, 1]


def test_a_hinge_does_not_inherit_the_half_that_sympy_chooses_at_the_kink():
    chosen_by_sympy = Max(0, u).diff(u)
    assert chosen_by_sympy == Heaviside(u)
    assert chosen_by_sympy.subs(u, 0) == Rational(1, 2)
    assert hinge(u).diff(u).subs(u, 0) == 0
    assert hinge(u, at_kink=Rational(1, 2)).diff(u).subs(u, 0) == chosen_by_sympy.subs(u, 0)


@pytest.mark.parametrize("at_kink", KINKS)
def test_a_hinge_is_the_same_function_whatever_its_slope_at_the_kink(at_kink):
    assert [hinge(u, at_kink).subs(u, value) for value in (-2, 0, 3)] == [0, 0, 3]


@given(rationals, st.sampled_from(KINKS))
def test_hinge_and_step_of_a_rational_are_what_their_definitions_say(value, at_kink):
    number = rational(value)
    assert hinge(number, at_kink) == max(number, 0)
    assert step(number, at_kink) == (1 if value > 0 else 0 if value < 0 else at_kink)


@given(rationals, st.sampled_from(KINKS), st.sampled_from(KINKS))
def test_the_chain_rule_goes_through_hinges_and_steps(value, at_kink, other):
    formula = hinge(2 * u - 1, at_kink) * step(u, other) + u**2
    found = formula.diff(u).subs(u, rational(value))
    slope = 2 * (1 if value > Fraction(1, 2) else 0 if value < Fraction(1, 2) else at_kink)
    of_step = 1 if value > 0 else 0 if value < 0 else other
    assert found == slope * of_step + 2 * rational(value)


def test_the_slope_of_a_step_and_of_a_class_comparison_is_0():
    j, k = notation.j, notation.k
    assert step(u).diff(u) == 0
    assert equal(j, k).diff(j) == 0
    assert unequal(j, k).diff(k) == 0


def test_nan_stays_nan():
    assert hinge(nan) is nan
    assert step(nan) is nan


@pytest.mark.parametrize(
    ("condition", "values"),
    [
        (u > v, (0, 0, 1)),
        (u >= v, (0, 1, 1)),
        (u < v, (1, 0, 0)),
        (u <= v, (1, 1, 0)),
    ],
)
def test_an_indicator_is_1_exactly_where_its_comparison_holds(condition, values):
    found = indicator(condition)
    assert tuple(found.subs({u: a, v: 2}) for a in (1, 2, 3)) == values


def test_an_indicator_of_a_decided_comparison_is_a_number():
    assert indicator(Integer(2) > 1) == 1
    assert indicator(False) == 0


@pytest.mark.parametrize("condition", [Eq(u, v), Ne(u, v), u, "u > 0", (u > 0) & (v > 0)])
def test_an_indicator_of_anything_else_is_refused(condition):
    with pytest.raises(TypeError, match="indicator takes a comparison with >, ≥, < or ≤, not"):
        indicator(condition)


def test_class_comparisons_are_numbers_as_soon_as_both_classes_are_known():
    j, y = notation.j, notation.y
    assert (equal(1, 1), equal(1, 2)) == (1, 0)
    assert (unequal(1, 1), unequal(1, 2)) == (0, 1)
    assert equal(j, j + 1) == 0
    assert equal(j, y).subs({j: 2, y: 2}) == 1
    assert unequal(j, y).subs({j: 2, y: 2}) == 0
    assert equal(j, y).has(equal)


def test_formulas_are_written_as_on_the_page():
    a, b = (Symbol(f"s_{i}", real=True) for i in (0, 1))
    assert str(hinge(a - b + 1)) == "max(0, s_0 - s_1 + 1)"
    assert str(hinge(b - a + 1)) == "max(0, s_1 - s_0 + 1)"
    assert str(step(a - b + 1)) == "1{s_0 - s_1 + 1 > 0}"
    assert str(step(a, 1)) == "1{s_0 ≥ 0}"
    assert str(step(a, Rational(1, 2))) == "step(s_0, 1/2)"
    assert str(unequal(notation.j, notation.y)) == "1{j ≠ y}"
    assert str(partial(a, b)) == "∂(s_0)/∂s_1"
    assert latex(step(a - b, 1)) == r"\mathbb{1}\{s_{0} - s_{1} \ge 0\}"
    assert latex(hinge(a) ** 2) == r"\left(\max(0, s_{0})\right)^{2}"
    assert latex(equal(notation.j, notation.y)) == r"\mathbb{1}\{j = y\}"
    assert latex(unequal(notation.j, notation.y)) == r"\mathbb{1}\{j \ne y\}"
    assert pretty(hinge(a - b)) == "max(0, s₀ - s₁)"
    assert pretty(partial(a, b)) == "∂/∂s₁ (s₀)"


def test_a_sum_is_ordered_as_a_person_orders_it():
    assert as_written(-u + v + 1).args == (v, -u, Integer(1))
    assert as_written(u) is u


@pytest.mark.parametrize("at_kink", KINKS)
def test_printed_code_has_the_declared_value_at_the_kink(at_kink):
    formula = (hinge(u, at_kink), step(u, at_kink))
    at = np.array([-1.0, 0.0, 2.0])
    values, slopes = lambdify(u, formula, modules="numpy")(at)
    assert values.tolist() == [0, 0, 2]
    assert np.asarray(slopes, dtype=float).tolist() == [0, float(at_kink), 1]


def test_the_same_holds_for_the_comparison_that_c_code_makes():
    assert ccode(step(u)) == "(u > 0)"
    assert ccode(step(u, 1)) == "(u >= 0)"
    assert ccode(step(u, Rational(1, 2))) == "((u > 0) + 1.0/2.0*(u == 0))"
    assert ccode(hinge(u)) == "(u > 0 ? u : 0)"
    assert ccode(unequal(notation.j, notation.y)) == "(j != y)"


def test_a_total_adds_expressions_and_matrices():
    assert total([u, v, u]) == 2 * u + v
    assert total(ImmutableMatrix([[i, u]]) for i in range(3)) == ImmutableMatrix([[3, 3 * u]])


def test_the_examples_in_the_documentation_run():
    found = doctest.testmod(notation)
    assert found.attempted > 0
    assert found.failed == 0
