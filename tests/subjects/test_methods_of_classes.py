"""Methods of classes as functions: which are found, what they read, and how they are judged."""

import textwrap
from contextlib import closing

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.subjects import Isolated, Obstacle
from gradbook.subjects.calls import Caller
from gradbook.subjects.candidates import candidates
from gradbook.subjects.loading import load
from gradbook.subjects.source import read_source

BODY = """
        r = np.arange(len(y))
        scores = X @ self.W
        margins = np.maximum(0, scores - scores[r, y][:, None] + 1)
        margins[r, y] = 0
        M = (margins > 0).astype(float)
        M[r, y] = -M.sum(axis=1)
        loss = margins.sum() / len(y) + reg * np.sum(self.W ** 2)
        return loss, X.T @ M / len(y) + 2 * reg * self.W
"""


@pytest.fixture
def read(tmp_path):
    made = []

    def make(text, name):
        path = tmp_path / "mine.py"
        path.write_text("import numpy as np\n" + textwrap.dedent(text))
        made.append(Isolated(path, name))
        return made[-1]

    yield make
    for one in made:
        one.close()


def method(head="loss(self, X, y, reg)", body=BODY, init=""):
    return f"class LinearSVM:\n    {init or 'pass'}\n    def {head}:{body}"


def found(tmp_path, text):
    path = tmp_path / "mine.py"
    path.write_text(textwrap.dedent(text))
    return candidates(read_source(path))


@pytest.mark.thorough
def test_a_method_that_reads_its_weights_is_right_in_the_convention_of_a_function(read):
    subject = read(method(), "LinearSVM.loss")
    assert subject.parameters == ("self.W", "X", "y", "reg")
    judged = judge(subject, svm)
    assert judged.status == "right", (judged.reason, judged.findings)
    assert "self.W set anew before each call" in judged.remarks[-1]


def test_a_wrong_method_is_wrong_and_its_example_makes_an_object(read):
    text = method(body=BODY.replace("= -M.sum", "= M.sum"))
    judged = judge(read(text, "LinearSVM.loss"), svm)
    assert judged.findings[0].sentence == "in the gradient, row y has the wrong sign"
    assert "model = LinearSVM()\nmodel.W = W\n" in judged.example
    names = {"np": np}
    exec("import numpy as np\n" + text, names)
    exec(judged.example, names)


def test_a_method_that_takes_its_weights_needs_no_state(read):
    text = method("loss_naive(self, W, X, y, reg)", BODY.replace("self.W", "W"))
    subject = read(text, "LinearSVM.loss_naive")
    assert subject.parameters == ("W", "X", "y", "reg")
    assert judge(subject, svm).status == "right"


@pytest.mark.thorough
def test_a_strength_and_a_bias_that_are_read_are_arguments_too(read):
    body = BODY.replace("reg *", "self.lam *").replace("X @ self.W", "self.scores(X)")
    text = method("loss(self, X, y)", body, init="def __init__(self, size, lam): self.lam = lam")
    text += "    def scores(self, X):\n        return X @ self.W + self.b\n"
    subject = read(text, "LinearSVM.loss")
    assert subject.parameters == ("self.W", "self.b", "self.lam", "X", "y")
    judged = judge(subject, svm)
    assert judged.status == "right", (judged.reason, judged.findings)
    assert "the penalty is reg·ΣW²" in str(judged.convention)


@pytest.mark.thorough
def test_weights_that_a_method_changes_are_found_changed(read):
    text = method(body=BODY.replace("        return", "        self.W -= 0.5\n        return"))
    judged = judge(read(text, "LinearSVM.loss"), svm)
    assert "it changes its input self.W" in judged.findings[0].sentence


@pytest.mark.parametrize(
    ("change", "changed"),
    [
        ("self.delta *= 0.5", "self.delta"),
        ("SVM.delta = 2.0", "self.delta"),
        ("setattr(type(self), 'delta', 2.0)", "self.delta"),
        ("config['reg'] *= 0.9", "config['reg']"),
        ("config.pop('reg')", "config['reg']"),
        ("self.count, config = 3, {'reg': 2 * config['reg']}", ""),
    ],
)
def test_a_number_that_a_call_changes_for_the_next_is_found_changed(tmp_path, change, changed):
    path = tmp_path / "mine.py"
    path.write_text(
        "class SVM:\n    delta = 1.0\n    def loss(self, W, config):\n"
        f"        loss = config['reg'] + self.delta\n        {change}\n        return loss, W\n"
    )
    call = Caller(load(path, "SVM.loss").function)
    assert call.parameters == ("self.delta", "W", "config['reg']")
    for _ in range(2):
        answer = call([1.0, np.ones((2, 2)), 0.5], {})
        assert (answer.loss, answer.changed) == (1.5, (changed,) if changed else ())


def test_a_class_or_method_that_is_not_there_is_said(read):
    with pytest.raises(Obstacle, match=r"has no method LinearSVM\.gradient"):
        read(method(), "LinearSVM.gradient")


@pytest.mark.parametrize(
    "head",
    [
        "loss(self, X_batch, y_batch, reg)",
        "svm_loss(self, X, y)",
        "loss_and_gradient(self, W, X, y, reg=0.1)",
    ],
)
def test_a_method_that_looks_like_a_loss_is_found(tmp_path, head):
    name = head.partition("(")[0]
    text = f"class SVM:\n    def {head}:\n        s = X @ self.W\n        return s\n"
    assert found(tmp_path, text) == [f"SVM.{name}"]


