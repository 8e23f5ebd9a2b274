"""The loss, the gradient and that of a bias, wherever they lie in what a function returned.

Courses return (loss, dW), but also a dictionary of gradients by the names of the parameters,
(loss, {"W": dW, "b": db}), one of everything, a named tuple, or an object with attributes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import numpy as np

_OF = r"(?:d|grads?_?|gradients?_?|d_|dl_?d?|dloss_?d?|nabla_?|g_?)"
_AFTER = r"(?:_?grads?|_?gradients?|_?prime)"
_WEIGHTS = r"(?:w\d?|weights?|theta|params?|parameters?|coefs?|coefficients?|kernel)"
_BIAS = r"(?:b\d?|bias|biases|intercept)"
#: Names that say by themselves what they are the names of.
_LOSS = re.compile(r"loss|cost|objective|value|j|l")
_GRADIENT = re.compile(
    rf"{_OF}{_WEIGHTS}|{_WEIGHTS}{_AFTER}|grads?|gradients?|grad\w*|jac\w*|derivatives?"
)
_OF_BIAS = re.compile(rf"{_OF}{_BIAS}|{_BIAS}{_AFTER}")
#: Names of the parameters: with nothing else beside them, their gradients are meant.
_PLAIN_WEIGHTS, _PLAIN_BIAS = re.compile(_WEIGHTS), re.compile(_BIAS)


def unpacked(returned: Any) -> Any:
    """The loss, the gradient and that of a bias, as a tuple; what was returned, if they are not
    there by name or one level deeper.
    """
    named = _by_name(returned)
    if named:
        return named
    if not isinstance(returned, tuple | list) or not 0 < len(returned) <= 3:
        return returned
    for place, part in enumerate(returned[:2]):
        found = _gradients(part)
        if found:  # what holds a bias's gradient as well comes last
            others = [each for other, each in enumerate(returned) if other != place]
            return (*others[:1], *found, *others[1:])
    return returned


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


def _first(fields: Mapping[str, Any], names: re.Pattern[str]) -> Any:
    return next((value for name, value in fields.items() if names.fullmatch(name)), None)


def _fields(value: Any) -> dict[str, Any]:
    """The values by name, in small letters, of a dictionary, a named tuple or a plain object."""
    if isinstance(value, Mapping):
        found: Any = value
    elif isinstance(value, tuple) and hasattr(value, "_asdict"):
        found = value._asdict()
    elif hasattr(value, "shape") or isinstance(value, type):  # an array, of whatever kind
        found = {}
    else:
        found = getattr(value, "__dict__", {})
    try:
        return {str(name).lower(): each for name, each in found.items()}
    except Exception:  # an object may do anything
        return {}
