"""The lowering: a few loops over the classes that are ℓ and μ, for any number of classes."""

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
from sympy import Abs, Sum

from gradbook.emit.lowering import NotLowerable, lower, s_a, s_y
from gradbook.notation import C, hinge, j, s, unequal, y


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
        (loss("kink", Sum(Abs(s[j]), (j, 0, C - 1))), "write it with hinge or step"),
    ],
    ids=lambda value: getattr(value, "key", ""),
)
def test_a_loss_that_is_more_than_loops_over_classes_is_refused(formula, reason):
    with pytest.raises(NotLowerable, match=reason):
        lower(formula)
