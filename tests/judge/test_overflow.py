"""Where no number comes out: which examples make it so is said, and what else is wrong."""

import numpy as np
import pytest

import gradbook
from gradbook.judge.beside.overflow import overflow
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.convention.forced import Forced
from gradbook.judge.convention.reply import Reply
from gradbook.judge.judge import judge
from gradbook.questions.question import Question
from gradbook.subjects import InProcess

softmax = gradbook.read("derivation/softmax.md").loss
#: The label's score, 0, beside another one.
OTHERS = (1.0, 3.0, -5.0, 720.0, 746.0, 1000.0)


def observed(answer):
    """What a function answers where the label's score is 0, with the other score in W."""
    questions = [
        Question(softmax, np.array([[0.0], [other]]), np.ones((1, 1)), np.array([0]))
        for other in OTHERS
    ]
    return [
        Observation(question, answer(question, other), Convention())
        for question, other in zip(questions, OTHERS, strict=True)
    ]


def right(question, loss=None):
    gradient = question.right.mu.T @ question.X
    return Reply(loss=question.right.loss.mean() if loss is None else loss, gradient=gradient)


def failed(raised):
    return Reply(error=f"raises {raised}", raised=raised.partition(":")[0])


@pytest.mark.parametrize(
    "raised", ["ValueError: expected a positive input", "ZeroDivisionError: division"]
)
def test_a_logarithm_of_0_that_raises_has_the_cause_of_one_that_is_infinite(raised):
    def infinite(question, other):
        return right(question, np.inf) if other > 745 else right(question)

    def raises(question, other):
        return failed(raised) if other > 745 else right(question)

    (quietly,), (loudly,) = (
        overflow(softmax, observed(each)).faults for each in (infinite, raises)
    )
    assert (quietly.code, loudly.code) == ("GB503", "GB503")
    assert (quietly.kind, loudly.kind) == ("numerical", "exact")
    assert loudly.sentence == f"{quietly.sentence}: it raises {raised}"


def test_other_exceptions_are_no_overflow():
    seen = observed(
        lambda question, other: failed("IndexError: 7") if other > 745 else right(question)
    )
    assert overflow(softmax, seen).faults == ()
    assert overflow(softmax, seen).rest(seen) == seen


def test_a_value_that_is_refused_elsewhere_is_no_overflow_beside_wrong_numbers():
    seen = observed(
        lambda question, other: (
            failed("ValueError: no")
            if other == 3
            else right(question, question.right.loss.mean() + 1)
        )
    )
    assert overflow(softmax, seen).rest(seen) == seen


def odd(wrong):
    """No number for no known reason, and elsewhere a loss that is so much too large."""
    return observed(
        lambda question, other: right(
            question, np.nan if other == 3 else question.right.loss.mean() + wrong
        )
    )


def test_beside_wrong_numbers_what_is_no_number_for_no_known_reason_is_left_aside():
    seen = odd(wrong=1.0)
    found = overflow(softmax, seen)
    assert found.faults == ()
    assert [one.reply.loss is None for one in found.rest(seen)] == [each == 3 for each in OTHERS]


def test_alone_it_is_looked_into():
    seen = odd(wrong=0.0)
    assert overflow(softmax, seen).rest(seen) == seen


def underflowing(W, X, y):
    scores = X @ W.T
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    own = np.arange(len(y)), y
    loss = -np.log(p[own]).mean()
    p[own] -= 1
    return loss, p.T @ X / len(y)


def test_what_overflows_is_nothing_wrong_either_where_no_causes_are_looked_for():
    assert judge(InProcess(underflowing), softmax, forced=Forced(without=("causes",))).passed
