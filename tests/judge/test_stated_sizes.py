"""Functions that state their sizes are judged at these, and said to be."""

import numpy as np
import pytest
from edited import LOOPS, edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.base_set import base_set
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.detect import detect
from gradbook.judge.convention.sizes import fits, fitted, native, settled_sizes, stated_shapes
from gradbook.judge.penalties.forms import Form
from gradbook.questions.deck import generic
from gradbook.subjects import InProcess
from gradbook.subjects.numbers_written import numbers_of_code

TEN = ("range(C)", "range(10)")
START = "N, C = X.shape[0], W.shape[1]"


def sizes_of(*changes, of=LOOPS):
    found = detect(InProcess(edited(*changes, of=of)), svm)
    return found.stated


@pytest.mark.parametrize(
    ("changes", "sizes"),
    [
        ([TEN], (10, 0, 0)),
        ([(START, f"{START}; assert W.shape == (7, 3)")], (3, 7, 0)),
        ([(START, f"{START}; assert X.shape[1] == 12")], (0, 12, 0)),
        ([("np.zeros(W.shape)", "np.zeros((30, 4))")], (4, 30, 0)),
        ([(START, f"{START}; assert N == 200")], (0, 0, 200)),
        ([("range(N)", "range(100)")], (0, 0, 100)),
        ([], (0, 0, 0)),
        # What fails at some sizes that it does not state is wrong there.
        ([(START, f"{START}; assert C != N - 1")], (0, 0, 0)),
        ([(START, f"{START}; C = min(C, 10)")], (0, 0, 0)),
        ([(START, f"{START}; N = min(N, 200)")], (0, 0, 0)),
    ],
)
def test_sizes_are_those_that_are_written_and_at_which_alone_it_answers(changes, sizes):
    assert sizes_of(*changes) == sizes


@pytest.mark.parametrize(("C", "D"), [(10, 0), (3, 5), (0, 9), (4, 30)])
def test_a_question_of_other_sizes_has_the_same_answer_there(C, D):
    question = generic(svm, 5, 4, 3, np.random.default_rng(3))
    asked = fitted(question, C, D)
    assert asked.W.shape == (C or 3, D or 4 + bool(C))
    assert np.array_equal(asked.right.loss, question.right.loss)
    convention = Convention(classes=C, features=D)
    reply = ask(InProcess(edited(of=LOOPS)), convention, question)
    assert np.allclose(reply.gradient, question.right.mu.T @ question.X / 5)


def test_a_question_of_fewer_examples_is_put_with_each_of_them_as_often():
    question = generic(svm, 5, 4, 3, np.random.default_rng(3))
    convention = Convention(penalty=Form(1.0), batch=20)
    only_20 = InProcess(edited((START, f"{START}; assert N == 20"), of=LOOPS))
    reply = ask(only_20, convention, question)
    assert np.allclose(reply.gradient, question.right.mu.T @ question.X / 5)
    assert {one.n for _, one in base_set(svm, convention).pairs} == {20}
    assert {one.n for one in base_set(svm, convention).usual} == {1, 2, 4, 5, 10, 20}


def test_what_is_added_where_no_example_adds_anything_is_noticed():
    question = generic(svm, 5, 4, 3, np.random.default_rng(3))
    wrong = InProcess(edited(("dW / N +", "dW / N + 1 +"), of=LOOPS))
    assert "where no example adds to it" in ask(wrong, Convention(classes=10), question).error


def test_weights_with_a_penalty_are_asked_for_all_classes():
    question = generic(svm, 5, 4, 3, np.random.default_rng(3))
    assert native(question, 10).W.shape == (10, 4)
    assert native(question, 2).y.max() <= 1
    assert native(question, 0) is question
    pairs = base_set(svm, Convention(penalty=Form(1.0), classes=10)).pairs
    assert {one.C for _, one in pairs} == {10}


def test_only_what_fits_is_asked():
    convention = Convention(order=("W", "X", "y"), classes=3, features=6)
    asked = base_set(svm, convention)
    assert len(asked) > 100
    assert all(fits(one, 3, 6) for one in asked.in_order(0))
    assert not fits(generic(svm, 5, 6, 2, np.random.default_rng(3)), 3, 6)


def test_a_wrong_row_is_wrong_at_the_sizes_that_are_stated():
    changes = [TEN, ("dW[:, y[i]] -= X[i]", "pass")]
    judged = judge(InProcess(edited(*changes, of=LOOPS)), svm)
    assert judged.findings[0].sentence == "in the gradient, row y stays 0"
    assert "it is made for C = 10, and judged there" in str(judged.convention)


@pytest.mark.thorough
def test_a_right_one_is_right_there():
    assert judge(InProcess(edited(TEN, of=LOOPS)), svm).status == "right"


def test_numbers_are_read_from_functions_inside_as_well():
    def outer():
        return lambda W: W.reshape(3073, 10) + 1 + 2.5

    assert set(numbers_of_code(outer.__code__)) == {3073, 10}
    assert numbers_of_code(None) == ()


def test_stated_shapes_have_sizes_that_differ():
    shapes = stated_shapes((3073, 10))
    assert shapes[0] == (4, 3073, 10)
    assert all(len(set(shape)) == 3 for shape in shapes)


def test_a_size_that_is_written_but_not_needed_is_none():
    assert settled_sizes(lambda n, D, C: True, (4, 3073, 10), (3073, 10, 4)) == (0, 0, 0)
