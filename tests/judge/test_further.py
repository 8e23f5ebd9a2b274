"""Further questions find a threshold where the first ones left a gap, and are not asked in vain."""

import sys

import numpy as np
import pytest
from edited import LOOPS, VECTORIZED, edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.convention.reply import Reply
from gradbook.judge.explain.diagnosis import confined
from gradbook.judge.explain.more_questions import further
from gradbook.judge.explain.where import where
from gradbook.questions.conditions import Condition
from gradbook.questions.deck import generic
from gradbook.subjects import InProcess

RETURN = "return loss, dW"
ROW_Y, ROW_J = "dW[:, y[i]] -= X[i]", "dW[:, j] += X[i]"


def found(*changes, of=LOOPS):
    judged = judge(InProcess(edited(*changes, of=of)), svm)
    assert judged.status == "wrong"
    return [one.sentence for one in judged.findings]


@pytest.mark.quick("C > 16")
@pytest.mark.parametrize(
    ("factor", "condition"),
    [
        ("2 if C > 16 else 1", "C > 16"),
        ("2 if C >= 64 else 1", "C > 63"),
        ("2 if N > 20 else 1", "n > 20"),
        ("2 if N >= 256 else 1", "n > 255"),
        ("2 if W.shape[0] > 100 else 1", "D > 100"),
        ("2 if C < 4 else 1", "C < 4"),
        ("2 if np.linalg.norm(W) > 10 else 1", "‖W‖ > 10"),
        ("2 if np.abs(X).max() > 100 else 1", "the largest |feature| is above 100"),
        ("2 if np.linalg.norm(dW / N) > 5 else 1", "the norm of the gradient is above 5"),
        ("2 if X.dot(W).max() > 8 else 1", "the largest score is above 8"),
        ("2 if N % 3 == 0 else 1", "n is a multiple of 3"),
        ("2 if N == C else 1", "n = C"),
        ("2 if N > 1 and (np.diff(y) >= 0).all() else 1", "n > 1 and the labels are sorted"),
        ("2 if y[0] == 0 else 1", "the first label is 0"),
    ],
)
def test_the_condition_of_a_factor_is_found_exactly(factor, condition):
    sentences = found(("dW / N", f"dW / N * ({factor})"))
    assert sentences[0] == f"right unless {condition}; there, the gradient is twice the right one"


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("factor", "condition"),
    [
        ("y[i] != 0", "y = 0"),
        ("y[i] < 3", "y > 2"),
        ("y[i] % 2 == 0", "y is odd"),
        ("y[i] != C - 1", "y is the last class"),
        ("scores[y[i]] <= 2", "s_y > 2"),
        ("((scores - scores[y[i]] + 1) > 0).sum() - 1 < 4", "there are more than 3 active margins"),
    ],
)
def test_the_condition_of_each_example_is_found_exactly(factor, condition):
    sentences = found((ROW_Y, f"{ROW_Y} * ({factor})"))
    assert sentences == [f"in the gradient, in row y, the examples where {condition} do not count"]


@pytest.mark.thorough
def test_what_else_is_done_to_some_examples_is_said_of_these():
    once = "1 / max(1, (scores - scores[y[i]] + 1 > 0).sum() - 1)"
    sentences = found((ROW_Y, f"{ROW_Y} * (1 if y[i] != 1 else {once})"))
    assert sentences == [
        "right but for the examples where y = 1; for these, in the gradient, row y counts one "
        "active class at most: it is −x̃ᵀ, not −Σ_{j≠y} 1{…} x̃ᵀ"
    ]


def test_a_condition_may_be_of_where_it_is_right():
    condition = Condition("C < 5", False, 1.0, lambda traits, sizes: traits[:, 0])
    few = np.array([[True], [False]])
    assert list(condition.elsewhere.of(few, few)) == [False, True]
    assert confined(condition) == "right unless C < 5; there"
    assert confined(condition.elsewhere) == "right only where C < 5; elsewhere"
    assert confined(condition.elsewhere.elsewhere) == confined(condition)


