"""Statements about losses: which hold, which fail and where, and which are left open."""

import sys
from fractions import Fraction

import pytest
from exact_values import data
from sympy import Integer, Rational, Sum

from derivation.multiclass_svm import svm
from gradbook import Loss
from gradbook.loss import scores
from gradbook.notation import C, hinge, indicator, j, s, step, unequal, y
from gradbook.prove.in_python import prove_by_solver
from gradbook.prove.loss_properties import (
    SUM,
    another_value_differs,
    coefficients_are,
    coefficients_sum_to_zero,
    declaring,
    properties,
    slopes_inside_regions,
    subgradient_inequality,
    unchanged_by_shift,
    values_at_kinks,
)

u = s[j] - s[y] + 1


def loss(formula):
    return Loss("a loss", formula, "a_loss")


def over_others(summand):
    return Sum(unequal(j, y) * summand, (j, 0, C - 1))


perceptron = loss(over_others(hinge(s[j] - s[y])))
squared = loss(over_others(hinge(u) ** 2))
turned_over = loss(-over_others(hinge(u)))
label_only = loss(hinge(1 - s[y]))
jump = loss(over_others(step(u)))
half = declaring(svm, Rational(1, 2))
sizes = pytest.mark.parametrize(("classes", "label"), [(2, 0), (3, 1), (4, 3)])


class Misderived(Loss):
    """The multi-class SVM with coefficients that are not its own."""

    def coefficients(self, classes, label=y):
        return declaring(svm, 1).coefficients(classes, label)


class Misread(Loss):
    """The multi-class SVM with a slope that is twice what it ought to be."""

    def coefficients(self, classes, label=y):
        return tuple(2 * mu for mu in svm.coefficients(classes, label))


misderived = Misderived("misderived", svm.formula, "misderived")
misread = Misread("misread", svm.formula, "misread")


def scores_of(counterexample):
    return [value for (value,) in data(counterexample).W]


def kinks_at(counterexample):
    """The classes j ≠ y with s_j − s_y + 1 = 0."""
    s = scores_of(counterexample)
    (label,) = data(counterexample).y
    return [a for a, value in enumerate(s) if a != label and value - s[label] + 1 == 0]


@sizes
@pytest.mark.parametrize("each", [svm, perceptron, half], ids=["page", "perceptron", "half"])
def test_every_property_of_a_sum_of_hinges_is_proved(each, classes, label):
    for finding in properties(each, classes, label):
        assert finding.holds, finding
        assert finding.proof.sizes == f"C = {classes}, y = {label}"


@pytest.mark.thorough
def test_ten_classes_are_no_obstacle():
    assert all(finding.holds for finding in properties(svm, 10, 4))


def test_a_finding_says_what_it_depends_on():
    inside = slopes_inside_regions(svm, 2, 1)
    assert str(inside) == (
        "ℓ(s′) − ℓ(s) = μ(s)·(s′ − s) · all real s and s′ inside one region: "
        "no kink at s, at s′ or between them; y fixed · proved · C = 2, y = 1"
    )
    assert subgradient_inequality(svm, 2, 1).assumptions.endswith("kinks included; y fixed")


# The coefficients.


@sizes
def test_the_pages_coefficients_are_the_derived_ones(classes, label):
    s = scores(classes)
    mu = [indicator(s[a] - s[label] + 1 > 0) if a != label else Integer(0) for a in range(classes)]
    mu[label] = -sum(mu)
    assert coefficients_are(svm, classes, label, mu).holds
    mu[label] = -mu[label]
    refuted = coefficients_are(svm, classes, label, mu).proof
    assert refuted.status == "refuted"
    assert data(refuted.counterexample).entry == (label, 0)


def test_slopes_that_are_twice_too_large_are_refuted():
    found = slopes_inside_regions(misread, 3, 0).proof.counterexample
    s, s_prime = scores_of(found), data(found).s_prime
    value, there = (sum(max(0, v - t[0] + 1) for v in t[1:]) for t in (s, s_prime))
    assert data(found).left == there - value != 0
    assert data(found).right == 2 * data(found).left


