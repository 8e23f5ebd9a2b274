"""How the arrays of a question are handed to a function: in which dtype and layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Presentation:
    """How the arrays of a question are handed over; as float64 in C order, if nothing is said.

    b: what stands in the place of a bias of zeros. given: role ↦ what is given for it, if that is
    not what it usually is, such as another margin than 1.
    """

    words: str = ""
    W: Callable[[np.ndarray], np.ndarray] = field(default=np.ascontiguousarray)
    X: Callable[[np.ndarray], np.ndarray] = field(default=np.ascontiguousarray)
    y: Callable[[np.ndarray], np.ndarray] = field(default=np.ascontiguousarray)
    b: Callable[[np.ndarray], np.ndarray] = field(default=np.ascontiguousarray)
    given: Mapping[str, Any] = field(default_factory=dict)


PLAIN = Presentation()

Layout = Callable[[np.ndarray], np.ndarray]


def _strided(a: np.ndarray) -> np.ndarray:
    """Every other row and column of a larger array, the rows in reverse."""
    room = np.zeros(tuple(2 * size for size in a.shape), a.dtype)
    view = room[tuple(slice(None, None, 2) for _ in a.shape)][::-1]
    view[...] = a
    return view


def _read_only(a: np.ndarray) -> np.ndarray:
    copy = a.copy()
    copy.flags.writeable = False
    return copy


#: How arrays may lie in memory, in words.
LAYOUTS: dict[str, Layout] = {
    "in Fortran order": lambda a: np.array(a, order="F"),
    "strided": _strided,
    "read-only": _read_only,
}
