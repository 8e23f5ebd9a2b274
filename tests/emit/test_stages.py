"""The stages: their names, their order, their number, and what they compute."""

import os
import subprocess
import sys
from fractions import Fraction
from itertools import product
from pathlib import Path

import pytest
from losses_and_data import (
    EXACT,
    cross_entropy,
    halfway,
    inclusive,
    loss,
    one_against_all,
    squared,
    svm,
    total_violation,
)
from sympy import Abs, Heaviside, Integer, Max, Sum, exp, pi, sqrt

from gradbook.emit.stages import stages
from gradbook.notation import C, hinge, j, s, step, y


def written(loss, classes, features):
    """{title: ["name = value", …]}, with the stages in their order."""
    return {
        stage.title: [f"{name} = {value}" for name, value in stage.definitions]
        for stage in stages(loss, classes, features)
    }


def test_the_stages_of_the_svm_are_the_page_at_one_size():
    assert written(svm, 2, 1) == {
        "the scores, s = W x̃": [
            "s_0 = x_0*W[0, 0] + x_1*W[0, 1]",
            "s_1 = x_0*W[1, 0] + x_1*W[1, 1]",
        ],
        "which class is the label": [
            "is_0 = 1{0 = y}",
            "is_1 = 1{1 = y}",
            "not_0 = 1{0 ≠ y}",
            "not_1 = 1{1 ≠ y}",
        ],
        "its score": ["s_y = is_0*s_0 + is_1*s_1"],
        "the margins": ["u_0 = s_0 - s_y + 1", "u_1 = s_1 - s_y + 1"],
        "their positive parts": ["h_0 = max(0, u_0)", "h_1 = max(0, u_1)"],
        "the indicators": ["on_0 = 1{u_0 > 0}", "on_1 = 1{u_1 > 0}"],
        "what is used more than once": [
            "t_0 = not_0*on_0",
            "t_1 = not_1*on_1",
            "t_2 = -t_0 - t_1",
        ],
        "the coefficients, μ = ∂ℓ/∂s": ["mu_0 = is_0*t_2 + t_0", "mu_1 = is_1*t_2 + t_1"],
        "the loss": ["loss = h_0*not_0 + h_1*not_1"],
        "the gradient, μ x̃ᵀ": [
            "G_0_0 = mu_0*x_0",
            "G_0_1 = mu_0*x_1",
            "G_1_0 = mu_1*x_0",
            "G_1_1 = mu_1*x_1",
        ],
    }


def test_class_10_comes_after_class_2():
    twelve = written(svm, 12, 0)
    assert twelve["the margins"] == [f"u_{a} = s_{a} - s_y + 1" for a in range(12)]
    assert twelve["the indicators"] == [f"on_{a} = 1{{u_{a} > 0}}" for a in range(12)]
    assert twelve["which class is the label"][:12] == [f"is_{a} = 1{{{a} = y}}" for a in range(12)]


@pytest.mark.quick("size0", "size1")
@pytest.mark.parametrize("loss", [*EXACT, cross_entropy], ids=lambda loss: loss.key)
@pytest.mark.parametrize("size", [(2, 0), (3, 2), (11, 1)])
def test_every_name_is_defined_once_and_before_it_is_used(loss, size):
    steps = stages(loss, *size)
    known = {steps.y, *steps.x, *steps.W[0, 0].free_symbols}
    names = {str(name) for name in known}
    for stage in steps:
        for name, value in stage.definitions:
            assert value.free_symbols <= known
            assert str(name) not in names
            assert str(name).isidentifier()
            known.add(name)
            names.add(str(name))
    # Two symbols that print alike could stand for different things.
    assert len(names) == len(known)


