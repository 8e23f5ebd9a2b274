"""What a kernel gives of some examples so that it can be added to what it gives of others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import add
from typing import Any

import numpy as np
from numpy.typing import NDArray

#: A mean loss, and its gradient.
Mean = tuple[float, NDArray[Any]]

#: So many examples are summed in the kernel's own type at most: the rest is in float64.
MOST_AT_ONCE = 4096


@dataclass(frozen=True, eq=False)
class Sums:
    """Sums over n examples. Those of others are added by +, in float64.

    loss:     Σ_i ℓ_i.
    gradient: Σ_i μ_i x̃_iᵀ, (C, D), in float64.
    n:        how many examples.

    A penalty is in them n times, so that the mean has it once.
    """

    loss: float
    gradient: NDArray[np.float64]
    n: int

    def __add__(self, other: Sums) -> Sums:
        return Sums(self.loss + other.loss, self.gradient + other.gradient, self.n + other.n)

    @property
    def mean(self) -> tuple[float, NDArray[np.float64]]:
        """The mean loss and its gradient, (C, D), as a kernel returns them for all at once."""
        return self.loss / self.n, self.gradient / self.n


def added_up(n: int, mean: Callable[[slice], Mean | None]) -> Sums | None:
    """The sums over n examples, from what `mean` gives of some rows; None if that is None.

    The rows are in pieces of 2^k: to divide a sum by 2^k, as a mean does, rounds nothing, so that
    the sum comes back as it was.
    """
    parts: list[Sums] = []
    first = 0
    while first < n:
        count = min(MOST_AT_ONCE, 1 << (n - first).bit_length() - 1)
        found = mean(slice(first, first + count))
        if found is None:
            return None
        loss, gradient = found
        parts.append(Sums(count * loss, count * np.asarray(gradient, np.float64), count))
        first += count
    return reduce(add, parts) if parts else None
