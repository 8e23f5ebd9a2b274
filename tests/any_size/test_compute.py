"""Formulas at numbers: against plain arithmetic, and against the loss itself."""

from dataclasses import replace
from fractions import Fraction

import pytest
from any_size_losses import LOSSES, small_instances
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Derivative, Function, Piecewise, Rational, Sum, exp, pi, sqrt

from derivation.multiclass_svm import svm
from gradbook.any_size.binding import of_example
from gradbook.any_size.compute import Undefined, computed, holds, is_rational, value
from gradbook.any_size.instances import (
    NOTHING,
    THIRDS,
    TIES,
    Instance,
    Sizes,
    instances,
    labellings,
)
from gradbook.any_size.letters import C, S, W, X, a, b, i, label, m, mean, n, over_classes, s, x
from gradbook.any_size.numbers import same
from gradbook.notation import hinge, j, k, partial, step, y

half = Fraction(1, 2)
DATA = Instance(
    W=((Fraction(1), Fraction(2)), (Fraction(0), half), (Fraction(-1), Fraction(3))),
    X=((Fraction(1), Fraction(2)), (Fraction(1), Fraction(-1))),
    y=(2, 0),
)


def test_letters_have_the_values_of_the_data():
    at = DATA.at({a: 1, b: 1, i: 1})
    assert DATA.sizes == (3, 1, 2)
    assert [value(expr, at) for expr in (C, m, n)] == [3, 1, 2]
    assert value(W[a, b], at) == half
    assert value(s[a], at) == 1
    assert value(S[i, a], at) == -half
    assert value(X[i, b], at) == -1
    assert value(x[b], at) == 2
    assert value(s[y], at) == 5
    assert value(S[i, label[i]], at) == -1
    assert value(over_classes(j, s[j], besides=y), at) == 6
    assert value(Sum(s[j], (j, 1, 0)), at) == 0
    assert value(1 / (1 + C), at) == Fraction(1, 4)


def test_what_the_data_do_not_have_is_undefined():
    with pytest.raises(Undefined, match=r"there is no s\[C\] for the index 3 of 3"):
        value(s[C], DATA)
    with pytest.raises(Undefined, match="a has no value"):
        value(s[a], DATA)
    with pytest.raises(Undefined, match="has no value"):
        value(Derivative(Function("f")(k), k), DATA)
    with pytest.raises(Undefined, match="no case of"):
        value(Piecewise((1, a > 5), evaluate=False), DATA.at({a: 0}))
    with pytest.raises(Undefined, match="a derivative of a derivative"):
        value(partial(partial(s[j] ** 2, s[j]), s[j]), DATA.at({j: 0}))


@settings(max_examples=60)
@given(small_instances())
def test_a_derivative_is_that_of_the_loss_at_kinks_and_off_them(data):
    exact = svm.exact(data.W, data.X, data.y)[1]
    of_all = partial(mean(of_example(svm.formula, i)), W[a, b])
    rows, width, _ = data.sizes
    for row in range(rows):
        for column in range(width + 1):
            assert value(of_all, data.at({a: row, b: column})) == exact[row, column]


@settings(max_examples=40)
@given(small_instances(), st.sampled_from(sorted(LOSSES)))
def test_a_derivative_is_the_limit_of_differences_off_the_kinks(data, name):
    formula = LOSSES[name].formula
    at = data.at({a: 0, b: 0})
    first, *rest = data.W
    moved = replace(data, W=((first[0] + Fraction(1, 10**12), *first[1:]), *rest))
    before, on_kink = computed(formula, at)
    if not on_kink:
        slope = float((value(formula, moved) - before) * 10**12)
        assert slope == pytest.approx(float(value(partial(formula, W[a, b]), at)), abs=1e-6)


def test_a_kink_is_noticed():
    tied = Instance(W=((Fraction(0),), (Fraction(1),)), X=((Fraction(1),),), y=(1,))
    u = s[0] - s[1] + 1
    assert computed(hinge(u), tied) == (0, True)
    assert computed(step(u, Rational(1, 3)), tied) == (Fraction(1, 3), True)
    assert computed(hinge(u + 1), tied) == (1, False)
    assert value(partial(hinge(u, 1), s[0]), tied) == 1
    assert value(partial(hinge(u), s[0]), tied) == 0


def test_conditions_hold_or_do_not():
    at = DATA.at({j: 0, k: 1})
    assert holds(s[j] > s[k], at)
    assert not holds(s[j] < s[k], at)
    assert holds(exp(s[k]) * exp(-s[k]) * 1 >= 1, at)


def test_rational_formulas_are_told_from_others():
    assert is_rational(svm.formula)
    assert is_rational(s[j] ** -2 + Rational(1, 3))
    assert not any(map(is_rational, (exp(s[j]), sqrt(s[j]), pi * s[j], Function("f")(s[j]))))
    assert same(value(exp(s[y]) * exp(-s[y] + 1), DATA), value(exp(1 + 0 * s[y]), DATA))
    assert not same(value(exp(s[y]), DATA), value(exp(s[y]) * (1 + Rational(1, 10**35)), DATA))


def test_instances_come_small_first_with_every_label_and_the_same_each_time():
    sizes = Sizes((2, 3), (0, 1), (1, 2), (NOTHING, TIES, THIRDS))
    drawn = list(instances(sizes))
    assert drawn == list(instances(sizes))
    assert [sum(one.sizes) for one in drawn] == sorted(sum(one.sizes) for one in drawn)
    assert {one.y for one in drawn if one.sizes == (3, 0, 1)} == {(0,), (1,), (2,)}
    assert all(row[0] == 1 for one in drawn for row in one.X)
    assert labellings(2, 3) == [(0, 1, 0), (1, 0, 1), (0, 0, 0), (1, 1, 1)]
    assert str(drawn[0]) == "C = 2, m = 0, n = 1, W = [[0], [0]], X̃ = [[1]], y = 0, s′ = [0, 0]"
