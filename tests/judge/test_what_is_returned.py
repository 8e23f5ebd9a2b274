"""What comes in the place of a loss or a gradient and is none is wrong, whatever else is right."""

from collections import namedtuple
from dataclasses import dataclass, replace

import numpy as np
import pytest
from edited import edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.detect import detect
from gradbook.judge.judge import not_looked_at
from gradbook.questions.deck import deck
from gradbook.subjects import InProcess
from gradbook.subjects.promises import promises_of

right = edited()


def asked(function):
    """What it is found to return, and what is wrong with its first answers."""
    subject = InProcess(function)
    convention = detect(subject, svm)
    replies = [ask(subject, convention, question) for question in deck(svm)[:2]]
    return convention.returns, {reply.error for reply in replies}


class Changing:
    """Another array each time that it is read."""

    def __init__(self, array):
        self.array = array

    def __array__(self, dtype=None, copy=None):
        self.array = self.array + 1
        return self.array


INSTEAD = {
    "None": lambda dW: None,
    "a str": lambda dW: "see the report",
    "a complex": lambda dW: 1j,
    "complex128": lambda dW: dW + 0j,
    "object": lambda dW: dW.astype(object),
    "shape (0,)": lambda dW: np.array([]),
    "a masked array": lambda dW: np.ma.masked_where(np.ones(dW.shape, bool), dW),
    "a function": lambda dW: lambda: dW,
    "a list of 2": lambda dW: [[1.0, 2.0], [3.0]],
    "a Changing": Changing,
}


@pytest.mark.parametrize("words", INSTEAD)
def test_what_is_no_usable_gradient_is_an_error_in_its_place(words):
    def svm_loss(W, X, y, reg):
        value, second = right(W, X, y, reg)
        return value, INSTEAD[words](second)

    returns, errors = asked(svm_loss)
    assert returns == "loss and gradient"
    assert all(words in error and "in place of a gradient" in error for error in errors)


def test_a_masked_array_that_hides_nothing_is_an_array():
    def svm_loss(W, X, y, reg):
        value, dW = right(W, X, y, reg)
        return value, np.ma.asarray(dW)

    assert asked(svm_loss) == ("loss and gradient", {""})


def test_a_loss_in_words_is_no_loss():
    def svm_loss(W, X, y, reg):
        value, dW = right(W, X, y, reg)
        return str(value), dW

    assert asked(svm_loss) == ("loss and gradient", {"returns a str in place of a loss"})


@pytest.mark.thorough
def test_a_gradient_that_one_return_statement_gives_is_missed_where_another_does_not():
    def svm_loss(W, X, y, reg):
        loss, dW = right(W, X, y, reg)
        if reg >= 0:
            return loss
        return loss, dW

    assert asked(svm_loss) == ("loss and gradient", {"returns nothing in place of a gradient"})
    assert judge(InProcess(svm_loss), svm).status == "wrong"


def test_what_is_kept_beside_the_loss_takes_no_gradients_place():
    def svm_forward(W, X, y, reg):
        return right(W, X, y, reg)[0], (W, X, y)

    assert asked(svm_forward) == ("loss", {""})


@pytest.mark.quick("a number for each", "a dict")
@pytest.mark.parametrize(
    ("second", "words"),
    [
        (lambda W, X: np.linalg.norm(W), "a number"),
        (lambda W, X: (X @ W).max(axis=1), "a number for each example"),
        (lambda W, X: X @ W, "an array with a row for each example"),
        (lambda W, X: {"accuracy": 1.0}, "a dict of 1"),
    ],
)
def test_what_comes_with_a_loss_and_is_no_gradient_is_said_not_to_be_judged(second, words):
    def svm_loss(W, X, y, reg):
        return right(W, X, y, reg)[0], second(W, X)

    convention = detect(InProcess(svm_loss), svm)
    assert (convention.returns, convention.beside) == ("loss", words)
    (fault,) = not_looked_at(convention)
    assert fault.sentence == f"only its loss is judged: with it comes {words}, which is no gradient"
    assert not_looked_at(replace(convention, beside="")) == []


def a_number_for_a_gradient(W, X, y, reg):
    """Returns a tuple of:

    - loss as single float
    - gradient with respect to weights W; an array of same shape as W
    """


def cache_for_later(W, X, y, reg):
    """Returns the loss, and a cache needed for the gradient, which backward computes."""


def svm_grad(W, X, y):
    """The slope."""


def loss_without_grad(W, X, y):
    """Returns the loss. The gradient is computed elsewhere."""


def none_under_its_name(W, X, y):
    return {"loss": 0.0, "dW": None}


def scores_under_theirs(W, X, y):
    return {"loss": 0.0, "scores": X @ W}


@pytest.mark.parametrize(
    ("function", "promised"),
    [
        (a_number_for_a_gradient, True),
        (cache_for_later, False),
        (svm_grad, True),
        (loss_without_grad, False),
        (none_under_its_name, True),
        (scores_under_theirs, False),
    ],
)
def test_a_gradient_is_promised_by_a_functions_own_words(function, promised):
    assert promises_of(function).gradient is promised


@dataclass(slots=True)
class Slots:
    loss: float
    gradient: np.ndarray


Pair = namedtuple("Pair", ["gradient", "value"])


class Properties:
    def __init__(self, loss, dW):
        self.both = loss, dW

    @property
    def loss(self):
        return self.both[0]

    @property
    def grad(self):
        return self.both[1]


def one_after_the_other(loss, dW):
    yield loss
    yield dW


@pytest.mark.parametrize(
    "container",
    [Slots, Properties, one_after_the_other, lambda loss, dW: Pair(dW, loss)],
    ids=["slots", "properties", "generator", "named tuple"],
)
def test_loss_and_gradient_are_found_in_whatever_holds_them(container):
    def svm_loss(W, X, y, reg):
        return container(*right(W, X, y, reg))

    assert asked(svm_loss) == ("loss and gradient", {""})
