"""A printed source, run in the arithmetic of mpmath: with 50 digits, or of intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
from mpmath.ctx_iv import MPIntervalContext


class _Number:
    """In the place of float64: a number is left as it is, and an array has objects."""

    def __new__(cls, value: Any) -> Any:
        return value


class Library:
    """A library of arrays, all of it by NumPy, with exp, log and √ of a context, as of mpmath."""

    float64 = _Number

    def __init__(self, context: Any) -> None:
        for name in ("exp", "log", "sqrt"):
            setattr(self, name, np.vectorize(getattr(context, name), otypes=[object]))

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @property
    def nn(self) -> Library:
        return self

    functional = linalg = nn

    def det(self, A: Any) -> Any:
        return self._eliminated(A)[0]

    def inv(self, A: Any) -> Any:
        return self._eliminated(A)[1].view(type(A))

    def _eliminated(self, A: Any) -> tuple[Any, Any]:
        """The determinant and the inverse, by elimination with pivots, as libraries do it."""
        n, det = len(A), 1
        rows = np.concatenate([np.asarray(A), np.eye(n, dtype=int)], axis=1).astype(object)
        for k in range(n):
            sizes = [abs(rows[p, k]) for p in range(k, n)]
            most = max(range(k, n), key=lambda p: float(getattr(sizes[p - k], "b", sizes[p - k])))
            if getattr(sizes[most - k], "a", sizes[most - k]) == 0:
                raise ArithmeticError("it has no inverse there, or none that is seen")
            det = rows[most, k] * (det if most == k else -det)
            rows[[k, most]] = rows[[most, k]]
            rows[k] = rows[k] / rows[k, k]
            for p in set(range(n)) - {k}:
                rows[p] = rows[p] - rows[k] * rows[p, k]
        return det, rows[:, n:]

    def slogdet(self, A: Any) -> Any:
        det = self.det(A)
        return (1 if det > 0 else -1), self.log(abs(det))

    def logdet(self, A: Any) -> Any:
        return self.log(self.det(A))

    def logaddexp(self, u: Any, v: Any) -> Any:
        return self.log(self.exp(u) + self.exp(v))

    def logsigmoid(self, u: Any) -> Any:
        return -self.log(1 + self.exp(-u))

    def logsumexp(self, u: Any, axis: int | None = None, dim: int | None = None) -> Any:
        along = axis if dim is None else dim
        top = u.max(axis=along, keepdims=True)
        summed = self.exp(u - top).sum(axis=along, keepdims=True)
        return (top + self.log(summed)).squeeze(along)

    def log1p(self, u: Any) -> Any:
        return self.log(1 + u)

    def relu(self, u: Any) -> Any:
        return np.maximum(0, u)

    def arange(self, count: int, device: object = None) -> np.ndarray:
        return np.arange(count)

    def full(
        self, shape: Any, value: float, dtype: object = None, device: object = None
    ) -> np.ndarray:
        return np.full(shape, value)

    def array(self, value: Any, dtype: object = None) -> Any:
        return np.array(value, object)

    def asarray(self, value: Any, dtype: object = None, device: object = None) -> Any:
        return np.asarray(value)

    as_tensor = asarray


class _Tensor(np.ndarray):
    """An array with what the text for PyTorch asks of one, and NumPy's has not: a number is one."""

    def __array_wrap__(self, array: Any, context: Any = None, return_scalar: bool = False) -> Any:
        return array.view(_Tensor)

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        return found if isinstance(found, np.ndarray) else np.array(found, object).view(_Tensor)

    def to(self, dtype: object) -> _Tensor:
        return self.astype(object).view(_Tensor)


def run(source: str, given: Sequence[Any], context: Any = mpmath) -> list[list[Any]]:
    """The results of the source at a point of fractions, in the numbers of the context."""
    library = Library(context)
    names: dict[str, Any] = {"jax": library}
    _, _, code = source.partition("\n\n\n")
    exec(compile(code, "<source>", "exec"), names)
    names.update(dict.fromkeys(("math", "np", "numpy", "jnp", "torch"), library))
    number = np.vectorize(lambda value: context.mpf(value.numerator) / value.denominator, [object])
    numbers = [number(each)[()] if np.asarray(each).dtype == object else each for each in given]
    if "import torch" in source:
        numbers = [e.view(_Tensor) if isinstance(e, np.ndarray) else e for e in numbers]
    with np.errstate(all="ignore"):
        result = names["objective"](*numbers)
    results = [result[0], *result[1].values()] if isinstance(result, tuple) else [result]
    return [np.ravel(part).tolist() for part in results]


def _beside_arrays(method: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A method of intervals that leaves arrays to NumPy.

    It raises ArithmeticError for a comparison that cannot be told.
    """

    def found(one: Any, other: Any) -> Any:
        if isinstance(other, np.generic):  # a label, which mpmath does not know as a number
            other = other.item()
        result = NotImplemented if isinstance(other, np.ndarray) else method(one, other)
        if result is None:
            raise ArithmeticError("rounding decides on which side of a kink it is")
        return result

    return found


#: Eight times as wide as a float's: another order of a sum, exp of a library, a size's reciprocal.
INTERVALS = MPIntervalContext()
INTERVALS.prec = 50
for _name in (
    "add",
    "radd",
    "sub",
    "rsub",
    "mul",
    "rmul",
    "truediv",
    "rtruediv",
    "lt",
    "le",
    "gt",
    "ge",
):
    _method = getattr(INTERVALS.mpf, f"__{_name}__")
    setattr(INTERVALS.mpf, f"__{_name}__", _beside_arrays(_method))
