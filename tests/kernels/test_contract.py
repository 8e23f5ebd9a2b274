"""What kernels accept: each rule of the contract, and each refusal with its sentence."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from gradbook.kernels import augment
from gradbook.kernels.contract import EXACT, read

W = np.array([[1.0, -2.0], [0.5, 3.0], [0.0, 1.0]])
X = np.array([[1.0, 2.0], [1.0, -1.0], [1.0, 0.0], [1.0, 4.0]])
y = np.array([0, 2, 1, 2])


def refused(error, sentence, *, W=W, X=X, y=y, **size):
    with pytest.raises(error) as raised:
        read(W, X, y, **size)
    assert str(raised.value) == sentence


def test_lists_are_accepted():
    data = read(W.tolist(), X.tolist(), y.tolist())
    assert np.array_equal(data.W, W)
    assert np.array_equal(data.X, X)
    assert np.array_equal(data.y, y)


@pytest.mark.parametrize("of_W", [np.float32, np.float64])
@pytest.mark.parametrize(
    "of_X", [np.uint8, np.int8, np.uint16, np.int32, np.int64, np.uint64, "f2", "f4", "f8"]
)
def test_the_computation_happens_in_the_common_dtype_of_w_and_x(of_W, of_X):
    data = read(W.astype(of_W), abs(X).astype(of_X), y)
    assert data.W.dtype == data.X.dtype == np.result_type(of_W, of_X)
    assert data.dtype == of_W
    assert data.y.dtype == np.int64


@pytest.mark.parametrize("dtype", [np.int8, np.uint16, np.int64, np.uint64])
def test_integer_weights_are_taken_as_float64(dtype):
    data = read(abs(W).astype(dtype), X.astype(np.float32), y)
    assert data.W.dtype == data.X.dtype == data.dtype == np.float64


def test_unsigned_integers_do_not_wrap_around():
    data = read(W, np.array([[0, 255]], np.uint8), [0])
    assert (-data.X).tolist() == [[0.0, -255.0]]


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint32, np.int64, np.uint64, ">i4"])
def test_labels_may_have_any_integer_dtype(dtype):
    assert read(W, X, y.astype(dtype)).y.tolist() == y.tolist()


@pytest.mark.parametrize("dtype", [">f8", ">f4"])
def test_arrays_of_the_other_byte_order_have_the_same_values(dtype):
    data = read(W.astype(dtype), X.astype(dtype), y.astype(">i8"))
    assert data.dtype.isnative
    assert data.W.dtype.isnative
    assert np.array_equal(data.W, W)
    assert np.array_equal(data.X, X)


@given(
    arrays.arrays(np.int64, (2, 2), elements=st.integers(-EXACT, EXACT)),
    arrays.arrays(np.float16, (3, 2), elements=st.floats(-60000, 60000, width=16)),
)
def test_conversions_keep_every_value(weights, examples):
    data = read(weights, examples, [0, 1, 0])
    assert data.W.tolist() == weights.tolist()
    assert data.X.tolist() == examples.tolist()


@pytest.mark.parametrize(
    "dtype", [np.float16, np.longdouble, np.complex128, bool, object, str, "datetime64[s]"]
)
def test_weights_of_other_dtypes_are_refused(dtype):
    values = np.ones((3, 2)).astype("i8").astype(dtype)
    refused(TypeError, f"W must hold float32, float64 or integers, not {values.dtype}", W=values)


@pytest.mark.parametrize("dtype", [np.longdouble, np.complex64, bool, object, "S3"])
def test_examples_of_other_dtypes_are_refused(dtype):
    values = X.astype(dtype)
    sentence = f"X must hold float16, float32, float64 or integers, not {values.dtype}"
    refused(TypeError, sentence, X=values)


@pytest.mark.parametrize("dtype", [np.float64, bool, object, str])
def test_labels_of_other_dtypes_are_refused(dtype):
    values = y.astype(dtype)
    refused(TypeError, f"y must hold integers, not {values.dtype}", y=values)


@pytest.mark.parametrize("name", ["W", "X", "y"])
def test_masked_arrays_are_refused(name):
    masked = np.ma.masked_array({"W": W, "X": X, "y": y}[name])
    sentence = f"{name} must be an array without a mask, not a masked array"
    refused(TypeError, sentence, **{name: masked})


@pytest.mark.parametrize("name", ["W", "X", "y"])
def test_lists_of_unequal_length_are_refused(name):
    sentence = f"{name} must be an array of numbers, or lists of equal length"
    refused(ValueError, sentence, **{name: [[1, 2], [3]]})


def test_wrong_shapes_are_refused():
    for shape in [(3,), (3, 2, 1), ()]:
        sentence = f"W must have two dimensions, (C, D), not the shape {shape}"
        refused(ValueError, sentence, W=np.ones(shape))
        sentence = f"X must have two dimensions, (n, D), not the shape {shape}"
        refused(ValueError, sentence, X=np.ones(shape))
    refused(ValueError, "X must have as many columns as W, 2, not 3", X=np.ones((4, 3)))
    for shape in [(4, 1), (3,), (5,), (), (0,)]:
        sentence = f"y must hold one label for each row of X, shape (4,), not {shape}"
        refused(ValueError, sentence, y=np.zeros(shape, int))


def test_empty_data_are_refused():
    sentence = "X must have at least one row, not 0: the mean over no example is unknown"
    refused(ValueError, sentence, X=np.ones((0, 2)), y=np.zeros(0, int))
    sentence = "W must have a row for each of at least two classes, not 1"
    refused(ValueError, sentence, W=np.ones((1, 2)))
    refused(ValueError, "W must have at least one column, not 0", W=np.ones((3, 0)))


@pytest.mark.parametrize("label", [-1, 3, 2**40])
@pytest.mark.parametrize("place", [0, 2])
def test_the_first_label_out_of_range_is_named(label, place):
    labels = y.copy()
    labels[place] = label
    labels[3] = -7
    refused(ValueError, f"y must hold labels 0 … 2, but y[{place}] is {label}", y=labels)


def test_a_large_unsigned_label_is_not_taken_for_a_negative_one():
    sentence = f"y must hold labels 0 … 2, but y[1] is {2**64 - 1}"
    refused(ValueError, sentence, y=np.array([0, 2**64 - 1, 0, 0], np.uint64))


@pytest.mark.parametrize("name", ["W", "X"])
@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_not_finite_is_named_with_its_place(name, value, dtype):
    array = {"W": W, "X": X}[name].astype(dtype)
    array[1, 0] = value
    sentence = f"{name} must be finite, but {name}[1, 0] is {value}"
    refused(ValueError, sentence, **{name: array})


@pytest.mark.parametrize("name", ["W", "X"])
@pytest.mark.parametrize("value", [EXACT + 1, -EXACT - 1, -(2**63)])
def test_integers_with_gaps_in_float64_are_refused(name, value):
    array = {"W": W, "X": X}[name].astype(np.int64)
    array[2, 1] = value
    sentence = (
        f"{name} must hold integers of at most 2**53, which float64 holds exactly, "
        f"but {name}[2, 1] is {value}"
    )
    refused(ValueError, sentence, **{name: array})


def test_scores_that_could_overflow_are_refused():
    sentence = (
        "W and X must be small enough for float64 to hold their scores and sums, "
        "but max|W| is 1e+200 and max|X| is 1e+200"
    )
    refused(ValueError, sentence, W=np.full((3, 2), 1e200), X=np.full((4, 2), -1e200))
    sentence = (
        "W and X must be small enough for float32 to hold their scores and sums, "
        "but max|W| is 0 and max|X| is 1e+38"
    )
    large = np.full((4, 2), 1e38, np.float32)
    refused(ValueError, sentence, W=np.zeros((3, 2), np.float32), X=large)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_what_is_not_refused_for_its_size_does_not_overflow(dtype):
    size = float(np.sqrt(np.finfo(dtype).max / (2 * 3 * 4 * 2 * 2.1)))
    data = read(np.full((3, 2), size, dtype), np.full((4, 2), size, dtype), y)
    margins = 2 * (data.W @ data.X.T) + 1
    assert np.isfinite(margins.sum())
    with pytest.raises(ValueError, match="small enough"):
        read(2 * data.W, data.X, y)


def test_a_kernel_of_fixed_size_says_which():
    sentence = (
        "W must have the shape (4, 2) that this kernel was emitted for (C = 4, m = 1), not (3, 2)"
    )
    refused(ValueError, sentence, classes=4, features=1)
    sentence = (
        "W must have the shape (3, 3) that this kernel was emitted for (C = 3, m = 2), not (3, 2)"
    )
    refused(ValueError, sentence, classes=3, features=2)
    assert read(W, X, y, classes=3, features=1).W.shape == (3, 2)


@pytest.mark.parametrize("dtype", [np.uint8, np.float32, np.float64])
def test_augment_puts_a_one_before_each_example(dtype):
    examples = np.array([[5, 7], [0, 9]], dtype)
    augmented = augment(examples)
    assert augmented.tolist() == [[1, 5, 7], [1, 0, 9]]
    assert augmented.dtype == dtype
    assert augment(np.zeros((2, 0))).tolist() == [[1], [1]]


def test_augment_refuses_what_no_kernel_accepts():
    with pytest.raises(ValueError, match=r"X must have two dimensions, \(n, m\), not the shape"):
        augment([1.0, 2.0])
    with pytest.raises(TypeError, match="X must hold float16, float32, float64 or integers, not b"):
        augment([[True]])
    with pytest.raises(TypeError, match="X must be an array without a mask"):
        augment(np.ma.masked_array([[1.0]], [[True]]))
