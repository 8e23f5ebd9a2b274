"""A function of this process: what one call of it gave, whatever it does."""

from collections import namedtuple
from fractions import Fraction
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradbook.subjects import EARLIER_GRADIENT, InProcess
from gradbook.subjects.calls import like, misalignment
from gradbook.subjects.returned import Returned, place_of, read

GRADIENT = np.arange(6.0).reshape(2, 3)


def answer_of(returned):
    return InProcess(lambda: returned)()


@pytest.mark.parametrize(
    ("returned", "loss", "words"),
    [
        ((1.5, GRADIENT), 1.5, "a loss and a gradient"),
        ([1.5, GRADIENT], 1.5, "a loss and a gradient"),
        ((GRADIENT, 1.5), 1.5, "a gradient and a loss"),
        ((np.array([1.5]), GRADIENT.view(np.matrix)), 1.5, "a loss and a gradient"),
        ((np.float32(1.5), GRADIENT.tolist()), 1.5, "a loss and a gradient"),
        ((2, GRADIENT, "scores"), 2.0, "a loss and a gradient and 1 more"),
        (((3.5, GRADIENT),), 3.5, "a loss and a gradient"),
        (GRADIENT, None, "a gradient"),
        (GRADIENT.tolist(), None, "a gradient"),
    ],
    ids=repr,
)
def test_a_loss_and_a_gradient_are_found_in_whatever_form_they_come(returned, loss, words):
    answer = answer_of(returned)
    assert answer.loss == loss
    assert np.array_equal(answer.gradient, GRADIENT)
    assert type(answer.gradient) is np.ndarray
    assert answer.returned == words
    assert answer.error == ""


@pytest.mark.parametrize(
    ("returned", "loss", "words"),
    [
        (1.5, 1.5, "a loss"),
        (np.array(1.5), 1.5, "a loss"),
        (np.array([[1.5]]), 1.5, "a loss"),
        (Fraction(3, 2), 1.5, "a loss"),
        (10**400, np.inf, "a loss"),
        ((1.5, None), 1.5, "a loss and None"),
        (None, None, "None"),
        (True, None, "a bool"),
        ("text", None, "a str"),
        ((1.5, 2.5), 1.5, "a loss and a loss"),
        ({"loss": 1.5}, 1.5, "a loss"),
        ({"other": 1.5}, None, "a dict of 1"),
        (np.zeros((0, 3)), None, "an array of shape (0, 3) and dtype float64"),
        (GRADIENT + 1j, None, "an array of shape (2, 3) and dtype complex128"),
        ([[1.0], [2.0, 3.0]], None, "a list of 2"),
        ((1.5, (1, 2)), 1.5, "a loss and a tuple of 2"),
        ((), None, "a tuple of 0"),
    ],
    ids=repr,
)
def test_what_is_no_gradient_is_described(returned, loss, words):
    answer = answer_of(returned)
    assert answer.loss == loss
    assert answer.gradient is None
    assert answer.returned == words


def test_of_two_gradients_the_first_is_meant():
    answer = answer_of((GRADIENT, GRADIENT + 1))
    assert answer.returned == "a gradient and a gradient"
    assert np.array_equal(answer.gradient, GRADIENT)


def test_a_loss_and_a_gradient_are_found_by_name():
    answer = answer_of({"grads": GRADIENT, "loss": 1.5})
    assert (answer.loss, answer.returned) == (1.5, "a loss and a gradient")


@pytest.mark.parametrize(
    "returned",
    [
        {"slope": GRADIENT, "loss": 1.5},
        {"loss": 1.5, "scores": np.zeros((4, 3)), "": GRADIENT},
        SimpleNamespace(value=1.5, out=GRADIENT, n=4),
    ],
    ids=repr,
)
def test_beside_a_loss_with_a_name_what_alone_has_the_shape_of_the_weights_is_the_gradient(
    returned,
):
    answer = InProcess(lambda W: returned)(np.zeros(GRADIENT.shape))
    assert answer.loss == 1.5
    assert np.array_equal(answer.gradient, GRADIENT)
    assert InProcess(lambda W: returned)(np.zeros((3, 3))).gradient is None


OF_BIAS = np.array([1.0, 2.0, 3.0])
Gradients = namedtuple("Gradients", ["W", "b"])


