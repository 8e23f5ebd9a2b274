"""Target "lambdify": what is printed, and that it is what runs."""

import numpy as np
import pytest
from losses_and_data import (
    EXACT,
    cross_entropy,
    integers,
    is_exact,
    loss,
    regions,
    squared,
    svm,
)
from sympy import Sum, erf, gamma, pi, sqrt

import gradbook
from gradbook.emit import emit
from gradbook.notation import C, hinge, j, s, unequal, y


def run(source):
    """The function that a printed source defines, as a kernel's function."""
    names = {}
    exec(source, names)
    return lambda W, X, y: names["loss_and_gradient"](W, *np.ascontiguousarray(X.T), y)


def test_the_source_is_a_function_to_read():
    source = emit(svm, "lambdify", classes=3, features=2).source
    lines = source.splitlines()
    assert lines[0].startswith("# multi-class SVM loss")
    assert lines[2] == "# C = 3 classes, m = 2 features: W is 3 × 3"
    assert lines[3] == f"# gradbook {gradbook.__version__}, SymPy 1.14.0, target lambdify"
    assert "def loss_and_gradient(W, x_0, x_1, x_2, y):" in lines
    assert "    u_2 = s_2 - s_y + 1" in lines
    assert "    G_2_1 = numpy.dot(mu_2, x_1)/len(y)" in lines


@pytest.mark.quick("multiclass_svm")
@pytest.mark.parametrize("loss", [*EXACT, cross_entropy], ids=lambda loss: loss.key)
def test_the_source_alone_does_what_the_kernel_does(loss):
    kernel = emit(loss, "lambdify", classes=4, features=2)
    data = integers(4, 2, 8)
    value, gradient = kernel(*data)
    alone_value, alone_gradient = run(kernel.source)(*data)
    assert value == alone_value
    assert np.array_equal(gradient, alone_gradient)


def test_every_step_stays_in_float32():
    for formula in (svm, squared):
        source = emit(formula, "lambdify", classes=3, features=1).source
        names = {}
        exec(source.replace("    return", "    steps.update(locals())\n    return"), names)
        names["steps"] = {}
        W, X, y = integers(3, 1, 8, dtype=np.float32)
        names["loss_and_gradient"](W, *X.T, y)
        wider = {
            name
            for name, value in names["steps"].items()
            if np.shape(value) == (8,) and value.dtype != np.float32
        }
        assert wider == {"y"}


def test_the_loss_of_many_examples_in_float32_keeps_its_digits():
    kernel = emit(svm, "lambdify", classes=2, features=0)
    W, X = np.array([[0.1], [0.0]], np.float32), np.ones((2**20, 1), np.float32)
    loss, _ = kernel(W, X, np.ones(2**20, int))
    assert loss == pytest.approx(float(np.float32(0.1) + 1), rel=1e-7)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("u_1 > 0", "u_1 >= 0"),
        ("u_1 = s_1 - s_y + 1", "u_1 = s_1 - s_y - 1"),
        ("u_1 = s_1 - s_y + 1", "u_1 = s_y - s_1 + 1"),
        ("h_1*not_1", "h_1"),
        ("mu_2 = is_2*t_3 + t_2", "mu_2 = is_2*t_3 - t_2"),
        ("G_2_0 = numpy.dot(mu_2", "G_2_0 = numpy.dot(mu_1"),
        ("G_2_1 = numpy.dot(mu_2, x_1", "G_2_1 = numpy.dot(mu_2, x_2"),
        ("is_1 = (1 == y)", "is_1 = (2 == y)"),
        ("-t_0 - t_1 - t_2", "-t_0 - t_1"),
        ("-t_0 - t_1 - t_2", "-t_0 - on_1 - t_2"),
    ],
)
def test_a_wrong_source_differs_in_some_region(right, wrong):
    source = emit(svm, "lambdify", classes=3, features=2).source
    assert right in source
    function = run(source.replace(right, wrong))
    assert not all(is_exact(function, svm, *data) for data in regions(3, 2))


def test_the_source_is_exact_in_every_region():
    kernel = emit(svm, "lambdify", classes=3, features=2)
    assert all(is_exact(run(kernel.source), svm, *data) for data in regions(3, 2))


def test_functions_that_numpy_has_may_be_used():
    smooth = loss("smooth", Sum(unequal(j, y) * sqrt(s[j] ** 2 + pi), (j, 0, C - 1)))
    kernel = emit(smooth, "lambdify", classes=2, features=0)
    assert kernel([[1.0], [2.0]], [[1.0]], [0])[0] == pytest.approx(np.sqrt(4 + np.pi))


@pytest.mark.parametrize(
    ("function", "name"), [(erf(s[j]), r"math\.erf"), (gamma(hinge(s[j])), "polygamma")]
)
def test_a_function_that_numpy_does_not_have_is_refused(function, name):
    unknown = loss("unknown", Sum(function, (j, 0, C - 1)))
    with pytest.raises(
        ValueError, match=f"^loss must be made of functions that NumPy has, not {name}"
    ):
        emit(unknown, "lambdify", classes=2, features=0)
