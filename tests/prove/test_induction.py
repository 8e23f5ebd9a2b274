"""Statements for every number of classes: base and step, and the losses that have neither."""

import sys

import pytest
import z3
from exact_values import data
from sympy import Rational, Sum

from derivation.multiclass_svm import svm
from gradbook import Loss
from gradbook.notation import C, equal, hinge, indicator, j, k, s, unequal, y
from gradbook.prove.induction import (
    STATEMENTS,
    coefficients_are,
    coefficients_sum_to_zero,
    slopes_inside_regions,
    subgradient_inequality,
    unchanged_by_shift,
)
from gradbook.prove.sum_over_classes import NotASum, SumOverClasses, for_other_class, s_j, s_y

u = s[j] - s[y] + 1
violated = indicator(u > 0)
ALL = (j, 0, C - 1)


def loss(formula):
    return Loss("a loss", formula, "a_loss")


def over_others(summand):
    return Sum(unequal(j, y) * summand, ALL)


page = coefficients_are(other=violated, label=-over_others(violated))
statements = pytest.mark.parametrize(
    "statement", [page, *STATEMENTS], ids=lambda each: each.text.split(",")[0]
)
LOSSES = {
    "the page": svm,
    "another index": loss(Sum(unequal(y, k) * hinge(s[k] - s[y] + 1), (k, 0, C - 1))),
    "no mask, 1 taken off": loss(Sum(hinge(u), ALL) - 1),
    "all but the equal": loss(Sum((1 - equal(y, j)) * hinge(u), ALL)),
    "in two halves": loss(over_others(hinge(u)) / 2 + over_others(Rational(1, 2) * hinge(u))),
}


# What is true for every C is proved.


@statements
@pytest.mark.parametrize("name", LOSSES)
def test_everything_said_of_the_page_is_proved_for_every_number_of_classes(statement, name):
    finding = statement.prove(LOSSES[name])
    assert finding.holds, finding
    assert str(finding.proof) == "proved · every C ≥ 2, every y"
    assert finding.proof.method == "z3, by induction over the classes"
    assert finding.assumptions.endswith("any y, C ≥ 2")


@statements
def test_base_and_step_can_be_decided_one_by_one(statement):
    induction = statement.of(svm)
    assert induction.base.decide().holds
    assert induction.step.decide().holds


@statements
def test_base_and_step_can_be_given_to_another_solver(statement):
    induction = statement.of(svm)
    for query in (induction.base, induction.step):
        solver = z3.Solver(ctx=z3.Context())
        solver.from_string(query.smtlib())
        assert solver.check() == z3.unsat


def test_an_induction_can_be_read():
    assert str(coefficients_sum_to_zero.of(svm)) == (
        "two classes: for all real s_j, s_y\n"
        "  show   1{s_j - s_y + 1 > 0} - 1{s_j - s_y + 1 > 0} = 0\n"
        "one class more: for all real mu, s_j, s_y\n"
        "  given  mu = 0\n"
        "  show   mu + 1{s_j - s_y + 1 > 0} - 1{s_j - s_y + 1 > 0} = 0"
    )


@statements
def test_the_step_needs_its_hypothesis(statement):
    induction = statement.of(svm)
    hypothesis, *others = induction.step.given
    without = type(induction.step)("without", induction.step.shows, tuple(others))
    assert without.decide().holds is False
    assert hypothesis.free_symbols


@statements
@pytest.mark.parametrize("classes", [2, 3, 5])
def test_an_instance_says_the_same(statement, classes):
    assert all(statement.instance(svm, classes, label).holds for label in (0, classes - 1))


# What is false is refuted by a small instance.


def refuted(statement, about):
    proof = statement.prove(about).proof
    assert proof.status == "refuted", proof
    return proof.counterexample


@pytest.mark.parametrize(
    ("other", "label"),
    {
        "the sign": (-violated, over_others(violated)),
        "≥ at the kink": (indicator(u >= 0), -over_others(indicator(u >= 0))),
        "a mask that counts y": (violated, -Sum(violated, ALL)),
        "a margin of 2": (indicator(u + 1 > 0), -over_others(indicator(u + 1 > 0))),
        "nothing for y": (violated, 0 * s[y]),
        "twice for y": (violated, -2 * over_others(violated)),
    }.values(),
    ids=str,
)
def test_wrong_coefficients_are_refuted_with_two_classes(other, label):
    found = refuted(coefficients_are(other=other, label=label), svm)
    assert dict(found.numbers)["C"] == 2
    assert found.left != found.right


def test_a_margin_that_is_taken_twice_breaks_the_sum():
    found = refuted(coefficients_sum_to_zero, loss(over_others(hinge(s[j] - 2 * s[y] + 1))))
    assert data(found).left != 0


def test_a_concave_loss_breaks_the_inequality():
    found = refuted(subgradient_inequality, loss(-over_others(hinge(u))))
    assert data(found).left < data(found).right