@pytest.mark.parametrize(
    "returned",
    [
        (1.5, {"W": GRADIENT, "b": OF_BIAS}),
        (1.5, {"db": OF_BIAS, "dW": GRADIENT}),
        ({"grad_b": OF_BIAS, "grad_w": GRADIENT}, 1.5),
        {"loss": 1.5, "grads": {"weights": GRADIENT, "bias": OF_BIAS}},
        {"cost": 1.5, "dtheta": GRADIENT, "dbias": OF_BIAS, "scores": np.zeros((4, 4))},
        (1.5, [GRADIENT, OF_BIAS]),
        (1.5, (GRADIENT, OF_BIAS)),
        (1.5, Gradients(GRADIENT, OF_BIAS)),
        SimpleNamespace(loss=1.5, dW=GRADIENT, db=OF_BIAS),
        (1.5, SimpleNamespace(W=GRADIENT, b=OF_BIAS), "more"),
    ],
    ids=repr,
)
def test_gradients_are_found_by_the_names_of_the_parameters_and_one_level_deeper(returned):
    answer = answer_of(returned)
    assert answer.loss == 1.5
    assert np.array_equal(answer.gradient, GRADIENT)
    assert answer.of_bias == (1.0, 2.0, 3.0)


@pytest.mark.parametrize(
    "kept",
    [{"W": GRADIENT, "X": GRADIENT}, {"margins": GRADIENT}, [GRADIENT, GRADIENT], {"loss": 2.5}],
    ids=repr,
)
def test_what_is_kept_for_later_beside_the_loss_is_no_gradient(kept):
    answer = answer_of((1.5, kept))
    assert (answer.loss, answer.gradient is None or answer.gradient.ndim == 3) == (1.5, True)


def test_a_loss_in_single_precision_is_known_as_one():
    assert answer_of(np.float32(1.5)).single
    assert not answer_of(1.5).single


def test_a_sparse_gradient_is_filled():
    sparse = pytest.importorskip("scipy.sparse")
    assert np.array_equal(answer_of((0.5, sparse.csr_matrix(GRADIENT))).gradient, GRADIENT)


def test_the_gradient_keeps_its_dtype_and_shape_and_is_the_readers_own():
    kept = np.ones((3, 2), np.float32)
    subject = InProcess(lambda: (1.0, kept))
    first = subject()
    kept[:] = 7
    assert first.gradient.dtype == np.float32
    assert first.gradient.tolist() == np.ones((3, 2)).tolist()


class Nameless(Exception):
    def __str__(self):
        raise ValueError