@pytest.mark.parametrize("statement", [slopes_inside_regions, values_at_kinks])
def test_a_square_has_no_slope_to_speak_of(statement):
    finding = statement(squared, 3, 0)
    assert finding.proof.status == "undecided"
    assert finding.proof.reason.startswith("the loss is not affine in pieces")


def test_a_square_satisfies_the_inequality_nevertheless():
    assert subgradient_inequality(squared, 3, 0).holds


# The kinks.


def test_coefficients_with_another_value_at_the_kink_are_refuted_at_a_kink():
    assert slopes_inside_regions(misderived, 3, 0).holds
    assert subgradient_inequality(misderived, 3, 0).holds
    refuted = values_at_kinks(misderived, 3, 0).proof
    assert refuted.status == "refuted"
    assert len(kinks_at(refuted.counterexample)) == 1


@sizes
@pytest.mark.parametrize("value", [1, Rational(1, 2), Rational(1, 3)])
def test_another_value_is_a_subgradient_too_and_differs_at_a_kink_only(value, classes, label):
    assert subgradient_inequality(declaring(svm, value), classes, label).holds
    finding = another_value_differs(svm, classes, label, value)
    assert finding.holds
    assert kinks_at(finding.witness)
    number, there = Fraction(str(value)), data(finding.witness)
    assert {there.left, there.right} <= {0, number, -number}


def test_the_same_value_does_not_differ():
    finding = another_value_differs(svm, 3, 0, 0)
    assert finding.proof.status == "refuted"
    assert finding.proof.reason == "with 0 declared at the kinks, μ is the same"
    assert finding.witness is None


@pytest.mark.parametrize("value", [2, -1])
def test_a_value_outside_0_and_1_is_no_subgradient(value):
    found = subgradient_inequality(declaring(svm, value), 3, 0).proof.counterexample
    assert kinks_at(found)
    assert data(found).left < data(found).right


# The inequality, the sum and the shift.


def test_coefficients_of_ones_own_can_be_tried():
    zero = [Integer(0)] * 3
    assert subgradient_inequality(svm, 3, 0, zero).proof.status == "refuted"
    assert subgradient_inequality(svm, 3, 0, svm.coefficients(3, 0)).holds


@pytest.mark.parametrize("each", [turned_over, jump], ids=["concave", "with a jump"])
def test_a_loss_that_is_not_convex_has_no_subgradients(each):
    found = subgradient_inequality(each, 3, 1).proof.counterexample
    assert data(found).left < data(found).right


def test_a_loss_of_the_labels_score_alone_is_refuted():
    found = coefficients_sum_to_zero(label_only, 2, 1).proof.counterexample
    assert (data(found).left, data(found).right) == (-1, 0)
    found = unchanged_by_shift(label_only, 2, 1).proof.counterexample
    s, s_prime = scores_of(found), data(found).s_prime
    assert len({there - here for here, there in zip(s, s_prime, strict=True)}) == 1
    assert max(0, 1 - s[1]) != max(0, 1 - s_prime[1])


# What is left open.


def test_without_z3_everything_is_left_open(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    for finding in [*properties(svm, 2, 0), another_value_differs(svm, 2, 0)]:
        assert finding.proof.status == "undecided"
        assert finding.proof.reason == "z3-solver is not installed"


def test_without_a_budget_everything_is_left_open():
    for finding in properties(svm, 7, 6, budget=0):
        if finding.statement == SUM:  # which needs no solver
            continue
        assert finding.proof.status == "undecided"
        assert finding.proof.reason == "z3 gave up after 0 resource units"


def test_a_second_question_that_is_not_answered_leaves_it_open():
    def only_off_the_kinks(claim, case, **limits):
        return prove_by_solver(claim, case, **limits if claim.given else {"budget": 0})

    finding = another_value_differs(svm, 6, 5, decide=only_off_the_kinks)
    assert finding.proof.status == "undecided"
