"""Which functions of a file look like a loss, and which files of a folder are looked into."""

import pytest

from gradbook.subjects.candidates import candidates, left_out
from gradbook.subjects.files import listed
from gradbook.subjects.source import read_source


def found(tmp_path, *heads, letters=None):
    path = tmp_path / "mine.py"
    path.write_text("".join(f"def {head}:\n    pass\n" for head in heads))
    return candidates(read_source(path), letters)


@pytest.mark.parametrize(
    "head",
    [
        "svm_loss_naive(W, X, y, reg)",
        "svm_loss_vectorized(W, X, y, reg=0.0)",
        "L_i_vectorized(x, y, W)",
        "L(X, y, W)",
        "hinge(weights, data, labels, lam)",
        "loss_and_gradient(theta, X, Y, delta=1.0)",
        "multiclass_svm(X, y, theta)",
        "svm_grad(w, x, t)",
        "structured_loss(A, B, y)",
        "svm_loss_naive(W, X, y, reg, learning_rate=0.1)",
        "svm_loss_from_scores(W, X, y, reg, verbose=False)",
        "svm_loss_vectorized(W, X, y, reg, eps=1e-5)",
        "loss_for_the_correct_margin(W, X, y)",
        "hinge_loss(W, data, labels, learning_rate=0.1)",
        "svm_loss(x, y)",
        "svm_loss(scores, y)",
        "softmax_loss_naive(W, X, y, reg)",
        "cross_entropy(W, X, y)",
        "softmax_loss(x, y)",
        "cross_entropy_loss(logits, y)",
        "softmax_cross_entropy(s, t)",
    ],
)
def test_a_loss_is_found(tmp_path, head):
    assert found(tmp_path, head) == [head.partition("(")[0]]


@pytest.mark.parametrize(
    "head",
    [
        "cross_entropy(y_hat, y)",
        "softmax(x)",
        "softmax_predict(W, X, y)",
        "train(W, X, y, lr)",
        "train_svm(W, X, y)",
        "fit(X, y, learning_rate, W)",
        "predict(W, X, y)",
        "grad_check_sparse(f, x, analytic_grad, num_checks)",
        "eval_numerical_gradient(f, x)",
        "loss(self, X_batch, y_batch, reg)",
        "hinge_loss(x, y)",
        "svm_scores(x, w)",
        "svm(X, y, C, lr=0.1)",
        "hinge_loss(scores, y, delta)",
        "squared_loss(W, X, y)",
        "scores(W, X)",
        "num_corrects(x, y, W)",
        "compute_accuracy(X, y, W, b)",
        "acc(X, y, W)",
        "evaluate(X, y, W)",
        "computeGradsNum(X, y, W, b, lamda, h)",
        "computeGradsNum(X, y, W, b, lamda)",
        "grads(X, y, W, b, lamda, h)",
        "gradient_numerically(W, X, y, eps)",
        "add(a, b, c)",
    ],
)
def test_what_is_something_else_is_not(tmp_path, head):
    assert found(tmp_path, head) == []


def test_what_is_called_as_another_loss_is_told_apart_from_what_is_none(tmp_path):
    heads = ["logistic_loss(W, X, y)", "perceptron_cost(W, X, y)", "train(W, X, y)", "f(W, X, y)"]
    found(tmp_path, *heads)
    said = left_out(read_source(tmp_path / "mine.py"), [])
    assert [name for name, why in said.items() if "another loss" in why] == [
        "logistic_loss",
        "perceptron_cost",
    ]


def test_a_backward_pass_of_what_a_forward_pass_leaves_is_no_candidate_and_it_is_said_why(tmp_path):
    assert found(tmp_path, "affine_backward(dout, cache)", "relu(x)") == []
    said = left_out(read_source(tmp_path / "mine.py"), [])["affine_backward"]
    assert said.startswith("a backward pass alone: it takes (dout, cache), what a forward pass")


def test_the_functions_come_in_the_order_of_the_file(tmp_path):
    assert found(tmp_path, "b_loss(W, X, y)", "a_loss(W, X, y)") == ["b_loss", "a_loss"]


def test_a_layer_of_a_network_is_found_in_a_class(tmp_path):
    path = tmp_path / "mine.py"
    layer = """class SVMLayer:
    def forward(self, scores, y):
        self.active = scores > 0
        return 0.0

    def backward(self):
        return self.active
"""
    path.write_text(layer)
    assert candidates(read_source(path)) == ["SVMLayer.forward+backward"]
    path.write_text(layer.replace("> 0", "> self.delta"))
    assert candidates(read_source(path)) == ["SVMLayer.forward+backward"]
    path.write_text(layer.replace("> 0", "> self.W"))
    assert candidates(read_source(path)) == []
    path.write_text(layer.replace("SVM", "Dropout"))
    assert candidates(read_source(path)) == []


def test_of_a_folder_the_files_and_notebooks_are_looked_into(tmp_path):
    for name in (
        "b.py",
        "a.ipynb",
        "notes.txt",
        ".hidden.py",
        "sub/c.py",
        "__pycache__/d.py",
        ".ipynb_checkpoints/a.ipynb",
        "venv/lib/e.py",
        "venv/pyvenv.cfg",
        "env/f.py",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("")
    names = [path.relative_to(tmp_path).as_posix() for path in listed(tmp_path)[0]]
    assert names == ["a.ipynb", "b.py", "env/f.py", "sub/c.py"]


def test_a_gradient_goes_with_the_loss_of_its_own_name(tmp_path):
    heads = ["affine_backward(dout, cache)", "svm_forward(W, X, y, reg)", "svm_backward(cache)"]
    assert found(tmp_path, *heads) == ["svm_forward+svm_backward"]


@pytest.mark.parametrize(
    ("head", "counts"),
    [
        ("ridge(A, t, v, lam)", True),
        ("ridge(v, A, t, lam, verbose=False)", True),
        ("ridge(params, A, t, reg)", True),
        ("objective(coef, A, targets, reg)", True),
        ("objective(p, q, r, s)", True),
        ("combine(p, q, r, s)", False),
        ("train(A, t, v, lam)", False),
        ("ridge(A, t, v)", False),
        ("ridge(A, t, v, lam, other)", False),
    ],
)
def test_with_a_page_what_takes_its_letters_is_judged(tmp_path, head, counts):
    letters = {
        "A": ("W", "X", ""),
        "t": ("b", "W", "X", "y", ""),
        "v": ("b", "W", "X", "y", ""),
        "lambda_": ("reg", "b", "margin", "y", ""),
    }
    assert found(tmp_path, head, letters=letters) == [head.partition("(")[0]] * counts
    said = left_out(read_source(tmp_path / "mine.py"), [], letters)
    assert "W, X and y" not in str(said)


def test_a_loss_with_its_gradient_is_no_gradient_of_another(tmp_path):
    heads = "loss(W, X, y)", "objective_and_grad(W, X, y)"
    assert found(tmp_path, *heads) == ["loss", "objective_and_grad"]
