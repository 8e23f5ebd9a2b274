"""The form of a formula: it keeps the value, and finds equal what is equal."""

import pytest
from any_size_losses import small_instances
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, Ne, Piecewise, Rational, Sum, Xor, exp, log

from gradbook.any_size.binding import free_indices
from gradbook.any_size.canonical import canonical
from gradbook.any_size.coincidence import coincidences
from gradbook.any_size.compute import value
from gradbook.any_size.decide import is_nonnegative, is_positive, is_zero
from gradbook.any_size.instances import with_indices
from gradbook.any_size.letters import S, W, X, a, b, c, i, label, s_prime, within, x, zero
from gradbook.any_size.numbers import same
from gradbook.any_size.sums import mean, over_classes, over_features
from gradbook.notation import C, equal, hinge, j, k, m, n, partial, s, step, unequal, y

u, v = s[j] - s[y] + 1, s[a] - 2 * s[k]

EQUAL = {
    "another order": (s[j] * x[b] - s[y], -s[y] + x[b] * s[j]),
    "another letter": (over_classes(j, s[j] ** 2), over_classes(k, s[k] ** 2)),
    "factors in and out": (over_classes(j, x[b] * s[j]), x[b] * over_classes(j, s[j])),
    "a mask as a delta": (over_classes(j, u, besides=y), over_classes(j, u) - 1),
    "a mask as 1 − δ": (over_classes(j, u, besides=y), over_classes(j, (1 - equal(y, j)) * u)),
    "a delta selects": (over_classes(j, equal(j, a) * s[j]), s[a]),
    "a delta substitutes": (equal(a, y) * s[a] ** 2, equal(y, a) * s[a] * s[y]),
    "a delta of two bound ones": (
        over_classes(j, over_classes(k, equal(j, k) * s[j] * s[k])),
        over_classes(j, s[j] ** 2),
    ),
    "the number of the others": (over_classes(j, 1, besides=y), C - 1),
    "sums in another order": (
        over_classes(j, over_classes(k, s[j] * hinge(s[j] - s[k]))),
        over_classes(k, over_classes(j, s[j] * hinge(s[j] - s[k]))),
    ),
    "a comparison both ways": (
        over_classes(j, over_classes(k, step(s[j] - s[k]) * s[j])),
        over_classes(j, over_classes(k, step(s[k] - s[j]) * s[k])),
    ),
    "all comparisons": (
        over_classes(j, over_classes(k, step(s[j] - s[k], Rational(1, 2)))),
        C**2 / 2,
    ),
    "a product of sums": (
        over_classes(j, s[j]) ** 2,
        over_classes(j, over_classes(k, s[j] * s[k])),
    ),
    "pairs without the diagonal": (
        over_classes(j, over_classes(k, s[j] * s[k], besides=j)),
        over_classes(j, s[j]) ** 2 - over_classes(j, s[j] ** 2),
    ),
    "max(0, u) is u 1{u > 0}": (hinge(u), u * step(u)),
    "the same with ≥": (hinge(u), u * step(u, 1)),
    "max(0, u) − max(0, −u) = u": (hinge(v) - hinge(-v), v),
    "1{u ≤ 0} as 1 − 1{u > 0}": (step(-u, 1), 1 - step(u, 0)),
    "any multiple": (step(3 * v, Rational(1, 3)), step(v / 2, Rational(1, 3))),
    "an indicator twice": (step(u) ** 2 * step(u, 1), step(u)),
    "u = 0 used": (zero(u) * s[j], zero(u) * (s[y] - 1)),
    "two of them": (
        zero(s[j] - s[k]) * zero(s[k] - s[y]) * s[j],
        zero(s[j] - s[k]) * zero(s[k] - s[y]) * s[y],
    ),
    "cases": (Piecewise((s[a], Ne(a, y)), (0, True)), unequal(a, y) * s[a]),
    "three cases": (
        Piecewise((s[a], Eq(a, j)), (x[b], Eq(a, y)), (1, True)),
        equal(a, j) * s[a] + unequal(a, j) * (equal(a, y) * x[b] + unequal(a, y)),
    ),
    "a function of a delta": (exp(equal(a, y) * s[a]), 1 + equal(a, y) * (exp(s[y]) - 1)),
    "a factor of an exponential": (
        over_classes(j, exp(s[j] - s[y])),
        exp(-s[y]) * over_classes(j, exp(s[j])),
    ),
    "a quotient of them": (1 / (1 + exp(-s[j])), exp(s[j]) / (1 + exp(s[j]))),
    "what adds up to 1": (1 / (1 + exp(s[j])) + exp(s[j]) / (1 + exp(s[j])), 1),
    "a score written out": (s[j], over_features(c, W[j, c] * x[c])),
    "two rows": (
        over_features(c, (W[j, c] - W[y, c]) * x[c]),
        over_features(b, W[j, b] * x[b]) - over_features(c, W[y, c] * x[c]),
    ),
    "the label of each example": (
        mean(over_classes(j, equal(j, label[i]) * S[i, j])),
        Sum(S[i, label[i]] / n, (i, 0, n - 1)),
    ),
    "the mean of 1": (mean(1), 1),
}  # fmt: skip

