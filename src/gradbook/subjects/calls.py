"""Calling a function that may do anything, and reading whatever it returns."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from gradbook.subjects.forms import form_of
from gradbook.subjects.names import role_of
from gradbook.subjects.returned import Returned, arrays_in, place_of
from gradbook.subjects.subject import EARLIER_GRADIENT, Answer, Argument, printable

_LONGEST = 200


class Caller:
    """Calls `function` on arguments that it may change, and says what happened."""

    def __init__(
        self, function: Callable[..., Any], out_of_memory: str = "needs more memory than there is"
    ) -> None:
        self.function = function
        self._form = form_of(function)
        self.parameters, self.defaults = self._form.parameters, self._form.defaults
        self.call = self._form.call
        self._place = -1
        self._out_of_memory = out_of_memory
        self._earlier: tuple[np.ndarray, bytes] | None = None

    def __call__(self, arguments: Sequence[Argument], keywords: Mapping[str, Argument]) -> Answer:
        arrays = self._arrays(arguments, keywords)
        before = {name: _state(array) for name, array in arrays.items()}
        found, error, kind = Returned(), "", ""
        every: dict[str, np.ndarray] = {}
        try:
            # What overflows or is divided by 0 shows in the answer; a warning would say it twice.
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                returned = self._form(*arguments, **keywords)
                found = self._read(returned, arguments)
                every = arrays_in(returned, self._form.promises)
        except MemoryError:
            error = self._out_of_memory
        except SystemExit:
            error = "ends the program with SystemExit"
        except Exception as raised:
            error, kind = clause(raised), type(raised).__name__
        changed = tuple(
            name
            for name, array in arrays.items()
            if _state(array) != before[name] and name not in self._form.written_into
        )
        changed += tuple(self._form.changed)
        if self._earlier is not None and self._earlier[0].tobytes() != self._earlier[1]:
            changed += (EARLIER_GRADIENT,)
        answer = Answer(
            found.loss,
            None,
            found.words,
            error,
            changed=changed,
            single=found.single,
            of_bias=found.of_bias,
            no_loss=found.no_loss,
            no_gradient=found.no_gradient,
            raised=kind,
            arrays={name: array.copy() for name, array in every.items()},
        )
        gradient = found.gradient
        if gradient is None:
            return answer
        self._earlier = gradient, gradient.tobytes()
        aliases = tuple(
            name
            for name, array in arrays.items()
            if np.may_share_memory(array, gradient) and name not in self._form.written_into
        )
        return replace(answer, gradient=gradient.copy(order="K"), aliases=aliases)

    def _read(self, returned: Any, arguments: Sequence[Argument]) -> Returned:
        """Of a longer tuple the gradient is what alone has the shape of W, at the first call."""
        if self._place < 0:
            pairs = zip(self.parameters, arguments, strict=False)
            W = next((a for name, a in pairs if role_of(name) == "W"), None)
            self._place = place_of(returned, W.shape) if isinstance(W, np.ndarray) else -1
        return self._form.read(returned, self._place)

    def _arrays(
        self, arguments: Sequence[Argument], keywords: Mapping[str, Argument]
    ) -> dict[str, np.ndarray]:
        """The arrays among the arguments, by the names that the function gives them."""
        further = [f"argument {i + 1}" for i in range(len(self.parameters), len(arguments))]
        named = dict(zip([*self.parameters, *further], arguments, strict=False))
        named |= dict(keywords)
        return {name: array for name, array in named.items() if isinstance(array, np.ndarray)}


def clause(error: BaseException) -> str:
    """ "raises IndexError: list index out of range", on one line."""
    kind = type(error).__name__
    try:
        text = printable(" ".join(str(error).split()))
    except Exception:  # an exception of the function's own may fail even to say what it is
        text = ""
    text = text if len(text) <= _LONGEST else text[:_LONGEST].rstrip() + " …"
    return f"raises {kind}: {text}" if text else f"raises {kind}"


def like(argument: Argument) -> Argument:
    """A copy with the dtype, shape, strides, alignment and writeable flag of its original."""
    if not isinstance(argument, np.ndarray):
        return argument
    flags = argument.flags
    if flags.aligned and (flags.c_contiguous or flags.f_contiguous):
        copy = argument.copy(order="K")
    else:
        copy = arranged(argument.shape, argument.dtype, argument.strides, misalignment(argument))
        copy[...] = argument
    copy.flags.writeable = flags.writeable
    return copy


def misalignment(array: np.ndarray) -> int:
    """How many bytes after a multiple of 16 the lowest byte of the array lies."""
    first = int(array.__array_interface__["data"][0])
    return (first + _lowest(array.shape, array.strides)) % 16


def arranged(
    shape: Sequence[int], dtype: np.dtype, strides: Sequence[int], misaligned: int = 0
) -> np.ndarray:
    """An array of these strides, in bytes, and with this `misalignment`; its entries are 0."""
    lowest = _lowest(shape, strides)
    highest = sum(max(0, (n - 1) * step) for n, step in zip(shape, strides, strict=True))
    block = np.zeros(highest - lowest + dtype.itemsize + 32, np.uint8)
    offset = (misaligned - misalignment(block)) % 16 - lowest
    return np.ndarray(tuple(shape), dtype, block.data, offset, tuple(strides))


def _lowest(shape: Sequence[int], strides: Sequence[int]) -> int:
    """The lowest byte that an entry has, counted from the first entry: 0 or less."""
    return sum(min(0, (n - 1) * step) for n, step in zip(shape, strides, strict=True))


def _state(array: np.ndarray) -> tuple[Any, ...]:
    return array.shape, array.strides, array.dtype, array.tobytes()
