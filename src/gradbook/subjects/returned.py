"""The loss, the gradient and that of a bias, wherever they lie in what a function returned.

Courses return (loss, dW), but also a dictionary of gradients by the names of the parameters,
(loss, {"W": dW, "b": db}), one of everything, a named tuple, an object with attributes, or one
after the other from a generator.
"""

from __future__ import annotations

import inspect
import numbers
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np

from gradbook.subjects.promises import NOTHING, Promises

_OF = r"(?:d|grads?_?|gradients?_?|d_|dl_?d?|dloss_?d?|nabla_?|g_?)"
_AFTER = r"(?:_?grads?|_?gradients?|_?prime)"
_WEIGHTS = r"(?:w\d?|weights?|theta|params?|parameters?|coefs?|coefficients?|kernel)"
_BIAS = r"(?:b\d?|bias|biases|intercept)"
#: Names that say by themselves what they are the names of.
_LOSS = re.compile(r"(?:total_?)?(?:loss|cost|objective|value|obj|j|l)(?:_?value)?")
_GRADIENT = re.compile(
    rf"{_OF}{_WEIGHTS}|{_WEIGHTS}{_AFTER}|g|grads?|gradients?|grad\w*|jac\w*|derivatives?"
)
_OF_BIAS = re.compile(rf"{_OF}{_BIAS}|{_BIAS}{_AFTER}")
#: Names of the parameters: with nothing else beside them, their gradients are meant.
_PLAIN_WEIGHTS, _PLAIN_BIAS = re.compile(_WEIGHTS), re.compile(_BIAS)


@dataclass(frozen=True)
class Returned:
    """What one call gave, as in `Answer`: words is what it calls `returned`."""

    loss: float | None = None
    gradient: np.ndarray | None = None
    words: str = ""
    single: bool = False
    of_bias: tuple[float, ...] = ()
    no_loss: str = ""
    no_gradient: str = ""


def read(
    returned: Any, promises: Promises = NOTHING, has_bias: bool = False, place: int = -1
) -> Returned:
    """The loss and the gradient, wherever they are. Of a longer tuple two count.

    promises: what the function's own text says of what it returns. has_bias: whether a bias is an
    argument, whose gradient may come last. place: where in a longer tuple the gradient stands, if
    that is known.
    """
    returned = _in_one(returned) if place < 0 else _in_places(returned)
    returned = _unpacked(returned, promises, place)
    if _is_tuple(returned) and len(returned) == 1:
        return read(returned[0], promises, has_bias)
    parts = returned[:2] if _is_tuple(returned) else (returned,)
    found = [_part(part) for part in parts]
    words = " and ".join(word for word, _ in found)
    if _is_tuple(returned) and len(returned) > 2:
        words += f" and {len(returned) - 2} more"
    # Of two of a kind the first is meant: a gradient and that of the bias, a loss and its parts.
    named = dict(reversed(found))
    loss, gradient = named.get("a loss"), named.get("a gradient")
    instead = [word for (word, _), part in zip(found, parts, strict=True) if _is_spoilt(part)]
    no_gradient = ""
    if gradient is None and loss is not None:
        second = "a number" if len(found) == 2 and found[1][0] == "a loss" else ""
        promised = (second or (found[1][0] if len(found) == 2 else "nothing")) * promises.gradient
        no_gradient = instead[0] if instead else promised
    return Returned(
        loss,
        gradient,
        words,
        single=_is_single(returned),
        of_bias=_read_bias(returned, gradient, has_bias),
        no_loss=instead[0] if instead and loss is None and gradient is not None else "",
        no_gradient=no_gradient,
    )


def arrays_in(returned: Any, promises: Promises = NOTHING) -> dict[str, np.ndarray]:
    """Every array and number that was returned but for the loss, by its name or its place; {} for
    one array alone.
    """
    found = dict(_all_parts(returned, promises.names))
    told = [place for place, part in found.items() if part.ndim == 0]
    losses = [place for place in told if _LOSS.fullmatch(place.rpartition(".")[2])]
    for place in [*losses, *(p for p in told if not p or p.isdigit())][:1]:
        del found[place]
    return {} if len(found) == 1 and next(iter(found.values())).ndim else found


def _all_parts(
    value: Any, names: tuple[str, ...] = (), place: str = ""
) -> Iterator[tuple[str, np.ndarray]]:
    fields = _fields(value)
    if not fields and _is_tuple(value):
        told = names if len(names) == len(value) and all(names) else map(str, range(len(value)))
        fields = dict(zip(told, value, strict=True))
    for name, part in fields.items():
        yield from _all_parts(part, place=f"{place}{name}.")
    found = None if fields else _part(value)[1]
    if found is not None:
        yield place.rstrip("."), np.asarray(found)


