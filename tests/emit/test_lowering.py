"""The lowering: a few loops over the classes that are ℓ and μ, for any number of classes."""

from unittest.mock import Mock

import pytest
from losses_and_data import (
    cross_entropy,
    inclusive,
    loss,
    one_against_all,
    pairs,
    squared,
    svm,
    total_violation,
)
from sympy import Sum, exp, log

from gradbook.emit import facts
from gradbook.emit.lowering import NotLowerable, lower, s_a, s_y
from gradbook.loss import scores
from gradbook.notation import C, equal, hinge, j, k, s, step, unequal, y
from gradbook.prove.expansion import TooLarge


def test_the_svm_is_two_sums_over_the_other_classes():
    assert str(lower(svm)).splitlines() == [
        "r0    = Σ_{a≠y} max(0, s_a - s_y + 1)",
        "r1    = Σ_{a≠y} 1{s_a - s_y + 1 > 0}",
        "ℓ     = r0",
        "μ_a   = 1{s_a - s_y + 1 > 0} for a ≠ y",
        "μ_y   = -r1",
    ]


def test_what_the_label_adds_is_no_part_of_a_loop():
    lowered = lower(one_against_all)
    (r0,) = lowered.reductions
    assert (r0.over, r0.summand) == ("other", hinge(s_a + 1))
    assert lowered.loss == r0.name + hinge(1 - s_y)


def test_a_sum_of_which_the_label_is_one_like_the_others_runs_over_all_classes():
    formula = loss("all", Sum(hinge(s[j] - s[y]), (j, 0, C - 1)))
    assert {reduction.over for reduction in lower(formula).reductions} == {"all"}


def test_a_sum_of_the_same_number_for_every_class_is_no_loop():
    lowered = lower(loss("same", Sum(hinge(1 - s[y]), (j, 0, C - 1))))
    assert lowered.reductions == ()
    assert lowered.loss == C * hinge(1 - s_y)


def test_a_sum_used_twice_is_computed_once():
    names = [reduction.name for reduction in lower(total_violation).reductions]
    assert len(names) == 2


@pytest.mark.parametrize(
    ("formula", "sum_to_zero", "shift", "values"),
    [
        (svm, True, True, (0, 1)),
        (inclusive, True, True, (0, 1)),
        (squared, True, True, None),
        (cross_entropy, True, True, None),
        (one_against_all, False, False, (0, 1)),
        (loss("three", 3 * Sum(unequal(j, y) * hinge(s[j] + s[y]), (j, 0, C - 1))), 0, 0, (0, 3)),
        (loss("third", Sum(unequal(j, y) * hinge(s[j]), (j, 0, C - 1)) / 3), False, False, None),
    ],
    ids=lambda value: getattr(value, "key", str(value)),
)
def test_only_what_holds_of_a_loss_is_a_fact(formula, sum_to_zero, shift, values):
    lowered = lower(formula)
    assert (lowered.coefficients_sum_to_zero is not None) == sum_to_zero
    assert (lowered.shift_invariant is not None) == shift
    integers = lowered.integer_coefficients
    assert (integers and integers.values) == values


rare = Sum((s[j] - 1 / C) / ((s[j] - 1) ** 2 + 1) * unequal(j, y), (j, 0, C - 1))
far = Sum(unequal(j, y) * hinge(-s[j] - 2) ** 3 * hinge(s[j] + s[y] - 1), (j, 0, C - 1))
low = Sum(unequal(j, y) * hinge(s[j] - 1) ** 2 * step(3 - s[j]), (j, 0, C - 1))


