"""A source in C as a kernel's function: compiled on the first call, for each dtype of the data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradbook.emit import build

C_TYPES = {np.dtype(np.float64): "double", np.dtype(np.float32): "float"}


@dataclass(frozen=True)
class CalledInC:
    """(W, X, y, …) → (L, dL). It pickles, and is compiled anew where it arrives.

    sizes:  whether the source's function takes C and D after n.
    arrays: how many arrays it takes, with W, X and y. numbers: and how many numbers after these.
    holds:  what it needs memory for.
    """

    source: str
    flags: tuple[str, ...]
    sizes: bool
    arrays: int
    numbers: int
    holds: str
    entries: dict[np.dtype[Any], Callable[..., int]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __reduce__(self) -> tuple[Any, ...]:
        own = self.source, self.flags, self.sizes, self.arrays, self.numbers, self.holds
        return CalledInC, own

    def __call__(self, *arguments: Any) -> tuple[float, NDArray[Any]]:
        given = [np.require(a, requirements=["C", "A"]) if np.ndim(a) else a for a in arguments]
        W, X, *_ = given
        made = L, dL = np.empty(1), np.empty(W.shape)
        passed = [a.ctypes.data if np.ndim(a) else a for a in (*given, *made)]
        if self._entry(W.dtype)(len(X), *(W.shape if self.sizes else ()), *passed):
            raise MemoryError(f"there is not enough memory for {self.holds}")
        return float(L[0]), dL

    def _entry(self, dtype: np.dtype[Any]) -> Callable[..., int]:
        if dtype not in self.entries:
            flags = (*self.flags, f"-DREAL={C_TYPES[dtype]}")
            types: list[Any] = [build.SIZE] * (3 if self.sizes else 1) + [build.ARRAY] * self.arrays
            types += [build.NUMBER] * self.numbers + [build.ARRAY] * 2
            function = build.function(build.library(self.source, flags), "loss_and_gradient", types)
            self.entries[dtype] = function
        return self.entries[dtype]