def test_a_loss_of_the_labels_score_breaks_the_shift():
    found = refuted(unchanged_by_shift, loss(over_others(hinge(u)) + hinge(1 - s[y])))
    assert found.left != found.right


def test_what_is_true_for_two_classes_only_is_refuted_with_three():
    statement, about = coefficients_sum_to_zero, loss(over_others(s[j]) - s[y])
    assert statement.of(about).base.decide().holds
    assert statement.of(about).step.decide().holds is False
    found = refuted(statement, about)
    assert (dict(found.numbers)["C"], found.left, found.right) == (3, "1", "0")


# What the induction does not reach is left open.


def left_open(statement, about, **limits):
    proof = statement.prove(about, **limits).proof
    assert proof.status == "undecided", proof
    return proof.reason


def test_what_is_false_for_many_classes_only_is_left_open():
    reason = left_open(subgradient_inequality, loss(9 * hinge(s[y]) - over_others(hinge(s[y]))))
    assert reason == ("false: the step of the induction; but the statement is true for C ≤ 4")


@pytest.mark.parametrize(
    ("formula", "reason"),
    [
        (
            over_others(hinge(u)) / C,
            "a sum over the classes is multiplied by 1/C, which is not a number",
        ),
        (
            Sum(hinge(u), (j, 1, C - 1)),
            "the sum over j does not run over all classes, 0 … C − 1",
        ),
        (
            Sum(hinge(s[j] - s[k]), ALL, (k, 0, C - 1)),
            "the sum over j does not run over all classes, 0 … C − 1",
        ),
        (
            over_others(j * hinge(u)),
            "j*max(0, s[j] - s[y] + 1)*1{j ≠ y} depends on the classes by more than s[j], s[y] and "
            "whether j = y",
        ),
        (
            hinge(over_others(hinge(u))),
            "max(0, Sum(max(0, s[j] - s[y] + 1)*1{j ≠ y}, (j, 0, C - 1))) depends on the classes "
            "by more than s[j], s[y] and whether j = y",
        ),
        (s[0] - s[y], "s[0] depends on the classes by more than s[j], s[y] and whether j = y"),
    ],
)
def test_a_loss_that_is_no_sum_over_the_classes_is_left_open(formula, reason):
    assert left_open(coefficients_sum_to_zero, loss(formula)) == reason


def test_a_square_has_no_slopes():
    squared = loss(over_others(hinge(u) ** 2))
    assert "not affine in pieces" in left_open(slopes_inside_regions, squared)
    assert subgradient_inequality.prove(squared).holds


def test_an_unknown_function_is_left_open():
    from sympy import exp

    reason = left_open(unchanged_by_shift, loss(over_others(exp(s[j] - s[y]))))
    assert "is not made of sums, products, max and indicators" in reason


def test_without_a_budget_or_z3_everything_is_left_open(monkeypatch):
    from gradbook.prove import query

    monkeypatch.setattr(query, "_answers", {})
    for statement in STATEMENTS:
        reason = left_open(statement, svm, budget=0)
        assert reason == "z3 gave up after 0 resource units on the base of the induction"
    monkeypatch.setitem(sys.modules, "z3", None)
    assert left_open(page, svm) == "z3-solver is not installed"


def test_an_empty_hypothesis_proves_nothing(monkeypatch):
    from gradbook.prove import query

    monkeypatch.setattr(query.Query, "never_applies", lambda self, limit: query.Answer(True))
    reason = left_open(subgradient_inequality, svm)
    assert reason == "what the base of the induction assumes never holds"


def test_a_loss_that_is_read_wrong_is_noticed(monkeypatch):
    monkeypatch.setattr(SumOverClasses, "of", lambda formula: SumOverClasses(0 * s_y, 2 * s_j))
    assert coefficients_sum_to_zero.of(svm).base.decide().holds is False


# A formula as a sum over the classes.


@pytest.mark.parametrize("name", LOSSES)
@pytest.mark.parametrize("classes", [2, 3, 4])
def test_the_sum_that_is_read_is_the_loss(name, classes):
    read = SumOverClasses.of(LOSSES[name].formula)
    for label in range(classes):
        assert (read.at(classes, label) - LOSSES[name].at(classes, label)).expand() == 0


def test_the_summand_of_the_label_goes_to_the_start():
    read = SumOverClasses.of(Sum(hinge(s[j] - 2 * s[y]), ALL) + s[y])
    assert (read.start, read.term) == (hinge(-s_y) + s_y, hinge(s_j - 2 * s_y))


def test_a_formula_for_another_class_has_no_mask_left():
    assert for_other_class(unequal(j, y) * s[j] + (1 - unequal(y, j)) * s[y]) == s_j
    with pytest.raises(NotASum, match="more than"):
        for_other_class(s[j] / C)