@pytest.mark.parametrize("loss", EXACT, ids=lambda loss: loss.key)
def test_the_stages_compute_the_loss_and_its_coefficients(loss):
    steps = stages(loss, 3, 0)
    definitions = [definition for stage in steps for definition in stage.definitions]
    for scores in product((-1, 0, 1), repeat=3):
        for label in range(3):
            values = {steps.x[0]: Integer(1), steps.y: Integer(label)}
            values |= {steps.W[a, 0]: Integer(scores[a]) for a in range(3)}
            for name, value in definitions:
                values[name] = value.xreplace(values)
            value, mu = loss.exact_at_scores([Fraction(score) for score in scores], label)
            assert values[steps.loss[0]] == value
            assert tuple(values[name] for name, _ in steps.mu) == mu


def test_a_kink_inside_a_kink_comes_first():
    found = written(total_violation, 2, 0)
    assert found["the margins"] == ["u_2 = h_0*not_0 + h_1*not_1 - 2"]
    assert [stage.title for stage in stages(total_violation, 2, 0)].count("the margins") == 2


def test_each_declared_value_at_a_kink_has_its_own_indicator():
    assert written(inclusive, 2, 0)["the indicators"][0] == "on_0_1 = 1{u_0 ≥ 0}"
    assert written(halfway, 2, 0)["the indicators"][0] == "on_0_1_2f_2 = step(u_0, 1/2)"
    both = loss("both", Sum(step(s[j]) + 2 * step(s[j], 1) + hinge(s[j]), (j, 0, C - 1)))
    assert written(both, 2, 0)["the indicators"] == [
        "on_0 = 1{u_0 > 0}",
        "on_0_1 = 1{u_0 ≥ 0}",
        "on_1 = 1{u_1 > 0}",
        "on_1_1 = 1{u_1 ≥ 0}",
    ]


def test_a_loss_without_the_score_of_the_label_has_no_stage_for_it():
    assert "its score" not in written(one_against_all, 3, 1)
    assert "its score" in written(squared, 3, 1)


def test_a_constant_that_is_used_often_has_no_name():
    linear = loss("linear", Sum(sqrt(pi) * s[j], (j, 0, C - 1)))
    assert "what is used more than once" not in written(linear, 3, 0)
    assert written(linear, 3, 0)["the gradient, μ x̃ᵀ"][0] == "G_0_0 = sqrt(pi)*x_0"


def test_the_number_of_steps_is_proportional_to_the_entries_of_w():
    def steps(classes, features):
        return sum(len(stage.definitions) for stage in stages(svm, classes, features))

    assert steps(10, 64) == 650 + 83
    assert steps(10, 129) == 1300 + 83
    assert steps(20, 64) == 1300 + 163


def test_the_names_are_the_same_in_every_process():
    """Here, and in one that hashes otherwise."""
    program = (
        "from losses_and_data import *; from gradbook.emit.stages import stages\n"
        "print([list(stages(loss, 11, 1)) for loss in (svm, total_violation, cross_entropy)])"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    there = subprocess.check_output(
        [sys.executable, "-c", program],
        env={**os.environ, "PYTHONHASHSEED": "1", "PYTHONPATH": path},
        text=True,
    )
    here = [list(stages(loss, 11, 1)) for loss in (svm, total_violation, cross_entropy)]
    assert "on_10" in there
    assert f"{here}\n" == there


@pytest.mark.parametrize("size", [1, 0, -3, 2.0, 2.5, "3", None, True])
def test_a_number_of_classes_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match=f"^classes must be an integer ≥ 2, not {size!r}$"):
        stages(svm, size, 2)


@pytest.mark.parametrize("size", [-1, 1.0, "2", None, False])
def test_a_number_of_features_that_is_none_is_refused(size):
    with pytest.raises(ValueError, match=f"^features must be an integer ≥ 0, not {size!r}$"):
        stages(svm, 3, size)


@pytest.mark.parametrize("kink", [Max(0, s[j]), Heaviside(s[j]), Abs(Max(s[j], s[y]))])
def test_a_kink_whose_value_is_not_declared_is_refused(kink):
    with pytest.raises(ValueError, match=r"^formula must declare its kinks with hinge or step"):
        loss("undeclared", Sum(kink, (j, 0, C - 1)))
    assert stages(loss("smooth", Sum(exp(s[j]) * hinge(s[y]), (j, 0, C - 1))), 2, 1)
