"""Target "numpy": whole arrays, as one writes them by hand, and every mistake in them shows."""

import numpy as np
import pytest
from losses_and_data import (
    EXACT,
    cross_entropy,
    integers,
    is_exact,
    loss,
    one_against_all,
    regions,
    squared,
    svm,
)
from sympy import Sum, erf, exp, log, pi, sqrt
from targets import EVERY_ANY_SIZE

import gradbook
from gradbook.emit import emit
from gradbook.notation import C, equal, hinge, j, k, s, unequal, y


def run(source):
    """The function that a printed source defines."""
    names = {}
    exec(source, names)
    return names["loss_and_gradient"]


def test_the_source_is_a_function_to_read():
    source = emit(svm, "numpy").source
    lines = source.splitlines()
    assert lines[0] == "# multi-class SVM loss: its mean over the examples, and the gradient by W"
    assert lines[2] == f"# gradbook {gradbook.__version__}, SymPy 1.14.0, target numpy"
    assert "#   μ_a   = 1{s_a - s_y + 1 > 0} for a ≠ y" in lines
    assert "    u = numpy.add(S, 1 - s_y, out=S)" in lines
    assert lines[-2:] == ["    G = M @ X/len(X)", "    return L, G"]
    assert max(map(len, lines)) <= 100


def test_memory_is_taken_for_the_scores_and_the_coefficients_alone():
    for formula in (svm, squared):
        code = emit(formula, "numpy").source
        assert code.count("W @ X.T") == 1
        assert "out=S" in code
        assert "numpy.maximum(u, 0, out=u)" in code


logistic = loss("logistic", Sum(log(1 + exp((1 - 2 * equal(j, y)) * s[j])), (j, 0, C - 1)))
besides = loss("besides", log(1 + Sum(unequal(j, y) * exp(s[j] - s[y]), (j, 0, C - 1))))
own_score = loss("own_score", Sum(s[j] ** 2, (j, 0, C - 1)) / 2 - s[y])
no_score = loss("no_score", C * hinge(1 - s[y]))
numbers = loss("numbers", Sum(exp(-(s[j] ** 2)) * sqrt(pi) + sqrt(C), (j, 0, C - 1)))
mixed = loss(
    "mixed",
    Sum(hinge(s[j] + 1), (j, 0, C - 1)) * Sum(unequal(j, y) * hinge(s[j] + 1), (j, 0, C - 1)),
)
share = exp(s[j]) / Sum(exp(s[k]), (k, 0, C - 1))
brier = loss("brier", Sum((share - equal(j, y)) ** 2, (j, 0, C - 1)))
entropy = loss("entropy", -Sum(share * log(share), (j, 0, C - 1)))
centred = loss("centred", Sum((s[j] - Sum(s[k], (k, 0, C - 1)) / C) ** 2, (j, 0, C - 1)))
ODD = (
    brier,
    entropy,
    centred,
    cross_entropy,
    logistic,
    besides,
    own_score,
    no_score,
    numbers,
    mixed,
)


@pytest.mark.quick(
    "numpy-centred",
    "numpy-cross_entropy",
    "numpy-logistic",
    "numpy-own",
    "numpy-no_score",
    "numpy-numbers",
    "numpy-mixed",
)
@pytest.mark.parametrize("loss", ODD, ids=lambda loss: loss.key)
@pytest.mark.parametrize("target", EVERY_ANY_SIZE)
def test_odd_losses_compute_what_lambdify_computes(loss, target):
    data = integers(5, 2, 8)
    value, gradient = emit(loss, target)(*data)
    expected, expected_gradient = emit(loss, "lambdify", classes=5, features=2)(*data)
    assert value == pytest.approx(expected, rel=1e-13)
    assert gradient == pytest.approx(expected_gradient, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("loss", [*EXACT[:-1], *ODD], ids=lambda loss: loss.key)
def test_float32_stays_float32(loss):
    source = emit(loss, "numpy").source
    names = {}
    exec(source.replace("    return", "    steps.update(locals())\n    return"), names)
    names["steps"] = {}
    names["loss_and_gradient"](*integers(3, 1, 8, dtype=np.float32))
    wider = {
        name for name, value in names["steps"].items() if getattr(value, "dtype", 0) == np.float64
    }
    assert wider <= {"L"}


@pytest.mark.parametrize("loss", [svm, squared, one_against_all], ids=lambda loss: loss.key)
def test_the_source_alone_does_what_the_kernel_does(loss):
    kernel, data = emit(loss, "numpy"), integers(4, 2, 8)
    value, gradient = kernel(*data)
    for alone in (run(kernel.source), kernel.module.loss_and_gradient):
        alone_value, alone_gradient = alone(*data)
        assert value == alone_value
        assert np.array_equal(gradient, alone_gradient)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("(u > 0)", "(u >= 0)"),
        ("u[y, i] = -1", "u[y, i] = 1"),
        ("    u[y, i] = -1\n", ""),
        ("1 - s_y", "-1 - s_y"),
        ("numpy.maximum(u, 0, out=u)", "u"),
        ("M[y, i] = -r1", "M[y, i] = r1"),
        ("    M[y, i] = -r1\n", ""),
        ("s_y = S[y, i]", "s_y = S[0]"),
        ("M.sum(axis=0)", "M.max(axis=0)"),
        ("M @ X/len(X)", "M @ X/len(W)"),
    ],
)
def test_a_wrong_source_differs_in_some_region(right, wrong):
    source = emit(svm, "numpy").source
    assert right in source
    function = run(source.replace(right, wrong))
    assert not all(is_exact(function, svm, *data) for data in regions(3, 2))


def test_a_traceback_shows_the_line_of_the_source():
    function = emit(svm, "numpy").module.loss_and_gradient
    with pytest.raises(ValueError, match="mismatch") as raised:
        function(np.ones((3, 2)), np.ones((4, 5)), [0] * 4)
    assert "S = W @ X.T" in str(raised.getrepr())


def test_a_function_that_numpy_does_not_have_is_refused():
    unknown = loss("unknown", Sum(unequal(j, y) * erf(s[j]), (j, 0, C - 1)))
    with pytest.raises(
        ValueError, match=r"^loss must be made of functions that NumPy has, not math"
    ):
        emit(unknown, "numpy")