def place_of(returned: Any, shape: tuple[int, ...]) -> int:
    """Where in a tuple, or behind the loss in a thing with names none of which is a gradient's, the
    only array of this shape stands; −1 where that does not tell.
    """
    plain = _in_places(returned)
    parts = plain if isinstance(plain, tuple) and len(plain) > 1 + (plain is returned) else ()
    found = [place for place, part in enumerate(parts) if np.shape(_part(part)[1]) == shape]
    numbers = any(_part(part)[0] == "a loss" for part in parts)
    return found[0] if len(found) == 1 and numbers else -1


def _with_second(returned: Any, place: int) -> Any:
    """A tuple with its first number first, the part at this place next, and what follows that."""
    if not isinstance(returned, tuple) or not 0 <= place < len(returned):
        return returned
    kinds = [_part(part)[0] for part in returned]
    if "a loss" not in kinds:
        return returned
    first = kinds.index("a loss")
    after = [*returned[place + 1 :], *returned[:place]]
    rest = [part for part in after if part is not returned[first]]
    return (returned[first], returned[place], *rest)


def _in_one(returned: Any) -> Any:
    """What a generator yields, as a tuple; all else is as it is."""
    return tuple(islice(returned, 4)) if inspect.isgenerator(returned) else returned


def _in_places(returned: Any) -> Any:
    """Of a thing with names, one of them for the loss, none for a gradient: that, then the rest."""
    fields = _fields(returned)
    loss = _first(fields, _LOSS)
    if loss is None or _gradients_by_name(fields):
        return returned
    return (loss, *(each for each in fields.values() if each is not loss))


def _unpacked(returned: Any, promises: Promises, place: int) -> Any:
    """The loss, the gradient and that of a bias, as a tuple; what was returned, if they are not
    there by name or one level deeper.
    """
    named = _by_name(returned)
    if named:
        return named
    if not isinstance(returned, tuple | list):
        return returned
    if len(promises.names) == len(returned) > 2:
        named = _by_name(dict(zip(promises.names, returned, strict=True)))
        if len(named) > 1:
            return named
    returned = _with_second(returned, place)
    if not 0 < len(returned) <= 3:
        return returned
    for place, part in enumerate(returned[:2]):
        found = _gradients(part)
        if found:  # what holds a bias's gradient as well comes last
            others = [_loss_in(each) for other, each in enumerate(returned) if other != place]
            return (*others[:1], *found, *others[1:])
    return returned


def _loss_in(part: Any) -> Any:
    """The first of a few numbers, the whole before its parts; any other thing as it is."""
    numbers_alone = isinstance(part, tuple) and part and all(_part(p)[0] == "a loss" for p in part)
    return part[0] if numbers_alone else part


def _gradients(part: Any) -> tuple[Any, ...]:
    """What a part of the answer holds, if it holds gradients and is none itself."""
    named = _gradients_by_name(_fields(part))
    if named or not isinstance(part, tuple | list) or not 0 < len(part) <= 2:
        return named
    matrix = isinstance(part[0], np.ndarray) and part[0].ndim == 2
    # A list of the rows of a gradient is an array, and so is one of two matrices.
    alike = len(part) == 2 and np.ndim(part[1]) == 2 and min(np.shape(part[1])) > 1
    return tuple(part) if matrix and not alike else ()


def _by_name(value: Any) -> tuple[Any, ...]:
    """Of a thing with names the loss, the gradient and that of the bias, as far as there are."""
    fields = _fields(value)
    loss = _first(fields, _LOSS)
    return (*(() if loss is None else (loss,)), *_gradients_by_name(fields))


def _gradients_by_name(fields: Mapping[str, Any]) -> tuple[Any, ...]:
    bias = _first(fields, _OF_BIAS)
    gradient = _first({name: a for name, a in fields.items() if a is not bias}, _GRADIENT)
    if gradient is None and all(map(_is_of_parameters, fields)):
        gradient = _first(fields, _PLAIN_WEIGHTS)
        bias = _first(fields, _PLAIN_BIAS) if bias is None else bias
    if gradient is None:
        return ()
    inner = _gradients(gradient) or (gradient,)
    return inner if bias is None else (*inner, bias)


def _is_of_parameters(name: str) -> bool:
    patterns = (_PLAIN_WEIGHTS, _PLAIN_BIAS, _OF_BIAS, _LOSS)
    return any(one.fullmatch(name) for one in patterns)


def names_a_gradient(name: str) -> bool:
    """Whether a result that is called so is meant as one."""
    return bool(_GRADIENT.fullmatch(name.lower().strip("_")))


def _first(fields: Mapping[str, Any], names: re.Pattern[str]) -> Any:
    return next((value for name, value in fields.items() if names.fullmatch(name)), None)


