"""Formulas at numbers: against plain arithmetic, and against the loss itself."""

from fractions import Fraction

import pytest
from any_size_losses import LOSSES, classifier, small_instances
from hypothesis import given
from hypothesis import strategies as st
from sympy import Derivative, Function, Piecewise, Rational, Sum, Symbol, exp, pi, sqrt

from derivation.multiclass_svm import svm
from gradbook.any_size.binding import of_example
from gradbook.any_size.compute import Undefined, computed, holds, is_rational, value
from gradbook.any_size.instances import (
    THIRDS,
    TIES,
    Sizes,
    instances,
    simplified,
)
from gradbook.any_size.letters import C, S, W, X, a, b, i, label, m, n, s, x
from gradbook.any_size.numbers import same
from gradbook.any_size.sums import mean, over_classes
from gradbook.notation import hinge, j, k, partial, step, y

half = Fraction(1, 2)
DATA = classifier(
    ((Fraction(1), Fraction(2)), (Fraction(0), half), (Fraction(-1), Fraction(3))),
    ((Fraction(1), Fraction(2)), (Fraction(1), Fraction(-1))),
    (2, 0),
)


def test_letters_have_the_values_of_the_data():
    at = DATA.at({a: 1, b: 1, i: 1, y: 2})
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
    with pytest.raises(Undefined, match=r"∂/∂W of a derivative by s has no value here"):
        value(partial(partial(s[j] ** 2, W[j, b]), s[j]), DATA.at({j: 0, b: 0}))


def test_a_derivative_of_a_derivative_has_a_value():
    at = DATA.at({j: 0, k: 1})
    assert value(partial(partial(s[j] ** 3, s[j]), s[j]), at) == 6 * value(s[j], at)
    assert value(partial(partial(s[j] * s[k], s[j]), s[k]), at) == 1
    mixed = partial(partial(exp(s[j] * s[k]), s[j]), s[k])
    assert same(value(mixed, at), value((1 + s[j] * s[k]) * exp(s[j] * s[k]), at))
    by_weights = partial(partial(s[j] ** 2, s[j]), W[j, b])
    assert value(by_weights, at.at({j: 0, b: 1})) == 2 * value(x[b], at.at({b: 1}))


@given(small_instances())
def test_a_derivative_is_that_of_the_loss_at_kinks_and_off_them(data):
    exact = svm.exact(data.values[W], data.values[X], data.values[label])[1]
    of_all = partial(mean(of_example(svm.formula, i)), W[a, b])
    for row in range(data.size(C)):
        for column in range(data.size(m + 1)):
            assert value(of_all, data.at({a: row, b: column})) == exact[row, column]


@given(small_instances(), st.sampled_from(sorted(LOSSES)))
def test_a_derivative_is_the_limit_of_differences_off_the_kinks(data, name):
    formula = LOSSES[name].formula
    at = data.at({**data.indices, a: 0, b: 0})
    first, *rest = data.values[W]
    moved = at.of({**data.values, W: ((first[0] + Fraction(1, 10**12), *first[1:]), *rest)})
    before, on_kink = computed(formula, at)
    if not on_kink:
        slope = float((value(formula, moved) - before) * 10**12)
        assert slope == pytest.approx(float(value(partial(formula, W[a, b]), at)), abs=1e-6)


def test_a_kink_is_noticed():
    tied = classifier(((Fraction(0),), (Fraction(1),)), ((Fraction(1),),), (1,))
    u = s[0] - s[1] + 1
    assert computed(hinge(u), tied) == (0, True)
    assert computed(step(u, Rational(1, 3)), tied) == (Fraction(1, 3), True)
    assert computed(hinge(u + 1), tied) == (1, False)
    assert value(partial(hinge(u, 1), s[0]), tied) == 1
    assert value(partial(hinge(u), s[0]), tied) == 0


def test_conditions_hold_or_do_not():
    at = DATA.at({j: 0, k: 1, y: 2})
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
    sizes, formulas = Sizes(2, (TIES, THIRDS)), (S[i, label[i]], x[b])
    drawn = list(instances(formulas, sizes))
    assert [str(one) for one in drawn] == [str(one) for one in instances(formulas, sizes)]
    totals = [sum(one.sizes.values()) for one in drawn]
    assert totals == sorted(totals)
    assert {(one.sizes[C], one.sizes[m], one.sizes[n]) for one in drawn} == {
        (2, 0, 1), (3, 0, 1), (2, 1, 1), (2, 0, 2), (3, 1, 2)
    }  # fmt: skip
    for_two = {one.values[label] for one in drawn if one.sizes[n] == 2 and one.sizes[C] == 2}
    assert for_two == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert len(list(Sizes(3, ()).chosen(3))) == 27


def test_numbers_are_drawn_from_where_a_letter_is():
    positive, nonnegative = Symbol("ε", positive=True), Symbol("λ", nonnegative=True)
    drawn = list(instances([positive * nonnegative], Sizes(2, (TIES, THIRDS) * 20)))
    assert all(one.values[positive] > 0 for one in drawn)
    assert {one.values[nonnegative] for one in drawn} >= {0, 1}


def test_numbers_are_replaced_by_0_and_1_while_something_still_holds():
    data = classifier(((3, Fraction(2, 3)), (-2, 5)), ((1, 4),), (1,))
    simple = simplified(data, lambda one: one.values[W][1][1] > 0 and one.values[X][0][1] > 2)
    assert (simple.values[W], simple.values[X]) == (((0, 0), (0, 1)), ((0, 4),))
    assert data.values[W][0][0] == 3
