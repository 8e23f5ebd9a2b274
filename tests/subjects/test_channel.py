"""What comes over the channel is read, or is garbled: nothing else can happen."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from gradbook.subjects import Answer
from gradbook.subjects.channel import (
    HEAD,
    MAGIC,
    Garbled,
    answer_from_message,
    answer_to_data,
    call_from_message,
    call_to_message,
    message,
    receive,
)


class End(Exception):
    """There are no more bytes."""


def reader(data):
    """A `Receive` that fills buffers from these bytes."""
    rest = memoryview(data)

    def into(buffer):
        nonlocal rest
        if len(buffer) > len(rest):
            raise End
        buffer[:] = rest[: len(buffer)]
        rest = rest[len(buffer) :]

    return into


def read_answer(data, number=1):
    into = reader(data)
    _, content, bodies = receive(number, into)
    return answer_from_message(content, bodies, into)


def framed(content, body=b"", number=1):
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    return HEAD.pack(MAGIC, number, len(text), len(body)) + text + body


ANSWER = {"loss": 1.5, "returned": "a", "error": "", "changed": [], "aliases": [], "arrays": []}
numbers = hnp.array_shapes(min_dims=0, max_dims=3, max_side=4).flatmap(
    lambda shape: hnp.arrays(st.sampled_from(["f8", "f4", "i8", "u1", ">f8", "f2"]), shape)
)


@given(st.none() | st.floats(), st.none() | numbers, st.text(max_size=50))
def test_an_answer_arrives_as_it_was_sent(loss, gradient, error):
    sent = Answer(loss, gradient, "a loss", error, False, ("W",), ("X",), True, (0.5, float("inf")))
    sent = replace(sent, raised="OverflowError")
    got = read_answer(b"".join(message(1, *answer_to_data(sent))))
    assert np.array_equal(np.array([got.loss], float), np.array([loss], float), equal_nan=True)
    assert (got.returned, got.changed, got.aliases) == ("a loss", ("W",), ("X",))
    assert got.raised == "OverflowError"
    assert got.single
    assert got.of_bias == (0.5, float("inf"))
    assert len(got.error) == len(error)
    assert got.error.isprintable()
    assert (got.gradient is None) == (gradient is None)
    if gradient is not None:
        assert (got.gradient.dtype, got.gradient.shape) == (gradient.dtype, gradient.shape)
        assert got.gradient.tobytes() == gradient.tobytes()


@given(st.lists(numbers | st.floats() | st.integers() | st.booleans() | st.none(), max_size=4))
def test_a_call_arrives_as_it_was_sent(arguments):
    into = reader(b"".join(call_to_message(3, arguments, {"key": 1})))
    number, content, _ = receive(None, into)
    got, keywords = call_from_message(content, into)
    assert (number, keywords) == (3, {"key": 1})
    for one, sent in zip(got, arguments, strict=True):
        assert type(one) is type(sent)
        assert np.array_equal(np.array([one], float), np.array([sent], float), equal_nan=True)


@given(st.binary(max_size=200))
def test_bytes_at_random_are_garbled(data):
    with pytest.raises((Garbled, End)):
        read_answer(data)


@given(st.binary(max_size=80), st.binary(max_size=20))
def test_a_text_at_random_is_garbled(text, body):
    with pytest.raises((Garbled, End)):
        read_answer(framed(text, body))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)


@given(st.sampled_from([*ANSWER, "arrays"]), json_values, st.binary(max_size=16))
def test_a_part_of_the_wrong_kind_is_garbled_and_nothing_worse(key, value, body):
    content = ANSWER | {"arrays": [["", [2], "<f8"]]} | {key: value}
    try:
        answer = read_answer(framed(content, body))
    except (Garbled, End):
        return
    arrays = [answer.gradient, *answer.arrays.values()]
    assert sum(array.nbytes for array in arrays if array is not None) == len(body)


def test_every_array_that_was_returned_arrives_by_its_name():
    arrays = {"w1": np.eye(2), "b1": np.arange(3)}
    got = read_answer(b"".join(message(1, *answer_to_data(Answer(1.0, np.eye(2), arrays=arrays)))))
    assert got.gradient.tolist() == np.eye(2).tolist()
    assert {name: a.tolist() for name, a in got.arrays.items()} == {
        "w1": [[1, 0], [0, 1]],
        "b1": [0, 1, 2],
    }


@pytest.mark.parametrize(
    "data",
    [
        framed(ANSWER, number=2),
        b"x" * HEAD.size,
        HEAD.pack(MAGIC, 1, 1 << 40, 0),
        HEAD.pack(MAGIC, 1, 2, 1 << 40) + b"{}",
        framed(b"[" * 100_000),
        framed([]),
        framed(ANSWER | {"loss": "1"}),
        framed(ANSWER | {"loss": True}),
        framed(ANSWER | {"error": "x" * 10_000}),
        framed(ANSWER | {"changed": "W"}),
        framed(ANSWER, b"12345678"),
        framed(ANSWER | {"arrays": [["", [1], "<f8"]]}, b"1234"),
        framed(ANSWER | {"arrays": [["", [-1, -1], "<f8"]]}, b"12345678"),
        framed(ANSWER | {"arrays": [["", [1 << 30, 1 << 30], "<f8"]]}),
        framed(ANSWER | {"arrays": [["", [1] * 99, "<f8"]]}, b"12345678"),
        framed(ANSWER | {"arrays": [["", [1], "O"]]}, b"12345678"),
        framed(ANSWER | {"arrays": [["", [1]]]}, b"12345678"),
        framed(ANSWER | {"arrays": [["", [1], "f8,f8"]]}, b"1234567812345678"),
        framed(ANSWER | {"shape": [1]}, b"12345678"),
    ],
    ids=range(19),
)
def test_what_does_not_add_up_is_garbled(data):
    with pytest.raises(Garbled):
        read_answer(data)
