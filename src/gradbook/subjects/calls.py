"""Calling a function that may do anything, and reading whatever it returns."""

from __future__ import annotations

import inspect
import numbers
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradbook.subjects.methods import Method
from gradbook.subjects.subject import EARLIER_GRADIENT, Answer, Argument, printable
from gradbook.subjects.unpacked import unpacked

_LONGEST = 200


class Caller:
    """Calls `function` on arguments that it may change, and says what happened."""

    def __init__(
        self, function: Callable[..., Any], out_of_memory: str = "needs more memory than there is"
    ) -> None:
        self.function = function
        self.parameters, self.defaults = signature(function)
        self._out_of_memory = out_of_memory
        self._earlier: tuple[np.ndarray, bytes] | None = None

    def __call__(self, arguments: Sequence[Argument], keywords: Mapping[str, Argument]) -> Answer:
        arrays = self._arrays(arguments, keywords)
        before = {name: _state(array) for name, array in arrays.items()}
        loss, gradient, words, error, single = None, None, "", "", False
        of_bias: tuple[float, ...] = ()
        try:
            # What overflows or is divided by 0 shows in the answer; a warning would say it twice.
            with np.errstate(all="ignore"), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                returned = unpacked(self.function(*arguments, **keywords))
                loss, gradient, words = read(returned)
                single = _is_single(returned)
                of_bias = read_bias(returned, gradient)
        except MemoryError:
            error = self._out_of_memory
        except SystemExit:
            error = "ends the program with SystemExit"
        except Exception as raised:
            error = clause(raised)
        changed = tuple(name for name, array in arrays.items() if _state(array) != before[name])
        if self._earlier is not None and self._earlier[0].tobytes() != self._earlier[1]:
            changed += (EARLIER_GRADIENT,)
        if gradient is None:
            return Answer(loss, None, words, error, changed=changed, single=single)
        self._earlier = gradient, gradient.tobytes()
        aliases = tuple(n for n, array in arrays.items() if np.may_share_memory(array, gradient))
        return Answer(
            loss,
            gradient.copy(order="K"),
            words,
            changed=changed,
            aliases=aliases,
            single=single,
            of_bias=of_bias,
        )

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


def signature(function: Callable[..., Any]) -> tuple[tuple[str, ...], dict[str, Any]]:
    """The names of the parameters that can be given by position, and the defaults among them."""
    if isinstance(function, Method):
        return function.parameters, function.defaults
    try:
        parameters = inspect.signature(function).parameters.values()
    except Exception:  # a function written in C may not tell, and an object may do anything
        return (), {}
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    defaults = {p.name: _plain(p.default) for p in positional if p.default is not p.empty}
    return tuple(p.name for p in positional), defaults


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else repr(value)


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


def read(returned: Any) -> tuple[float | None, np.ndarray | None, str]:
    """The loss, the gradient, and what came back in words. Of a longer tuple two count."""
    if _is_tuple(returned) and len(returned) == 1:
        return read(returned[0])
    parts = returned[:2] if _is_tuple(returned) else (returned,)
    found = [_part(part) for part in parts]
    words = " and ".join(word for word, _ in found)
    if _is_tuple(returned) and len(returned) > 2:
        words += f" and {len(returned) - 2} more"
    # Of two of a kind the first is meant: a gradient and that of the bias, a loss and its parts.
    named = dict(reversed(found))
    return named.get("a loss"), named.get("a gradient"), words


def _is_single(returned: Any) -> bool:
    """Whether the first number that was returned is in single precision."""
    first = returned[0] if isinstance(returned, tuple) and returned else returned
    return getattr(first, "dtype", None) == np.float32 and getattr(first, "size", 0) == 1


def read_bias(returned: Any, gradient: Any) -> tuple[float, ...]:
    """What comes after a gradient that is a matrix: a number for each of its rows or columns."""
    if not _is_tuple(returned) or not isinstance(gradient, np.ndarray) or gradient.ndim != 2:
        return ()
    parts = [value for _, value in map(_part, returned[:3])]
    places = [place for place, value in enumerate(parts) if np.shape(value) == gradient.shape]
    after = parts[places[0] + 1 :][:1] if places else []
    for array in after:
        if isinstance(array, np.ndarray) and max(array.shape) == array.size in gradient.shape:
            return tuple(map(float, array.ravel()))
    return ()


def _is_tuple(value: Any) -> bool:
    """A tuple, or a list of unlike things; a list of lists is an array."""
    rows = isinstance(value, list) and all(isinstance(row, list) for row in value)
    return isinstance(value, tuple | list) and len(value) > 0 and not rows


def _part(value: Any) -> tuple[str, Any]:
    """What one returned value is, in words, and the value as a float or an array."""
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return "a loss", _as_float(value)
    array = None if isinstance(value, tuple) else _as_array(value)
    if array is None or array.size == 0:
        return _described(value), None
    return ("a loss", _as_float(array.item())) if array.size == 1 else ("a gradient", array)


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer or a fraction too large for a float
        return float("inf") if value > 0 else float("-inf")


def _as_array(value: Any) -> np.ndarray | None:
    """An array of real numbers, from an array, a sparse matrix or nested lists; else None."""
    try:
        value = value.toarray() if hasattr(value, "toarray") else value
        array = np.asarray(value)
    except Exception:  # ragged lists, or an object that makes an array of itself and fails
        return None
    return array if array.dtype.kind in "iuf" else None


def _described(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    name = type(value).__name__
    if isinstance(value, tuple | list | dict):
        return f"a {name} of {len(value)}"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