DIFFERENT = {
    "one index more": (over_classes(j, s[j]), Sum(s[j], (j, 0, C - 2))),
    "from one on": (over_classes(j, s[j]), Sum(s[j], (j, 1, C - 1))),
    "one class more in a delta": (Sum(equal(j, a) * s[j], (j, 1, C - 1)), s[a]),
    "a class that need not be there": (over_classes(j, equal(j, 2)), 1 + 0 * s[j]),
    "an empty sum": (Sum(equal(j, y + 1) * s[j], (j, y + 1, C - 1)), s[y + 1]),
    "≥ for >": (step(u, 1), step(u, 0)),
    "the mask": (over_classes(j, u, besides=y), over_classes(j, u)),
    "another mask": (over_classes(j, u, besides=y), over_classes(j, u, besides=a)),
    "the sign of the scale": (step(-2 * v), step(v)),
    "a square of a sum": (over_classes(j, s[j]) ** 2, over_classes(j, s[j] ** 2)),
    "a bound letter and a free one": (over_classes(j, s[j] * s[k]), over_classes(j, s[j] * s[j])),
    "transposed": (over_features(b, W[j, b] * x[b]), over_features(b, W[y, b] * x[b])),
    "one label for all": (mean(S[i, label[i]]), mean(S[i, y])),
    "for few classes only": ((C - 2) * (C - 3) * (C - 4) * (C - 5) * s[a], 0 * s[a]),
}


@pytest.mark.parametrize("what", EQUAL)
def test_two_ways_to_write_the_same_have_one_form(what):
    left, right = EQUAL[what]
    assert is_zero(left - right)


@pytest.mark.parametrize("what", DIFFERENT)
def test_formulas_that_differ_have_different_forms(what):
    left, right = DIFFERENT[what]
    assert not is_zero(left - right)


def test_a_derivative_has_no_form_until_it_is_worked_out():
    with pytest.raises(ValueError, match="is not worked out"):
        canonical(partial(s[j], W[a, b]))


def test_cases_by_anything_but_a_comparison_are_refused():
    with pytest.raises(ValueError, match="a condition is made of comparisons"):
        canonical(Piecewise((1, Xor(Eq(a, y), Eq(a, j))), (0, True)))


def test_cases_may_be_joined_by_or():
    either = Piecewise((1, Eq(a, y) | Eq(a, j)), (0, True))
    assert is_zero(either - equal(a, y) - equal(a, j) + equal(a, y) * equal(a, j))


# Whatever is written, its form has the same value.

classes = st.sampled_from([a, k, y, j])
bound = st.sampled_from([j, k])
margins = st.builds(
    lambda p, q, scale, shift: scale * (s[p] - s[q]) + shift,
    classes, classes, st.sampled_from([-2, -1, 1, Rational(1, 2)]), st.sampled_from([-1, 0, 1]),
)  # fmt: skip
leaves = st.one_of(
    margins,
    st.builds(lambda p: s[p], classes),
    st.builds(lambda p: x[b] * s[p], classes),
    st.builds(lambda p, q: equal(p, q), classes, classes),
    st.builds(lambda p, q: unequal(p, q), classes, classes),
    st.builds(lambda u, c: step(u, c), margins, st.sampled_from([0, 1, Rational(1, 2)])),
    st.builds(lambda u: hinge(u), margins),
    st.builds(lambda u: zero(u), margins),
    st.builds(lambda p, last: within(p, 0, last), classes, st.sampled_from([y, C - 1])),
    st.sampled_from([C, m, n, Rational(2, 3), 1 / n]),
)


def grown(inner):
    return st.one_of(
        st.builds(lambda f, g: f + g, inner, inner),
        st.builds(lambda f, g: f * g, inner, inner),
        st.builds(lambda f: f**2, inner),
        st.builds(lambda f: hinge(f, 1), inner),
        st.builds(lambda f: step(f - 1), inner),
        st.builds(lambda f, index: over_classes(index, f), inner, bound),
        st.builds(lambda f, index: over_classes(index, f, besides=y), inner, bound),
        st.builds(lambda f, index: Sum(f, (index, 0, y)), inner, bound),
        st.builds(lambda f, g: Piecewise((f, Eq(a, y)), (g, True)), inner, inner),
    )


