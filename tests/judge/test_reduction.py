"""The sum over the examples is a convention where loss and gradient agree, and else a fault."""

import numpy as np
import pytest
from edited import edited

from derivation.multiclass_svm import svm
from gradbook.judge import Forced, judge
from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.detect import detect
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.example import in_words
from gradbook.judge.explain.fault import Fault
from gradbook.judge.penalties.forms import Form
from gradbook.questions.deck import generic
from gradbook.subjects import InProcess

LOSS, GRADIENT = "margins.sum() / N", "X.T.dot(mask) / N"
SUMS = ((LOSS, "margins.sum()"), (GRADIENT, "X.T.dot(mask)"))


def convention_of(*changes, forced=None):
    return detect(InProcess(edited(*changes)), svm, forced)


@pytest.mark.parametrize("reg", ["reg", "0 * reg"])
def test_sums_in_loss_and_gradient_alike_are_a_convention(reg):
    found = convention_of(*SUMS, ("N, C = ", f"reg = {reg}; N, C = "))
    assert found.summed
    assert "the sum over the examples, not the mean" in str(found)


@pytest.mark.quick("changes1")
@pytest.mark.parametrize("changes", [(), SUMS[:1], SUMS[1:]])
def test_a_sum_in_one_of_them_alone_is_none(changes):
    assert not convention_of(*changes).summed


def test_sums_with_a_wrong_row_are_sums():
    assert convention_of(*SUMS, ("-mask.sum(axis=1)", "-1")).summed


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_person_may_say_which_is_meant(reduction):
    forced = Forced(reduction=reduction)
    for changes in ((), SUMS):
        assert convention_of(*changes, forced=forced).summed == (reduction == "sum")


def test_a_gradient_alone_is_judged_as_the_mean():
    function = edited(*SUMS, ("return loss, dW", "return dW"))
    assert not detect(InProcess(function), svm).summed


@pytest.mark.thorough
def test_a_sum_with_a_wrong_penalty_has_no_other_fault():
    judged = judge(InProcess(edited(*SUMS, ("2 * reg * W", "reg * W"))), svm)
    assert judged.status == "wrong"
    (finding,) = judged.findings
    assert finding.sentence.startswith("the penalty is reg·ΣW², but its gradient is reg·W, not 2·")
    assert finding.code == "GB601"


@pytest.mark.parametrize(
    ("averaged", "said"), [(True, "the penalty is reg·ΣW²"), (False, "the penalty is n·reg·ΣW²")]
)
def test_the_penalty_of_a_sum_is_said_as_the_function_has_it(averaged, said):
    assert said in str(Convention(penalty=Form(1.0, divisor=" / n" * averaged), summed=True))


def test_an_example_shows_what_the_function_itself_returns():
    convention = Convention(order=("W", "X", "y", "reg"), summed=True)
    question = generic(svm, 2, 3, 3, np.random.default_rng(1))
    reply = ask(InProcess(edited((LOSS, "1 + margins.sum()"), SUMS[1])), convention, question)
    right = question.right.loss.sum()
    shown = in_words(Fault("", shown_by=Observation(question, reply, convention)))
    assert f"loss {right + 1:g}, exactly {right:g}" in shown