def test_two_conditions_together_tell_where_alone_it_is_right():
    rng = np.random.default_rng(4)
    shapes = [(n, C) for n in (2, 4, 7, 8, 9, 16) for C in (3, 4, 5, 8)]
    questions = [generic(svm, n, 3, C, rng) for n, C in shapes for _ in range(3)]
    seen = [Observation(one, Reply(), Convention()) for one in questions]
    wrong = [one for one in seen if one.question.C > 4 or one.question.n > 8]
    found = where(wrong, seen)
    assert (found.words, found.exactly, found.contrary) == ("C < 5 and n < 9", True, True)


def test_what_a_few_have_in_common_by_chance_is_not_said():
    rng = np.random.default_rng(4)
    questions = [generic(svm, n, 3, 4, rng) for n in (1, 2, 3, 4, 9, 12) for _ in range(6)]
    seen = [Observation(one, Reply(), Convention()) for one in questions]
    large = [one for one in seen if one.question.n > 8]
    assert str(where(large[::4], seen)) == ""
    assert where(large[::2], seen).only == ", and only where n > C"


@pytest.mark.thorough
def test_where_it_is_right_is_said_if_that_is_simpler():
    sentences = found((RETURN, "return loss, dW * (2 if C > 4 or N > 8 else 1)"))
    assert sentences[0] == (
        "right only where C < 5 and n < 9; elsewhere, the gradient is twice the right one"
    )


@pytest.mark.thorough
def test_a_fact_is_stated_with_its_exact_condition():
    sentences = found((RETURN, "return loss, dW * (1 + (C > 6) * np.sin(np.arange(C)))"))
    assert sentences[0].startswith("the gradient is wrong where C > 6: row 1 is 1.84147 x̃ᵀ")


@pytest.mark.thorough
def test_a_gradient_that_is_clipped_to_a_length_is_named_with_the_length():
    data = "dW / N * min(1, 3 / max(np.linalg.norm(dW / N), 1e-9))"
    assert found(("dW / N", data)) == [
        "the gradient is clipped to a length of 3: it is right where it is shorter, and else has "
        "this length"
    ]


@pytest.mark.quick("X[y]")
@pytest.mark.parametrize(
    ("statement", "condition"),
    [
        ("X[y]", "a label is n or more"),
        ("W[np.arange(C)]", "C > D"),
        ("np.eye(20)[N - 1]", "n > 20"),
    ],
)
def test_what_is_raised_is_said_with_its_exact_condition(statement, condition):
    start = "    for i in range(N):\n"
    sentence = found((start, f"    {statement}\n{start}"))[0]
    assert sentence.startswith("it raises IndexError")
    assert sentence.endswith(f" where {condition}")


@pytest.mark.thorough
@pytest.mark.parametrize(("most", "status"), [(63, "right"), (25, "wrong")])
def test_to_refuse_more_classes_than_courses_have_is_no_wrong_answer(most, status):
    start = "    for i in range(N):\n"
    refusing = edited((start, f"    if C > {most}: raise ValueError(C)\n{start}"), of=LOOPS)
    judged = judge(InProcess(refusing), svm)
    assert judged.status == status
    assert f"C > {most}" in judged.findings[0].sentence


@pytest.mark.thorough
def test_a_fault_that_is_everywhere_needs_no_further_question(monkeypatch):
    asked = []

    def counting(loss, observations, ask):
        asked.append(further(loss, observations, ask))
        return asked[-1]

    # The module: in the package, judge.judge is the function.
    monkeypatch.setattr(sys.modules["gradbook.judge.judge"], "further", counting)
    for change in ("pass", ROW_Y, f"{ROW_Y} * (C < 9)"):
        judge(InProcess(edited((ROW_Y, change), of=LOOPS)), svm)
    everywhere, nowhere, somewhere = map(len, asked)
    assert (everywhere, nowhere) == (0, 0)
    assert somewhere > 100


def test_a_right_function_stays_right():
    assert judge(InProcess(edited(of=VECTORIZED)), svm).passed