@pytest.mark.parametrize(
    ("error", "clause"),
    [
        (IndexError("index 3 is\n out of bounds"), "raises IndexError: index 3 is out of bounds"),
        (KeyError(), "raises KeyError"),
        (Nameless(), "raises Nameless"),
        (MemoryError(), "needs more memory than there is"),
        (SystemExit(3), "ends the program with SystemExit"),
        (RecursionError("deep"), "raises RecursionError: deep"),
        (ValueError("x" * 999), "raises ValueError: " + "x" * 200 + " …"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_raised_becomes_one_clause(error, clause):
    def function(W):
        raise error

    answer = InProcess(function)(np.ones(2))
    assert (answer.error, answer.fatal, answer.gradient) == (clause, False, None)
    kind = type(error).__name__
    assert answer.raised == (kind if clause.startswith(f"raises {kind}") else "")


def test_an_interrupt_from_the_keyboard_is_not_the_functions_answer():
    def function():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        InProcess(function)()


def test_the_arguments_stay_as_they_are_and_what_is_changed_is_named():
    def function(W, X, reg, *, mask):
        W += 1
        mask[0] = 5
        return 0.0, W * 2

    W, X, mask = np.ones((2, 3)), np.ones((4, 3)), np.zeros(2)
    answer = InProcess(function)(W, X, 0.5, mask=mask)
    assert answer.changed == ("W", "mask")
    assert W.tolist() == np.ones((2, 3)).tolist()
    assert mask.tolist() == [0, 0]


def test_a_changed_shape_is_a_change():
    def function(X):
        X.resize((3, 2), refcheck=False)

    assert InProcess(function)(np.ones((2, 3))).changed == ("X",)


def test_a_read_only_argument_is_read_only_for_the_function():
    def function(W):
        W += 1

    W = np.ones(3)
    W.flags.writeable = False
    assert InProcess(function)(W).error.startswith("raises ValueError")


def test_the_arguments_that_the_gradient_shares_memory_with_are_named():
    assert InProcess(lambda W, X: (0.0, X[1:]))(np.ones(3), np.ones((3, 2))).aliases == ("X",)
    assert InProcess(lambda W, X: (0.0, X[1:] * 2))(np.ones(3), np.ones((3, 2))).aliases == ()


def test_a_gradient_that_a_later_call_overwrites_is_noticed():
    buffer = np.zeros((2, 3))

    def into_the_same_buffer(W):
        buffer[:] = W
        return 0.0, buffer

    subject = InProcess(into_the_same_buffer)
    assert subject(np.ones((2, 3))).changed == ()
    assert subject(np.zeros((2, 3))).changed == (EARLIER_GRADIENT,)


def test_parameters_and_defaults_are_known():
    def function(W, X, y, reg=0.5, how=None, by=np.float64, *rest, key=1):
        pass

    subject = InProcess(function)
    assert subject.name == "function"
    assert subject.parameters == ("W", "X", "y", "reg", "how", "by", "key")
    defaults = {"reg": 0.5, "how": None, "by": "<class 'numpy.float64'>", "key": 1}
    assert subject.defaults == defaults
    assert InProcess(dict).parameters == ()


def test_arguments_without_a_name_are_counted():
    def function(*arguments):
        arguments[1][0] = 1

    assert InProcess(function)(np.zeros(1), np.zeros(1)).changed == ("argument 2",)


def test_what_cannot_be_called_is_refused():
    with pytest.raises(TypeError, match="function must be callable, not int"):
        InProcess(3)


def test_a_fresh_subject_calls_the_same_function():
    subject = InProcess(lambda: (1.0, GRADIENT)).fresh()
    assert np.array_equal(subject().gradient, GRADIENT)


def test_what_the_function_prints_is_not_shown(capsys):
    InProcess(lambda: print("loud"))()
    assert capsys.readouterr().out == ""


@st.composite
def arrays_in_any_layout(draw):
    shape = tuple(draw(st.lists(st.integers(1, 4), min_size=1, max_size=3)))
    dtype = np.dtype(draw(st.sampled_from(["f8", "f4", "i8", "u1", ">f8"])))
    base = np.arange(2 * np.prod(shape) + 9).astype(dtype)
    block = np.zeros(base.nbytes * 4 + 1, np.uint8)[draw(st.integers(0, 1)) :]
    array = np.ndarray(tuple(2 * n for n in shape), dtype, block.data)
    steps = draw(st.lists(st.sampled_from([1, 2, -1, -2]), min_size=len(shape), max_size=3))
    view = array[tuple(slice(None, None, step) for step in steps[: len(shape)])]
    view = view.transpose(draw(st.permutations(range(view.ndim))))
    if draw(st.booleans()):
        view = np.broadcast_to(view, (3, *view.shape))
    return view


@given(arrays_in_any_layout())
def test_a_copy_has_the_layout_of_its_original(array):
    copy = like(array)
    assert np.array_equal(copy, array)
    assert not np.may_share_memory(copy, array)
    assert (copy.dtype, copy.shape) == (array.dtype, array.shape)
    for flag in ("c_contiguous", "f_contiguous", "aligned", "writeable"):
        assert getattr(copy.flags, flag) == getattr(array.flags, flag)
    if not array.flags.c_contiguous and not array.flags.f_contiguous:
        assert copy.strides == array.strides
        assert misalignment(copy) == misalignment(array)


def test_of_two_nested_pairs_neither_is_read():
    assert read(((1.0, GRADIENT), (2.0, GRADIENT))) == Returned(
        words="a tuple of 2 and a tuple of 2"
    )


@pytest.mark.parametrize(
    ("shapes", "place"), [([(2,), (3, 2)], 2), ([(2,), (3,)], -1), ([(3, 2), (3, 2)], -1)]
)
def test_of_several_arrays_the_gradient_is_what_alone_has_the_shape_of_the_weights(shapes, place):
    assert place_of((1.0, *map(np.zeros, shapes)), (3, 2)) == place
