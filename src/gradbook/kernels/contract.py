"""What every kernel accepts: one reading of W, X and y, or one sentence that refuses them.

A kernel that is given NaN, unsigned integers or scores that overflow would compute something. Here
such data stop, before any arithmetic that could hide them: inf − inf + 1 > 0 is false, silently.
"""

from __future__ import annotations

import numbers
import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

#: The largest integers that float64 holds without gaps.
EXACT = 2**53

WEIGHTS = ("float32", "float64")
EXAMPLES = ("float16", "float32", "float64")


@dataclass(frozen=True, eq=False)
class Data:
    """W (C, D) and X (n, D) in one dtype, float32 or float64, y (n,) of int64, and W's own dtype.

    The arrays may be the caller's own, in any layout: they are read, never written.
    """

    W: NDArray[Any]
    X: NDArray[Any]
    y: NDArray[np.int64]
    dtype: np.dtype[Any]


def augment(X: ArrayLike) -> NDArray[Any]:
    """X with the constant 1 of the bias in front of each example (N1): (n, m) → (n, m + 1).

    The dtype stays. Raises TypeError and ValueError for what no kernel accepts as X.
    """
    X = _matrix("X", X, EXAMPLES, "(n, m)")
    return np.hstack([np.ones((len(X), 1), X.dtype), X])


def read(
    W: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
    *,
    classes: int | None = None,
    features: int | None = None,
) -> Data:
    """The data of one call, checked and converted without loss.

    W: (C, D) of float32, float64 or integers. X: (n, D) of float16, float32, float64 or integers.
    y: (n,) of integers 0 … C − 1. C ≥ 2, D ≥ 1, n ≥ 1; classes and features fix C and D − 1.

    W and X come back in the dtype that NumPy gives to their combination, float32 or float64.
    Raises TypeError for what is not such numbers, and ValueError for a wrong shape, a label out of
    range, an integer beyond 2**53, NaN, infinity, and magnitudes that could overflow.
    """
    W = _matrix("W", W, WEIGHTS, "(C, D)")
    X = _matrix("X", X, EXAMPLES, "(n, D)")
    _require_sizes(W, X, classes, features)
    labels = _labels(y, len(W), len(X))
    weights = W.dtype.newbyteorder("=") if W.dtype.kind == "f" else np.dtype(np.float64)
    dtype = np.result_type(weights, X.dtype)
    _require_no_overflow(_largest("W", W), _largest("X", X), len(W), X.shape, dtype)
    W, X = (np.asarray(array, dtype) for array in (W, X))
    return Data(W, X, labels, weights)


def example_weights(value: ArrayLike | None, data: Data) -> NDArray[Any]:
    """The weights of the examples, (n,) in the data's dtype: 1 each where there are none.

    Raises TypeError for what is not numbers, and ValueError for another shape, NaN and infinity.
    """
    if value is None:
        return np.ones(len(data.y), data.X.dtype)
    weights = _array("weights", value)
    if weights.dtype.name not in EXAMPLES and weights.dtype.kind not in "iu":
        raise TypeError(f"weights must hold {', '.join(EXAMPLES)} or integers, not {weights.dtype}")
    if weights.shape != data.y.shape:
        raise ValueError(
            f"weights must hold one number for each row of X, shape {data.y.shape}, "
            f"not {weights.shape}"
        )
    _largest("weights", weights)
    return np.asarray(weights, data.X.dtype)


def number(name: str, value: Any) -> float:
    """A parameter. Raises TypeError for what is no real number, ValueError for one not finite."""
    if isinstance(value, bool | np.bool_) or not isinstance(value, numbers.Real):
        raise TypeError(f"{name} must be a real number, not {value!r}")
    if not np.isfinite(float(value)):
        raise ValueError(f"{name} must be finite, not {value!r}")
    return float(value)


def _array(name: str, value: ArrayLike) -> NDArray[Any]:
    if _has_mask(value):
        raise TypeError(f"{name} must be an array without a mask, not a masked array")
    try:
        return np.asarray(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} must be an array of numbers, or lists of equal length") from None


def _has_mask(value: ArrayLike) -> bool:
    """Whether it is a masked array. NumPy's module for them is slow to load: whoever has one has
    loaded it.
    """
    masked = sys.modules.get("numpy.ma")
    return masked is not None and isinstance(value, masked.MaskedArray)


def _matrix(name: str, value: ArrayLike, floats: tuple[str, ...], shape: str) -> NDArray[Any]:
    array = _array(name, value)
    if array.dtype.name not in floats and array.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold {', '.join(floats)} or integers, not {array.dtype}")
    if array.ndim != 2:
        raise ValueError(f"{name} must have two dimensions, {shape}, not the shape {array.shape}")
    return array


def _require_sizes(
    W: NDArray[Any], X: NDArray[Any], classes: int | None, features: int | None
) -> None:
    (C, D), (n, width) = W.shape, X.shape
    if C < 2:
        raise ValueError(f"W must have a row for each of at least two classes, not {C}")
    if D < 1:
        raise ValueError("W must have at least one column, not 0")
    if width != D:
        raise ValueError(f"X must have as many columns as W, {D}, not {width}")
    if n < 1:
        raise ValueError("X must have at least one row, not 0: the mean over no example is unknown")
    expected = (C if classes is None else classes, D if features is None else features + 1)
    if expected != (C, D):
        raise ValueError(
            f"W must have the shape {expected} that this kernel was emitted for "
            f"(C = {expected[0]}, m = {expected[1] - 1}), not {W.shape}"
        )


def _labels(value: ArrayLike, classes: int, examples: int) -> NDArray[np.int64]:
    y = _array("y", value)
    if y.shape != (examples,):
        raise ValueError(
            f"y must hold one label for each row of X, shape ({examples},), not {y.shape}"
        )
    if y.dtype.kind not in "iu":
        raise TypeError(f"y must hold integers, not {y.dtype}")
    if y.min() < 0 or y.max() >= classes:
        i = int(np.argmax((y < 0) | (y >= classes)))
        raise ValueError(f"y must hold labels 0 … {classes - 1}, but y[{i}] is {y[i]}")
    return np.asarray(y, np.int64)


def _largest(name: str, array: NDArray[Any]) -> float:
    """max |array|. Two passes without a temporary; NaN and infinity survive both."""
    low, high = array.min(), array.max()
    largest = max(-low.item(), high.item())
    if array.dtype.kind in "iu":
        if largest > EXACT:
            at = np.argwhere((array > EXACT) | (array < -EXACT))[0].tolist()
            raise ValueError(
                f"{name} must hold integers of at most 2**53, which float64 holds exactly, "
                f"but {name}{at} is {array[tuple(at)]}"
            )
    elif not (np.isfinite(low) and np.isfinite(high)):
        at = np.argwhere(~np.isfinite(array))[0].tolist()
        raise ValueError(f"{name} must be finite, but {name}{at} is {array[tuple(at)]}")
    return abs(float(largest))


def _require_no_overflow(
    w: float, x: float, classes: int, shape: tuple[int, ...], dtype: np.dtype[Any]
) -> None:
    """Refuses what could overflow in a sum of margins s_j − s_y + 1, or in a sum of ±x̃."""
    n, D = shape
    margin = 2 * D * w * x + 1
    bound = n * classes * max(margin, x)
    # Half of the range is left to the roundings on the way.
    if bound > float(np.finfo(dtype).max) / 2:
        raise ValueError(
            f"W and X must be small enough for {dtype} to hold their scores and sums, "
            f"but max|W| is {w:.3g} and max|X| is {x:.3g}"
        )