@pytest.mark.quick("rare", "tiny")
@pytest.mark.parametrize(
    "formula",
    [hinge(rare - 2), far**2 + far, low**2 + low, exp(-((9 * svm.formula + s[y]) ** 2))],
    ids=["rare", "far", "low", "tiny"],
)
def test_what_numbers_refute_is_not_tried_to_be_proved(monkeypatch, formula):
    for fact in ("shift_invariant", "coefficients_sum_to_zero"):
        monkeypatch.setattr(facts, fact, Mock(side_effect=AssertionError))
    lowered = lower(loss("seldom", formula))
    assert (lowered.shift_invariant, lowered.coefficients_sum_to_zero) == (None, None)


def test_what_takes_too_long_to_prove_is_no_fact():
    inner = Sum(
        unequal(j, y) * (2 * (s[j] - s[y] / 2) ** 2 - hinge(s[j] + equal(j, y)) ** 2), (j, 0, C - 1)
    )
    lowered = lower(loss("quotient", inner / (inner**2 + 1)))
    assert (lowered.shift_invariant, lowered.coefficients_sum_to_zero) == (None, None)


@pytest.mark.parametrize("error", [TooLarge("many terms"), RecursionError()])
def test_what_has_no_form_is_no_fact(monkeypatch, error):
    monkeypatch.setattr(facts, "is_zero", Mock(side_effect=error))
    assert facts.shift_invariant(svm) is None


def test_a_fact_names_its_proof():
    assert str(lower(svm).coefficients_sum_to_zero) == (
        "Σ_a μ_a = 0 · the canonical form of Σ_a μ_a is 0"
    )


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (pairs, "it depends on y"),
        (loss("first", s[0] ** 2), "whether it is the label"),
        (loss("below", Sum(hinge(1 + s[j]), (j, 0, y - 1))), "from 0 to y - 1, not over all"),
    ],
    ids=lambda value: getattr(value, "key", ""),
)
def test_a_loss_that_is_more_than_loops_over_classes_is_refused(formula, reason):
    with pytest.raises(NotLowerable, match=reason):
        lower(formula)


def test_sums_of_exponentials_are_kept_in_range_by_their_largest_term():
    assert str(lower(cross_entropy)).splitlines() == [
        "r0    = max_a s_a",
        "r1    = Σ_a exp(-r0 + s_a)",
        "ℓ     = r0 - s_y + log(r1)",
        "μ_a   = exp(-r0 + s_a)/r1 for a ≠ y",
        "μ_y   = -1 + exp(-r0 + s_y)/r1",
    ]


logistic = loss("logistic", Sum(log(1 + exp((1 - 2 * equal(j, y)) * s[j])), (j, 0, C - 1)))
besides = loss("besides", log(1 + Sum(unequal(j, y) * exp(s[j] - s[y]), (j, 0, C - 1))))
share = exp(s[j]) / Sum(exp(s[k]), (k, 0, C - 1))
brier = loss("brier", Sum((share - equal(j, y)) ** 2, (j, 0, C - 1)))
entropy = loss("entropy", -Sum(share * log(share), (j, 0, C - 1)))
focal = loss("focal", -((1 - exp(s[y]) / Sum(exp(s[j]), (j, 0, C - 1))) ** 2))


SMOOTH = (cross_entropy, logistic, besides, focal, brier, entropy)


@pytest.mark.quick("cross_entropy", "logistic", "besides")
@pytest.mark.parametrize("formula", SMOOTH, ids=lambda loss: loss.key)
@pytest.mark.parametrize("label", [0, 1, 2])
def test_no_exponential_overflows_at_scores_of_a_thousand(formula, label):
    point = dict(zip(scores(3), (1000.0, -1000.0, 998.0), strict=True))
    exponents = [part.args[0] for value in lower(formula).at(3, label) for part in value.atoms(exp)]
    assert exponents
    assert max(float(power.subs(point)) for power in exponents) <= 0


def test_an_exponential_that_is_large_itself_is_left_as_it_is():
    (r0,) = lower(loss("boosting", Sum(exp(s[j] - s[y]), (j, 0, C - 1)))).reductions
    assert (r0.op, r0.summand) == ("sum", exp(s_a - s_y))
