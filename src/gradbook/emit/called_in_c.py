"""A source in C as a kernel's function: compiled on the first call, for each dtype of the data."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradbook.emit import build

C_TYPES = {np.dtype(np.float64): "double", np.dtype(np.float32): "float"}


def passed(*arguments: Any) -> Iterator[Any]:
    """As C takes them: of an array its address, a whole number as int64_t, another as double."""
    for argument in arguments:
        if isinstance(argument, np.ndarray):
            yield ctypes.c_void_p(argument.ctypes.data)
        elif isinstance(argument, int):
            yield ctypes.c_int64(argument)
        else:
            yield ctypes.c_double(argument)


@dataclass(frozen=True)
class CalledInC:
    """(W, X, y, …) → (L, dL). It pickles, and is compiled anew where it arrives.

    sizes: whether the source's function takes C and D after n. holds: what it needs memory for.
    """

    source: str
    flags: tuple[str, ...]
    sizes: bool
    holds: str
    entries: dict[np.dtype[Any], Callable[..., int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __reduce__(self) -> tuple[Any, ...]:
        return CalledInC, (self.source, self.flags, self.sizes, self.holds)

    def __call__(self, *arguments: Any) -> tuple[float, NDArray[Any]]:
        given = [np.require(a, requirements=["C", "A"]) if np.ndim(a) else a for a in arguments]
        W, X, *_ = given
        L, dL = np.empty(1), np.empty(W.shape)
        sizes = (len(X), *(W.shape if self.sizes else ()))
        if self._entry(W.dtype)(*passed(*sizes, *given, L, dL)):
            raise MemoryError(f"there is not enough memory for {self.holds}")
        return float(L[0]), dL

    def _entry(self, dtype: np.dtype[Any]) -> Callable[..., int]:
        if dtype not in self.entries:
            library = build.library(self.source, (*self.flags, f"-DREAL={C_TYPES[dtype]}"))
            self.entries[dtype] = build.function(library, "loss_and_gradient")
        return self.entries[dtype]
