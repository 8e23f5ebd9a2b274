"""Penalties of another form, or of the function's own strength: conventions where consistent."""

from dataclasses import replace

import numpy as np
import pytest
from edited import edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.base_set import base_set
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.detect import detect
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.convention.kink_and_penalty import settle_penalty
from gradbook.judge.penalties.forms import Form
from gradbook.judge.penalties.other_penalty import hidden, settle_other_penalty
from gradbook.questions.deck import generic
from gradbook.subjects import InProcess

LOSS, GRADIENT = "reg * np.sum(W * W)", "2 * reg * W"


def with_penalty(loss, gradient):
    return edited((LOSS, loss), (GRADIENT, gradient))


def settled(function):
    """The convention of the penalty alone, and whether anything is left to be told of it."""
    convention = Convention(penalty=Form(1.0))
    pairs = [
        tuple(
            Observation(one, ask(InProcess(function), convention, one), convention) for one in pair
        )
        for pair in base_set(svm, convention).pairs
        if pair[1].entries < 500
    ]
    convention, pairs = settle_penalty(convention, pairs)
    return settle_other_penalty(InProcess(function), convention, pairs)


CONSISTENT = {
    "reg·Σ|W|": ("reg * np.abs(W).sum()", "reg * np.sign(W)"),
    "0.5·reg·Σ|W| + 0.25·reg·ΣW²": (
        "reg * (np.abs(W).sum() / 2 + (W * W).sum() / 4)",
        "reg * (np.sign(W) + W) / 2",
    ),
    "2·reg·ΣW²": ("2 * reg * np.sum(W * W)", "4 * reg * W"),
    "another one than reg·ΣW²": (
        "reg * np.sqrt((W * W).sum(axis=0)).sum()",
        "reg * W / np.maximum(np.sqrt((W * W).sum(axis=0)), 1e-300)",
    ),
}


@pytest.mark.quick("another one")
@pytest.mark.parametrize("words", CONSISTENT)
def test_a_penalty_with_its_own_gradient_is_a_convention(words):
    convention, pairs = settled(with_penalty(*CONSISTENT[words]))
    assert pairs == []
    assert convention.other_penalty == words
    assert f"the penalty is {words}, and its gradient agrees with it" in str(convention)


@pytest.mark.parametrize(
    ("loss", "gradient"),
    [
        ("reg * np.abs(W).sum()", "reg * np.abs(np.sign(W))"),
        ("reg * np.abs(W).sum()", "1.000001 * reg * np.sign(W)"),
        ("reg * np.sqrt(np.sum(W * W))", "reg * W"),
        ("-reg * np.sum(W * W)", "-2 * reg * W"),
        ("reg ** 2 * np.sum(W * W)", "2 * reg ** 2 * W"),
        ("N * reg * np.abs(W).sum()", "N * reg * np.sign(W)"),
        ("(margins > 0).any() * reg * np.abs(W).sum()", "(margins > 0).any() * reg * np.sign(W)"),
    ],
)
def test_one_that_depends_on_more_or_has_another_gradient_is_none(loss, gradient):
    convention, pairs = settled(with_penalty(loss, gradient))
    assert pairs
    assert not convention.other_penalty


def test_a_penalty_that_overflows_or_hides_the_data_by_rounding_accuses_no_one():
    function = with_penalty("reg * (np.abs(W) ** 3).sum()", "3 * reg * W * np.abs(W)")
    constant = InProcess(lambda W, X, y: function(W, X, y, 0.1))
    cubes = Convention(other_penalty="cubes")
    fixed = replace(cubes, order=("W", "X", "y"), constant=True)
    usual = generic(svm, 4, 5, 3, np.random.default_rng(1))
    for subject, convention, scale, is_hidden in (
        (InProcess(function), cubes, 2.0**498, True),
        (InProcess(function), cubes, 2.0**60, False),
        (InProcess(function), replace(cubes, other_penalty=""), 2.0**498, False),
        (constant, fixed, 2.0**60, True),
        (constant, fixed, 1.0, False),
    ):
        question = replace(usual, W=usual.W * scale)
        one = Observation(question, ask(subject, convention, question), convention)
        assert one.right or scale > 1
        assert hidden(subject, convention, one) == is_hidden


def with_a_constant(loss, gradient):
    function = with_penalty(loss, gradient)

    def svm_loss(W, X, y):
        return function(W, X, y, 0.001)

    return svm_loss


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("loss", "gradient", "said"),
    [(LOSS, GRADIENT, "0.001·ΣW²"), (f"0.5 * {LOSS}", "reg * W", "0.0005·ΣW²")],
)
def test_a_constant_penalty_is_a_convention_and_the_data_are_judged_without_it(
    loss, gradient, said
):
    judged = judge(InProcess(with_a_constant(loss, gradient)), svm)
    assert judged.status == "right", judged.findings
    assert f"the penalty is {said}, and its gradient agrees" in str(judged.convention)
    assert all(row.agrees for row in judged.table)


@pytest.mark.thorough
def test_a_constant_penalty_hides_no_fault_of_the_data():
    function = edited(("-mask.sum(axis=1)", "-1"))

    def svm_loss(W, X, y):
        return function(W, X, y, 0.001)

    judged = judge(InProcess(svm_loss), svm)
    assert judged.findings[0].sentence.startswith("in the gradient, row y is always −x̃ᵀ")
    assert len(judged.findings) == 1


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("gradient", "said"),
    [
        (
            "reg * W",
            "the penalty is 0.001·ΣW² in the loss, whose gradient is 0.002·W; but 0.001·W stands "
            "in the gradient: the factor 2 is missing",
        ),
        (
            "0 * W",
            "the penalty 0.001·ΣW² is in the loss, but its term is missing in the gradient",
        ),
    ],
)
def test_a_constant_penalty_with_another_gradient_is_a_fault_of_the_penalty(gradient, said):
    judged = judge(InProcess(with_a_constant(LOSS, gradient)), svm)
    assert [one.sentence for one in judged.findings] == [said]


def test_without_a_penalty_nothing_is_subtracted():
    function = with_a_constant("0", "0 * W")
    assert not detect(InProcess(function), svm).constant


@pytest.mark.thorough
def test_the_penalty_that_the_loss_has_is_the_convention_where_only_one_of_both_is_right():
    judged = judge(InProcess(with_penalty(f"0.5 * {LOSS}", GRADIENT)), svm)
    assert judged.convention.penalty == Form(0.5)
    assert judged.findings[0].code == "GB601"
