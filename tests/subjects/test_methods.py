"""Methods of classes: which are found, and how they are called."""

import numpy as np
import pytest

from gradbook.subjects.candidates import candidates
from gradbook.subjects.loading import load
from gradbook.subjects.source import read_source

CLASS = """
import numpy as np

class LinearSVM:
    def __init__(self, features, lam=0.5):
        self.W, self.lam = np.zeros(features), lam

    def scores(self, X):
        return X.dot(self.W)

    def loss(self, X, y):
        return float(self.scores(X).sum()) + self.lam

    def step(self, X, y):
        self.W = self.W - 1.0

    def loss_and_step(self, X, y):
        self.step(X, y)
        return self.loss(X, y)

    def loss_of(self, W, X, y, reg):
        return float(X.dot(W).sum()) + reg

    @staticmethod
    def hinge_loss(W, X, y):
        return 1.0

    @property
    def margin_loss(self):
        return 0.0

class Abstract:
    def loss(self, X, y, reg):
        \"\"\"To be written.\"\"\"
        raise NotImplementedError

class Softmax:
    def loss(self, X, y, reg):
        return self.W.sum()
"""


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "classes.py"
    file.write_text(CLASS)
    return file


def called(path, name, *arguments):
    return load(path, f"LinearSVM.{name}").function(*arguments)


def data():
    return np.ones((2, 3)), np.ones((4, 2)), np.zeros(4, int)


def test_methods_that_look_like_the_loss_are_candidates(path):
    names = ("loss", "loss_and_step", "loss_of", "hinge_loss")
    assert candidates(read_source(path)) == [f"LinearSVM.{name}" for name in names]


def test_what_is_read_of_self_is_an_argument_also_where_another_method_reads_it(path):
    W, X, y = data()
    assert called(path, "loss", W, 0.25, X, y) == 24.25


def test_a_method_without_state_and_one_without_self_take_their_own_arguments(path):
    W, X, y = data()
    assert called(path, "loss_of", W, X, y, 2.0) == 26.0
    assert called(path, "hinge_loss", W, X, y) == 1.0


def test_a_change_of_self_is_a_change_of_the_argument(path):
    W, X, y = data()
    called(path, "loss_and_step", W, 0.0, X, y)
    assert (W == 0).all()


def test_it_is_said_what_is_set_before_each_call(path):
    remarks = load(path, "LinearSVM.loss").remarks
    assert any("self.W" in remark and "set before each call" in remark for remark in remarks)
