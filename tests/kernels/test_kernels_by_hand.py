"""The kernels by hand against the derived loss in exact arithmetic, and the Kernel class."""

import dataclasses
from functools import reduce
from itertools import pairwise
from operator import add

import numpy as np
import pytest
from sympy import Sum

from gradbook.kernels import Kernel, augment, by_hand, vectorized
from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, s, unequal, y

svm = Loss(
    "multi-class SVM loss",
    Sum(unequal(j, y) * hinge(s[j] - s[y] + 1), (j, 0, C - 1)),
    "multiclass_svm",
)
kernels = pytest.mark.parametrize("kernel", by_hand("multiclass_svm"), ids=lambda k: k.name)


def integers(classes, features, examples, seed=0):
    """Data with which float64 computes exactly, and with scores that often tie."""
    rng = np.random.default_rng(seed)
    W = rng.integers(-2, 3, (classes, features + 1)).astype(float)
    X = augment(rng.integers(-2, 3, (examples, features)).astype(float))
    return W, X, rng.integers(0, classes, examples)


def differs(function, W, X, y):
    loss, gradient = function(W, X, y)
    exact_loss, exact_gradient = svm.exact(W, X, y)
    return loss != exact_loss or not np.array_equal(gradient, exact_gradient.astype(float))


@kernels
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("size", [(2, 0, 1), (3, 2, 8), (5, 4, 32), (12, 3, 64)])
def test_kernels_by_hand_equal_the_derived_loss_to_the_last_bit(kernel, size, seed):
    assert not differs(kernel, *integers(*size, seed))


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("margins > 0", "margins >= 0"),
        ("-M.sum", "M.sum"),
        ("margins += 1", "margins += 2"),
        ("    margins[y, examples] = 0\n", ""),
        ("/ n, M", "/ len(W), M"),
    ],
)
def test_a_wrong_kernel_differs_from_the_derived_loss(right, wrong):
    source = vectorized.kernel.source
    assert right in source
    names = dict(vars(vectorized))
    exec(source.replace(right, wrong), names)
    assert any(differs(names["multiclass_svm"], *integers(3, 2, 8, seed)) for seed in range(4))


@kernels
def test_the_loss_of_many_examples_in_float32_keeps_its_digits(kernel):
    W, X, y = integers(3, 2, 2**15)
    W += 0.1
    expected, _ = kernel(W.astype(np.float32).astype(float), X, y)
    loss, _ = kernel(W.astype(np.float32), X.astype(np.float32), y)
    assert loss == pytest.approx(expected, rel=1e-6)


def test_by_hand_finds_the_kernels_of_a_loss():
    assert [kernel.name for kernel in by_hand("multiclass_svm")] == [
        "by hand, loops",
        "by hand, vectorised",
    ]
    assert by_hand("another") == ()


@kernels
def test_a_kernel_by_hand_shows_its_source(kernel):
    assert kernel.source.startswith("def multiclass_svm(")
    assert repr(kernel) == f"<Kernel {kernel.name}: multiclass_svm, by hand, Python>"
    page = kernel._repr_html_()
    assert kernel.name in page
    assert "margin" in page
    assert "-&gt; tuple" in page


@kernels
def test_a_kernel_is_a_value(kernel):
    with pytest.raises(dataclasses.FrozenInstanceError):
        kernel.name = "another"
    assert kernel == dataclasses.replace(kernel)


@kernels
def test_a_kernel_can_be_called_by_the_names_of_its_arguments(kernel):
    W, X, y = integers(3, 2, 4)
    assert kernel(W=W, X=X, y=y)[0] == kernel(W, X, y)[0]


def test_a_result_that_overflows_is_refused():
    def cube(W, X, y):
        return float(W.max() ** 3), W

    kernel = Kernel("cube", "by hand", "Python", "", cube, "cube")
    assert kernel([[2.0], [0.0]], [[1.0]], [0])[0] == 8
    with pytest.raises(ValueError, match="float64 to hold the loss and its gradient"):
        kernel([[1e150], [0.0]], [[1.0]], [0])


def test_a_gradient_that_overflows_the_dtype_of_the_weights_is_refused():
    W, X = np.zeros((2, 1), np.float32), np.array([[1e60]])
    with pytest.raises(ValueError, match="small enough for float32 to hold the loss"):
        vectorized.kernel(W, X, [0])


@kernels
@pytest.mark.parametrize("cuts", [(), (1,), (5, 8, 11)])
def test_sums_of_chunks_add_up_to_the_exact_sums(kernel, cuts):
    W, X, y = integers(5, 4, 13)
    ends = (0, *cuts, 13)
    parts = [kernel.sums(W, X[a:b], y[a:b].tolist()) for a, b in pairwise(ends)]
    total = reduce(add, parts)
    loss, gradient = svm.exact(W, X, y)
    assert (total.loss, total.n) == (13 * loss, 13)
    assert total.gradient.tolist() == (13 * gradient).tolist()
    assert total.mean[0] == float(loss)
    assert np.array_equal(total.mean[1], gradient.astype(float))


def test_sums_keep_what_is_exact_in_float64_though_the_kernel_computes_in_float32():
    n, large = 3 * 4096 + 1, 4095
    X = np.full((n, 1), large, np.float32)
    sums = vectorized.kernel.sums(np.zeros((2, 1), np.float32), X, np.zeros(n, int))
    assert sums.gradient.dtype == np.float64
    assert sums.gradient.tolist() == [[-large * n], [large * n]]
    assert int(np.float32(large * n)) != large * n
    mixed = vectorized.kernel.sums(np.zeros((2, 1), np.float32), [[0.1]], [0])
    assert mixed.gradient.tolist() == [[-0.1], [0.1]]


@pytest.mark.parametrize(
    ("X", "y", "said"),
    [
        (np.ones((3, 3)), [0, 1, 7], r"^y must hold labels 0 … 2, but y\[2\] is 7$"),
        (np.ones((3, 3)), [0, 1], r"^y must hold one label for each row of X, shape \(3,\)"),
        (np.ones((0, 3)), [], "^X must have at least one row, not 0"),
        (np.ones(3), [0, 0, 0], "^X must have two dimensions"),
    ],
)
def test_sums_of_what_no_kernel_accepts_are_refused(X, y, said):
    with pytest.raises(ValueError, match=said):
        vectorized.kernel.sums(np.zeros((3, 3)), X, y)