def _fields(value: Any) -> dict[str, Any]:
    """The values by name, in small letters, of a dictionary, a named tuple or an object."""
    if isinstance(value, Mapping):
        found: Any = value
    elif isinstance(value, tuple) and hasattr(value, "_asdict"):
        found = value._asdict()
    elif hasattr(value, "shape") or isinstance(value, type | numbers.Number | str | tuple | list):
        found = {}  # an array, of whatever kind, or a number
    elif callable(value) and not hasattr(value, "__dict__"):
        found = {}
    else:
        found = _attributes(value)
    try:
        return {str(name).lower().strip("_"): each for name, each in found.items()}
    except Exception:  # an object may do anything
        return {}


def _attributes(value: Any) -> dict[str, Any]:
    """What an object has in itself, in slots and as properties."""
    try:
        found = dict(getattr(value, "__dict__", {}))
        for cls in type(value).__mro__[:-1]:
            slots = getattr(cls, "__slots__", ())
            names = [slots] if isinstance(slots, str) else [*slots]
            names += [name for name, each in vars(cls).items() if isinstance(each, property)]
            found |= {name: getattr(value, name) for name in names if hasattr(value, name)}
    except Exception:  # an object may do anything
        return {}
    return found


def _is_single(returned: Any) -> bool:
    """Whether the first number that was returned is in single precision."""
    first = returned[0] if isinstance(returned, tuple) and returned else returned
    return getattr(first, "dtype", None) == np.float32 and getattr(first, "size", 0) == 1


def _read_bias(returned: Any, gradient: Any, has_bias: bool) -> tuple[float, ...]:
    """What comes after a gradient that is a matrix: a number for each of its rows or columns.

    has_bias: whether one number alone is meant for it as well.
    """
    if not _is_tuple(returned) or not isinstance(gradient, np.ndarray) or gradient.ndim != 2:
        return ()
    parts = [value for _, value in map(_part, returned[:3])]
    places = [place for place, value in enumerate(parts) if np.shape(value) == gradient.shape]
    after = parts[places[0] + 1 :][:1] if places else []
    for array in after:
        if isinstance(array, np.ndarray) and max(array.shape) == array.size in gradient.shape:
            return tuple(map(float, array.ravel()))
        if has_bias and isinstance(array, float):
            return (array,)
    return ()


def _is_tuple(value: Any) -> bool:
    """A tuple, or a list of unlike things; a list of lists is an array."""
    rows = isinstance(value, list) and all(isinstance(row, list) for row in value)
    return isinstance(value, tuple | list) and len(value) > 0 and not rows


def _part(value: Any) -> tuple[str, Any]:
    """What one returned value is, in words, and the value as a float or an array."""
    if isinstance(value, numbers.Real) and not isinstance(value, bool):
        return "a loss", _as_float(value)
    array = None if isinstance(value, tuple) or _hides(value) else _as_array(value)
    if array is None or array.size == 0:
        return _described(value), None
    return ("a loss", _as_float(array.item())) if array.size == 1 else ("a gradient", array)


def _is_spoilt(value: Any) -> bool:
    """Whether it can only stand where a number or an array should: nothing else is made of it."""
    if value is None or isinstance(value, str | bytes) or hasattr(value, "__array__"):
        return _part(value)[1] is None
    if isinstance(value, list):  # of rows that are none, or of words
        rows = all(part is None or isinstance(part, str | list) for part in value)
        return bool(value) and rows and _part(value)[1] is None
    complex_number = isinstance(value, numbers.Complex) and not isinstance(value, numbers.Real)
    return complex_number or (callable(value) and hasattr(value, "__code__"))


def _hides(value: Any) -> bool:
    """Whether entries of an array are masked: there are numbers that do not count."""
    return isinstance(value, np.ma.MaskedArray) and bool(np.ma.getmaskarray(value).any())


def _as_float(value: Any) -> float:
    try:
        return float(value)
    except OverflowError:  # an integer or a fraction too large for a float
        return float("inf") if value > 0 else float("-inf")


def _as_array(value: Any) -> np.ndarray | None:
    """An array of real numbers, from what is one, or makes one of itself, or nested lists; else
    None.
    """
    try:
        value = value.toarray() if hasattr(value, "toarray") else value
        array = np.asarray(value)
        if array.dtype.kind not in "iuf":
            return None
        if not isinstance(value, np.ndarray | list):  # it may make another one each time
            return array if np.array_equal(array, np.asarray(value), equal_nan=True) else None
    except Exception:  # ragged lists, or an object that makes an array of itself and fails
        return None
    return array


def _described(value: Any) -> str:
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        masked = "a masked array" if _hides(value) else "an array"
        return f"{masked} of shape {value.shape} and dtype {value.dtype}"
    name = type(value).__name__
    if isinstance(value, tuple | list | dict):
        return f"a {name} of {len(value)}"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
