"""What goes between the judge and the process of a subject: numbers, texts and plain arrays.

A message is a head, a JSON object and the bytes of arrays, and each length is stated and bounded.
Nothing in it is ever run. The judge takes whatever the other side sends for a claim: a message that
does not add up is Garbled, and never more.
"""

from __future__ import annotations

import json
import math
import socket
import struct
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradbook.subjects.calls import arranged, misalignment
from gradbook.subjects.subject import Answer, Argument, printable

#: What a message begins with, its number, bytes of JSON, bytes of arrays.
HEAD = struct.Struct("<16sQQQ")
MAGIC = b"gradbook message"
MOST_JSON, MOST_BYTES = 1 << 20, 1 << 28
_MOST_TEXT, _MOST_DIMENSIONS, _MOST_NUMBERS = 2000, 8, 10_000

Receive = Callable[[memoryview], None]
Buffers = list[memoryview | bytes]


class Garbled(Exception):
    """What came does not add up to a message."""


def message(
    number: int,
    content: Mapping[str, Any],
    arrays: Sequence[np.ndarray] = (),
    magic: bytes = MAGIC,
) -> Buffers:
    """The buffers to send, one after the other. The arrays must be contiguous, in C's order."""
    text = json.dumps(content).encode()
    bodies = [_bytes(array) for array in arrays if array.nbytes]
    return [HEAD.pack(magic, number, len(text), sum(map(len, bodies))), text, *bodies]


def receive(
    number: int | None, into: Receive, magic: bytes = MAGIC
) -> tuple[int, dict[str, Any], int]:
    """The next message's number, its JSON object, and how many bytes of arrays are to follow.

    Raises Garbled if it is not numbered `number` (unless that is None), does not begin with the
    16 bytes of `magic`, or does not add up.
    """
    head = bytearray(HEAD.size)
    into(memoryview(head))
    begins, counted, texts, bodies = HEAD.unpack(head)
    wanted = begins == magic and number in (None, counted)
    if not wanted or texts > MOST_JSON or bodies > MOST_BYTES:
        raise Garbled
    text = bytearray(texts)
    into(memoryview(text))
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Garbled from error
    if not isinstance(content, dict):
        raise Garbled
    return counted, content, bodies


def receive_array(shape: Sequence[int], dtype: np.dtype, into: Receive) -> np.ndarray:
    """An array of the next bytes, in C's order."""
    array = np.empty(tuple(shape), dtype)
    if array.nbytes:
        into(_bytes(array))
    return array


def from_socket(channel: socket.socket) -> Receive:
    """Fills a buffer from a blocking socket. Raises EOFError if the other side has gone."""

    def into(buffer: memoryview) -> None:
        while buffer:
            count = channel.recv_into(buffer)
            if count == 0:
                raise EOFError
            buffer = buffer[count:]

    return into


def _bytes(array: np.ndarray) -> memoryview:
    return array.reshape(-1).view(np.uint8).data


# A call, from the judge.


def call_to_message(
    number: int, arguments: Sequence[Argument], keywords: Mapping[str, Argument]
) -> Buffers:
    """Raises TypeError for an argument that is no number and no array of numbers."""
    arrays: list[np.ndarray] = []
    content = {
        "arguments": [_to_data(argument, arrays) for argument in arguments],
        "keywords": {name: _to_data(argument, arrays) for name, argument in keywords.items()},
    }
    return message(number, content, arrays)


def _to_data(argument: Argument, arrays: list[np.ndarray]) -> Any:
    """A number as it is, an array by its layout; its bytes are added to `arrays`."""
    if argument is None or type(argument) in (bool, int, float):
        return argument
    if isinstance(argument, Mapping):
        return {"pairs": [*argument.items()]}
    if not isinstance(argument, np.ndarray | np.generic) or argument.dtype.kind not in "biufc":
        raise TypeError(f"an argument must be a number or an array of numbers, not {argument!r}")
    array = np.asarray(argument)
    data = {
        "shape": array.shape,
        "dtype": array.dtype.str,
        "strides": array.strides,
        "misaligned": misalignment(array),
        "writeable": array.flags.writeable,
        "scalar": isinstance(argument, np.generic),
        "matrix": isinstance(argument, np.matrix),
    }
    arrays.append(np.asarray(array, order="C"))
    return data


def call_from_message(
    content: Mapping[str, Any], into: Receive
) -> tuple[list[Argument], dict[str, Argument]]:
    """The arguments and keywords of a call; their arrays belong to whoever asks."""
    arguments = [_from_data(data, into) for data in content["arguments"]]
    return arguments, {name: _from_data(data, into) for name, data in content["keywords"].items()}


