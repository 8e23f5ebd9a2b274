"""NumPy in the place of JAX and PyTorch: so that their sources can be compared where they are not.

What the printed sources ask of a library, and nothing else. It shows a wrong formula, not what the
library itself would do otherwise; where the library is installed, the source is run with it.
"""

from __future__ import annotations

import builtins
from contextlib import nullcontext
from types import SimpleNamespace
from typing import Any

import numpy as np

from gradbook.emit.lazy import Lazy


class StandIn(Lazy):
    """A module whose source imports one of the stand-ins in the place of its library."""

    def __init__(self, name: str, source: str, library: str) -> None:
        super().__init__(name, source, library)

        def imported(name: str, *others: Any) -> Any:
            return STAND_INS[name] if name in STAND_INS else builtins.__import__(name, *others)

        self.__dict__["__builtins__"] = {**vars(builtins), "__import__": imported}


class Tensor(np.ndarray):
    """An array with PyTorch's words."""

    def sum(self, dim: int | None = None) -> Any:  # type: ignore[override]
        return np.sum(np.asarray(self), axis=dim).view(Tensor)

    def amax(self, dim: int) -> Any:
        return np.max(np.asarray(self), axis=dim).view(Tensor)

    def clone(self) -> Any:
        return self.copy()

    def to(self, dtype: Any) -> Any:
        return self.astype(dtype)

    def numpy(self) -> np.ndarray:
        return np.asarray(self)


def _clamp(array: np.ndarray, min: float, out: np.ndarray | None = None) -> Any:
    return np.maximum(array, min, out=out)


class _Library(SimpleNamespace):
    """What is not stated is as NumPy has it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)


def _as_it_is(function: Any = None) -> Any:
    return function


STAND_INS: dict[str, Any] = {
    "jax": SimpleNamespace(
        numpy=np,
        jit=_as_it_is,
        enable_x64=nullcontext,
        default_matmul_precision=nullcontext,
    ),
    "torch": _Library(
        from_numpy=lambda array: array.view(Tensor),
        as_tensor=lambda value, dtype, device=None: np.asarray(value, dtype).view(Tensor),
        clamp=_clamp,
        pow=np.power,
        no_grad=lambda: _as_it_is,
        autograd=SimpleNamespace(
            Function=object, function=SimpleNamespace(once_differentiable=_as_it_is)
        ),
    ),
}
