"""Every kernel, by hand and printed, on data of every shape, dtype and layout: one contract."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from losses_and_data import EXACT, cross_entropy, integers, is_exact, pairs, regions, squared, svm
from targets import EVERY_ANY_SIZE, EVERY_FIXED_SIZE, EVERY_TARGET, INSTALLED, emit_at, marked

from gradbook.emit import ANY_SIZE, FIXED_SIZE, TARGETS, NotLowerable, emit
from gradbook.kernels import by_hand

SIZES = ((2, 0), (3, 2), (5, 1), (11, 3))

seeded = settings(derandomize=True, deadline=None, max_examples=25)


@cache
def kernels(classes, features):
    """All kernels for the SVM that take this size."""
    printed = (emit_at(svm, target, classes, features) for target in INSTALLED)
    return (*by_hand("multiclass_svm"), *printed)


#: Each target with each loss that it takes: `pairs` is more than loops over the classes.
LOSSES_AND_TARGETS = [
    pytest.param(loss, target, id=f"{loss.key}-{target}", marks=marked(target))
    for target in TARGETS
    for loss in EXACT
    if target in FIXED_SIZE or loss is not pairs
]


def layouts(array):
    """The same values, laid out in memory in other ways."""
    wide = np.zeros([2 * size for size in array.shape], array.dtype)
    every_other = wide[tuple(slice(None, None, 2) for _ in array.shape)]
    every_other[...] = array
    backwards = np.ascontiguousarray(np.flip(array))
    fixed = array.copy()
    fixed.flags.writeable = False
    unaligned = np.zeros(array.nbytes + 1, np.uint8)[1:].view(array.dtype).reshape(array.shape)
    unaligned[...] = array
    return (
        np.ascontiguousarray(array),
        np.asfortranarray(array),
        np.flip(backwards),
        every_other,
        fixed,
        unaligned,
        array.astype(array.dtype.newbyteorder()),
        array.tolist(),
    )


def of_any_layout(array):
    return st.sampled_from(layouts(array))


@st.composite
def calls(draw):
    classes, features = draw(st.sampled_from(SIZES))
    n = 2 ** draw(st.integers(0, 5))
    W, X, y = integers(classes, features, n, draw(st.integers(0, 1000)))
    if draw(st.booleans()):
        y[:] = y[0]
    W = W.astype(draw(st.sampled_from(["f4", "f8", "i1", "i8"])))
    kinds = st.sampled_from(["f2", "f4", "f8", "i1", "i4", "i8", "u1", "u2"])
    X = abs(X) if (kind := draw(kinds)).startswith("u") else X
    y = y.astype(draw(st.sampled_from(["i8", "i4", "u1", "u8"])))
    X = X.astype(kind)
    return classes, features, *(draw(of_any_layout(array)) for array in (W, X, y))


def snapshot(value):
    return value.tobytes() if isinstance(value, np.ndarray) else repr(value)


@pytest.mark.thorough
@given(calls())
@seeded
def test_every_kernel_is_exact_on_exact_data_of_any_dtype_and_layout(call):
    classes, features, W, X, y = call
    expected, expected_gradient = svm.exact(W, X, y)
    dtype = np.float32 if np.asarray(W).dtype.char == "f" else np.float64
    for kernel in kernels(classes, features):
        before = snapshot(W), snapshot(X), snapshot(y)
        loss, gradient = kernel(W, X, y)
        assert type(loss) is float
        assert loss == expected, kernel
        assert type(gradient) is np.ndarray
        assert gradient.dtype == dtype
        assert gradient.flags.writeable
        assert gradient.flags.c_contiguous
        assert np.array_equal(gradient, expected_gradient.astype(float)), kernel
        assert before == (snapshot(W), snapshot(X), snapshot(y)), kernel


def test_the_sums_of_every_kernel_are_exact_whatever_the_chunks():
    for kernel in kernels(3, 2):
        W, X, y = integers(3, 2, 13)
        loss, gradient = svm.exact(W, X, y)
        for k in (13, 6):
            sums = kernel.sums(W, X[:k], y[:k])
            sums = sums if k == 13 else sums + kernel.sums(W, X[k:], y[k:])
            assert (sums.loss, sums.n) == (13 * loss, 13), kernel
            assert sums.gradient.tolist() == (13 * gradient).tolist(), kernel


@pytest.mark.quick("size1")
@pytest.mark.parametrize("size", SIZES)
def test_data_that_are_broadcast_from_one_example_are_read(size):
    W, X, _ = integers(*size, 8)
    X, y = np.broadcast_to(X[:1], X.shape), np.broadcast_to(np.int64(1), 8)
    for kernel in kernels(*size):
        assert is_exact(kernel, svm, W, X, y)
        assert is_exact(kernel, svm, np.broadcast_to(W[:1], W.shape), X, y)


@pytest.mark.quick(
    "multiclass_svm", "numpy", "pairs-codegen", "squared_hinge-codegen", "squared_hinge-lambdify"
)
@pytest.mark.parametrize(("loss", "target"), LOSSES_AND_TARGETS)
def test_every_loss_is_exact_in_every_region_and_at_every_kink(loss, target):
    kernel = emit_at(loss, target, 3, 1)
    assert all(is_exact(kernel, loss, *data) for data in regions(3, 1))


@pytest.mark.quick("float32-multiclass_svm-numpy", "float32-multiclass_svm-codegen")
@pytest.mark.parametrize(
    ("loss", "target"), [pair for pair in LOSSES_AND_TARGETS if pairs not in pair.values]
)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_loss_is_exact_on_batches_with_twelve_classes(loss, target, dtype):
    kernel = emit_at(loss, target, 12, 2)
    assert all(is_exact(kernel, loss, *integers(12, 2, 16, seed, dtype)) for seed in range(3))


def test_a_smooth_loss_is_right_to_rounding():
    W, X, y = integers(4, 2, 64)
    S = X @ W.T
    P = np.exp(S) / np.exp(S).sum(axis=1, keepdims=True)
    expected = -np.log(P[np.arange(64), y]).mean()
    P[np.arange(64), y] -= 1
    for target in INSTALLED:
        loss, gradient = emit_at(cross_entropy, target, 4, 2)(W, X, y)
        assert loss == pytest.approx(expected, rel=1e-13)
        assert gradient == pytest.approx(P.T @ X / 64, abs=1e-13)


@pytest.mark.parametrize("target", EVERY_FIXED_SIZE)
def test_a_smooth_loss_that_overflows_is_refused(target):
    kernel = emit(cross_entropy, target, classes=2, features=0)
    with pytest.raises(ValueError, match="small enough for float64 to hold the loss and its grad"):
        kernel([[1000.0], [0.0]], [[1.0]], [0])


@pytest.mark.quick("float64")
@pytest.mark.parametrize("target", EVERY_ANY_SIZE)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_smooth_loss_for_any_size_does_not_overflow(target, dtype):
    kernel = emit(cross_entropy, target)
    scores = np.array([[1000.0], [-1000.0], [998.0], [1000.0]], dtype)
    largest = 1000 + np.log(2 + np.exp(-2))
    for label in range(4):
        loss, gradient = kernel(scores, np.ones((1, 1), dtype), [label])
        assert loss == pytest.approx(largest - scores[label, 0], rel=1e-6)
        own = np.arange(4)[:, None] == label
        assert gradient == pytest.approx(np.exp(scores - largest) - own, abs=1e-6)


@pytest.mark.parametrize("target", EVERY_ANY_SIZE)
def test_one_kernel_takes_every_size(target):
    kernel = emit(svm, target)
    assert (kernel.classes, kernel.features, kernel.origin) == (None, None, target)
    for classes, features, n in [(2, 0, 1), (3, 3, 4), (17, 1, 8), (10, 70, 64)]:
        assert is_exact(kernel, svm, *integers(classes, features, n))


@pytest.mark.parametrize("target", EVERY_FIXED_SIZE)
def test_a_kernel_refuses_sizes_that_it_was_not_emitted_for(target):
    kernel = emit(squared, target, classes=3, features=2)
    assert (kernel.classes, kernel.features, kernel.loss) == (3, 2, "squared_hinge")
    assert kernel.origin == target
    for classes, features in [(4, 2), (2, 2), (3, 1), (3, 3)]:
        sentence = r"shape \(3, 3\) that this kernel was emitted for \(C = 3, m = 2\)"
        with pytest.raises(ValueError, match=sentence):
            kernel(*integers(classes, features, 4))


@pytest.mark.parametrize("kernel", kernels(3, 2), ids=lambda kernel: kernel.name)
def test_every_kernel_refuses_what_the_contract_refuses(kernel):
    W, X, y = integers(3, 2, 4)
    with pytest.raises(ValueError, match=r"W must be finite, but W\[0, 0\] is nan"):
        kernel(W * np.nan, X, y)
    with pytest.raises(ValueError, match=r"y must hold labels 0 … 2, but y\[0\] is -1"):
        kernel(W, X, y * 0 - 1)
    with pytest.raises(TypeError, match="y must hold integers, not float64"):
        kernel(W, X, y.astype(float))
    with pytest.raises(ValueError, match="X must have at least one row"):
        kernel(W, X[:0], y[:0])


@pytest.mark.parametrize("target", ["C", "", None, ["codegen"]])
def test_an_unknown_target_is_refused_with_the_known_ones(target):
    with pytest.raises(
        ValueError, match=r"^target must be 'lambdify', 'codegen', .* or 'c-fast', not "
    ):
        emit(svm, target, classes=3, features=2)


@pytest.mark.parametrize("target", EVERY_FIXED_SIZE)
def test_a_target_for_one_size_refuses_sizes_that_are_none(target):
    with pytest.raises(ValueError, match=f"^classes and features must be given for '{target}'"):
        emit(svm, target, classes=3)
    with pytest.raises(ValueError, match=r"^classes must be an integer ≥ 2, not 1$"):
        emit(svm, target, classes=1, features=2)
    with pytest.raises(ValueError, match=r"^features must be an integer ≥ 0, not -1$"):
        emit(svm, target, classes=2, features=-1)


@pytest.mark.parametrize("target", ANY_SIZE)
def test_a_target_for_any_size_refuses_a_size(target):
    with pytest.raises(ValueError, match=f"^classes and features must not be given for '{target}'"):
        emit(svm, target, classes=3)


@pytest.mark.parametrize("target", EVERY_ANY_SIZE)
def test_a_loss_that_no_loop_over_the_classes_gives_is_refused_at_any_size(target):
    with pytest.raises(NotLowerable, match=r"^pairs cannot be lowered to loops over the classes"):
        emit(pairs, target)


@pytest.mark.parametrize("target", EVERY_TARGET)
def test_the_source_is_the_same_each_time(target):
    first, second = (emit_at(svm, target, 3, 2).source for _ in range(2))
    assert first == second