def _from_data(data: Any, into: Receive) -> Argument:
    if not isinstance(data, dict):
        return data
    if "pairs" in data:
        return dict(data["pairs"])
    dtype, strides = np.dtype(data["dtype"]), tuple(data["strides"])
    array = receive_array(data["shape"], dtype, into)
    if data["scalar"]:
        return array[()]
    if strides != array.strides or data["misaligned"] % dtype.alignment:
        content, array = array, arranged(array.shape, dtype, strides, data["misaligned"])
        array[...] = content
    array.flags.writeable = data["writeable"]
    return array.view(np.matrix) if data["matrix"] else array


# Its answer, from the subject.


def answer_to_data(
    answer: Answer, computing: float = 0.0
) -> tuple[dict[str, Any], list[np.ndarray]]:
    """What goes into a message. computing: the seconds that the call took of the processor."""
    gradient, returned = answer.gradient, answer.returned
    if gradient is not None and gradient.nbytes > MOST_BYTES:
        returned, gradient = f"an array of {gradient.nbytes:,} bytes", None
    content: dict[str, Any] = {
        "loss": answer.loss,
        "of_bias": answer.of_bias[:_MOST_NUMBERS],
        "returned": returned[:_MOST_TEXT],
        "error": answer.error[:_MOST_TEXT],
        "raised": answer.raised[:_MOST_TEXT],
        "changed": answer.changed,
        "aliases": answer.aliases,
        "single": answer.single,
        "no_loss": answer.no_loss[:_MOST_TEXT],
        "no_gradient": answer.no_gradient[:_MOST_TEXT],
        "computing": computing,
    }
    arrays = {} if gradient is None else {"": gradient}
    arrays |= answer.arrays if sum(a.nbytes for a in answer.arrays.values()) <= MOST_BYTES else {}
    given = [np.asarray(array, order="C") for array in arrays.values()]
    told = zip(arrays, given, strict=True)
    content["arrays"] = [[name[:_MOST_TEXT], a.shape, a.dtype.str] for name, a in told]
    return content, given


def answer_from_message(content: Mapping[str, Any], bodies: int, into: Receive) -> Answer:
    """Raises Garbled unless every part is of its kind and the gradient's bytes are those sent."""
    loss = content.get("loss")
    if loss is not None and type(loss) is not float:
        raise Garbled
    arrays = {}
    for told in _told(content.get("arrays")):
        name, shape, dtype = text(told[0]), _shape(told[1]), _dtype(told[2])
        bodies -= math.prod(shape) * dtype.itemsize
        if bodies < 0:
            raise Garbled
        arrays[name] = receive_array(shape, dtype, into)
    if bodies:
        raise Garbled
    return Answer(
        loss,
        arrays.pop("", None),
        text(content.get("returned")),
        text(content.get("error")),
        changed=texts(content.get("changed")),
        aliases=texts(content.get("aliases")),
        single=content.get("single") is True,
        of_bias=_numbers(content.get("of_bias", [])),
        no_loss=text(content.get("no_loss", "")),
        no_gradient=text(content.get("no_gradient", "")),
        raised=text(content.get("raised", "")),
        arrays=arrays,
    )


def _told(value: Any) -> list[list[Any]]:
    """Of each array its name, shape and dtype. Raises Garbled."""
    if not isinstance(value, list) or len(value) > 100:
        raise Garbled
    if not all(isinstance(each, list) and len(each) == 3 for each in value):
        raise Garbled
    return value


def computing_from_message(content: Mapping[str, Any]) -> float:
    """How many seconds the call took of the processor. Raises Garbled."""
    value = content.get("computing")
    if type(value) is not float or not value >= 0:
        raise Garbled
    return value


def _numbers(value: Any) -> tuple[float, ...]:
    if not isinstance(value, list) or len(value) > _MOST_NUMBERS:
        raise Garbled
    if not all(type(number) is float for number in value):
        raise Garbled
    return tuple(value)


def _shape(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > _MOST_DIMENSIONS:
        raise Garbled
    if not all(type(n) is int and 0 <= n <= MOST_BYTES for n in value):
        raise Garbled
    return tuple(value)


def _dtype(value: Any) -> np.dtype:
    if not isinstance(value, str) or len(value) > 8:
        raise Garbled
    try:
        dtype = np.dtype(value)
    except (TypeError, ValueError, SyntaxError) as error:
        raise Garbled from error
    if dtype.kind not in "iuf":
        raise Garbled
    return dtype


def text(value: Any) -> str:
    """A text of the other side's, neither endless nor harmful to a terminal."""
    if not isinstance(value, str) or len(value) > _MOST_TEXT:
        raise Garbled
    return printable(value)


def texts(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 100:
        raise Garbled
    return tuple(map(text, value))