@pytest.mark.parametrize(
    "used",
    [
        "s = self.p['W1'], self.p['b1'], self.p['W2']",
        "s = (X @ self.p['W1'] + self.p['b1']) @ self.p['W2']",
        "p = self.p; s = p['W1'], p['b1'], p['W2']",
        "s = [self.p[k] for k in ('W1', 'b1', 'W2')]",
    ],
)
def test_a_network_is_asked_with_each_of_its_weights(tmp_path, used):
    text = f"class Net:\n    def loss(self, X, y):\n        {used}\n        return s\n"
    assert found(tmp_path, text) == ["Net.loss"]
    with closing(Isolated(tmp_path / "mine.py", "Net.loss")) as subject:
        names = [f"self.p['{name}']" for name in ("W1", "W2", "b1")]
        assert [*subject.parameters] == [*names, "X", "y"]


@pytest.mark.parametrize(
    "text",
    [
        "class Base:\n    def loss(self, X, y, reg):\n        pass\n",
        "class Logistic:\n    def loss(self, X, y):\n        s = X @ self.W\n        return s\n",
        "class SVM:\n    def loss(self, X, y, reg):\n        return svm_loss(self.W, X, y, reg)\n",
        "class SVM:\n    def fit(self, X, y):\n        s = X @ self.W\n        return s\n",
        "class SVM:\n    def loss(self, s, y, reg):\n        s += 1\n        return s\n",
        "class Net:\n    def loss(self, X, y, reg):\n        s = self.p['k1']\n        return s\n",
    ],
)
def test_a_method_that_is_something_else_or_passes_on_is_not(tmp_path, text):
    assert found(tmp_path, text) == []


def test_a_method_of_any_name_counts_where_no_other_is_found_if_it_compares(tmp_path):
    compares = "class SVM:\n    def _obj(self, W, X, y):\n        return W @ X > y\n"
    assert found(tmp_path, compares) == ["SVM._obj"]
    assert found(tmp_path, compares.replace(">", "+")) == []
    assert found(tmp_path, compares.replace("_obj", "fit")) == []
    assert found(tmp_path, compares + "def svm_loss(W, X, y):\n    pass\n") == ["svm_loss"]


CLASS = """
import numpy as np

class LinearSVM:
    def __init__(self, features, lam=0.5):
        self.W, self.lam, self.rate = np.zeros(features), lam, 1.0

    @property
    def scale(self):
        return self.rate

    def scores(self, X):
        return self.scale * X.dot(self.W)

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


def test_methods_that_are_called_a_loss_are_candidates_and_a_step_is_none(path):
    names = ("loss", "loss_and_step", "loss_of", "hinge_loss")
    assert candidates(read_source(path)) == [f"LinearSVM.{name}" for name in names]


def test_what_the_constructor_sets_is_there_and_what_is_read_is_an_argument(path):
    W, X, y = data()
    assert called(path, "loss", W, 0.25, X, y) == 24.25


def test_a_method_without_state_and_one_without_self_take_their_own_arguments(path):
    W, X, y = data()
    assert called(path, "loss_of", W, X, y, 2.0) == 26.0
    assert called(path, "hinge_loss", W, X, y) == 1.0


def test_another_array_in_the_place_of_the_weights_is_a_change_of_the_argument(path):
    W, X, y = data()
    called(path, "loss_and_step", W, 0.0, X, y)
    assert (W == 0).all()


SIZED = """
class SVM:
    def __init__(self, num_features, num_classes, lr=0.1):
        self.grad = np.zeros((num_features, num_classes))

    def loss(self, W, X, y, reg):
        self.grad[:] = 0
        r = np.arange(len(y))
        scores = X @ W
        margins = np.maximum(0, scores - scores[r, y][:, None] + 1)
        margins[r, y] = 0
        M = (margins > 0).astype(float)
        M[r, y] = -M.sum(axis=1)
        self.grad += X.T @ M / len(y)
        return margins.sum() / len(y) + reg * np.sum(W ** 2), self.grad + 2 * reg * W
"""


@pytest.mark.thorough
def test_what_is_made_of_the_numbers_of_classes_and_features_is_made_for_each_of_them(read):
    assert judge(read(SIZED, "SVM.loss"), svm).passed
    kept = judge(read(SIZED.replace("        self.grad[:] = 0\n", ""), "SVM.loss"), svm)
    assert kept.status == "wrong"
    assert "it keeps something between the calls" in kept.findings[0].sentence
    assert "each call adds to" in kept.findings[0].sentence


OF_DATA = """
class Objective:
    def __init__(self, X, y, reg=0.5):
        self.X, self.y, self.reg, self.kept = X, y, reg, None

    def loss(self, W):
        if self.kept is None:
            self.kept = self.X.sum()
        return self.kept + self.reg * W.sum()
"""


def test_an_object_that_is_made_of_examples_is_another_one_for_others(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(OF_DATA)
    form = load(path, "Objective.loss").function
    assert form.parameters == ("self.reg", "W", "X", "y")
    W, X, y = data()
    assert [form(reg, W, X * by, y) for by, reg in ((1, 0), (3, 0), (3, 2))] == [8, 24, 36]
    made = form.stages[0].make({"X": X, "y": y})
    assert made is form.stages[0].make({"X": X.copy(), "y": y})
    assert made is not form.stages[0].make({"X": -X, "y": y})