formulas = st.recursive(leaves, grown, max_leaves=6)


def some_indices(data, formula):
    """An instance, with any values for the free indices of the formula."""
    instance = data.draw(small_instances())
    return data.draw(st.sampled_from(list(with_indices(instance, free_indices(formula)))))


@given(formulas, st.data())
def test_the_form_of_a_formula_has_its_value(formula, data):
    at = some_indices(data, formula)
    assert same(value(formula, at), value(canonical(formula), at))


@given(formulas, st.data())
def test_so_it_has_where_letters_are_known_to_differ_or_to_be_equal(formula, data):
    at = some_indices(data, formula)
    (case,) = [case for case in coincidences([formula]) if describes(case, at)]
    form = canonical(case.apply(formula), case.different)
    assert same(value(formula, at), value(form, at))


def describes(case, at):
    """Whether the letters of one block, and no others, have the same value."""
    known = at.indices
    values = [{known[letter] for letter in block} for block in case.blocks if block[0] != b]
    return all(len(one) == 1 for one in values) and len(values) == len(set().union(*values, []))


@given(formulas)
def test_a_formula_and_itself_with_other_bound_letters_have_one_form(formula):
    others = formula.xreplace({j: k, k: j}) if not {j, k} & free_indices(formula) else formula
    assert is_zero(formula - others)


def test_what_has_no_exact_value_keeps_its_form_to_forty_digits():
    formula = log(over_classes(j, exp(s[j] - s[y]))) / (1 + exp(equal(a, y) * s[a]))

    @settings(max_examples=20)
    @given(small_instances())
    def check(instance):
        at = instance.at({**instance.indices, a: 0})
        assert same(value(formula, at), value(canonical(formula), at))

    check()


# Inequalities.


def test_the_tangent_of_a_hinge_lies_below_it_and_a_steeper_one_does_not():
    u, v = s[j] - s[y] + 1, s_prime[j] - s_prime[y] + 1
    assert is_nonnegative(hinge(v) - hinge(u) - step(u) * (v - u))
    assert is_nonnegative(hinge(v) - hinge(u) - step(u, 1) * (v - u))
    assert is_nonnegative(hinge(u))
    assert is_nonnegative(hinge(u) - u)
    assert not is_nonnegative(hinge(v) - hinge(u) - 2 * step(u) * (v - u))
    assert not is_nonnegative(u)
    assert not is_nonnegative(hinge(u) - 1)


def test_what_a_bound_may_be_equal_to_is_not_above_it():
    squares, exps = over_classes(j, s[j] ** 2), over_classes(j, exp(s[j]))
    assert is_nonnegative(squares - s[a] ** 2)
    assert not is_positive(squares - s[a] ** 2)
    assert is_positive(exps - exp(s[a]))  # there are two classes at least


def test_margins_under_a_sum_have_no_one_sign_so_that_nothing_is_claimed_of_them():
    assert not is_nonnegative(over_classes(j, step(u) - Rational(1, 2)))
    assert not is_nonnegative(over_classes(j, hinge(u)) - C * hinge(s[a]))
    violated = over_classes(j, step(u))  # 0 or C where all margins have one sign
    assert not is_nonnegative(violated**2 - C * violated)


def test_margins_of_margins_have_an_end():
    inside = hinge((s[k] - s[a] + 1) * step(1 + s[y] / 2 - s[k] / 2, 0))
    assert is_nonnegative(inside**2)
    assert not is_nonnegative(-(inside**2))


@given(formulas, st.data())
def test_what_is_found_nonnegative_is(formula, data):
    at = some_indices(data, formula)
    assert value(formula, at) >= 0 or not is_nonnegative(formula)
    assert value(formula, at) <= 0 or not is_nonnegative(-formula)


def test_the_letters_of_two_ranges_never_coincide():
    assert {str(case) for case in coincidences([s[a] * s[j] * s[y] * x[b] * X[i, b]])} == {
        "a = j = y",
        "a = j ≠ y",
        "a = y ≠ j",
        "j = y ≠ a",
        "a, j, y all different",
    }
    assert {str(case) for case in coincidences([s[a] * s[y], Ne(a, y)])} == {"a ≠ y"}
    assert [str(case) for case in coincidences([x[b]])] == [""]
