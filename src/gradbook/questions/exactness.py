"""Whether floating point computes a loss and its gradient without rounding, in any order.

If every term of a sum is a multiple of a grain 2^g, and the sum of their absolute values is at most
2^p · 2^g, then every partial sum, in every order, is a multiple of the grain below 2^p grains: it
is representable with p bits, and nothing is ever rounded. The same holds for products of such sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

import numpy as np
from numpy.typing import DTypeLike

from gradbook.loss import Loss
from gradbook.questions.formula import Floats, evaluate, formulas


def is_exact(loss: Loss, W: Floats, X: Floats, y: np.ndarray, dtype: DTypeLike) -> bool:
    """Whether a kernel that computes in `dtype` rounds nothing on W (C, D), X (n, D), y (n,).

    n must be a power of two; the data must be numbers of `dtype`. Overflow and underflow are the
    caller's care.
    """
    n, bits = len(y), np.finfo(dtype).nmant + 1
    if n & (n - 1):
        return False
    products = W[:, None, :] * X[None, :, :]
    size, grain = _size(np.abs(products).sum(-1).max()), float(_grain(products.ravel()))
    # A column of X is summed by itself, so that its grain is its own.
    column = float((np.abs(X).sum(0) / _grain(X)).max())
    for label in set(y.tolist()):
        ell, mu = _grids(loss, len(W), label, size, grain)
        if not ell.fits(bits, n) or not all(a.fits(bits, column) for a in mu):
            return False
    return True


@dataclass(frozen=True)
class Grid:
    """A quantity that is a multiple of `grain`, and at most `size`; most: the worst size/grain."""

    size: float
    grain: float
    most: float

    def fits(self, bits: int, more: float) -> bool:
        """Whether sums of such quantities, `more` times as large, fit into `bits` bits."""
        return max(self.most, self.size / self.grain * more) <= 2.0**bits


@dataclass(frozen=True)
class _Grids:
    """Formulas of scores that are all at most `size` and multiples of `grain`."""

    size: float
    grain: float

    def number(self, value: Fraction) -> Grid:
        return _number(value)

    def score(self, a: int) -> Grid:
        return _grid(self.size, self.grain, 0.0)

    def add(self, parts: Sequence[Grid]) -> Grid:
        grain = min((part.grain for part in parts if part.size), default=1.0)
        return _grid(sum(part.size for part in parts), grain, max(part.most for part in parts))

    def multiply(self, parts: Sequence[Grid]) -> Grid:
        size, grain, most = 1.0, 1.0, 0.0
        for part in parts:
            size, grain, most = size * part.size, grain * part.grain, max(most, part.most)
        return _grid(size, grain, most)

    def hinge(self, u: Grid) -> Grid:
        return u

    def step(self, u: Grid, at_kink: Fraction) -> Grid:
        kink = self.number(at_kink)
        return _grid(max(1.0, kink.size), min(1.0, kink.grain), max(u.most, kink.most))


@cache
def _number(value: Fraction) -> Grid:
    """A number that is no binary fraction has no grain: it fits nowhere."""
    if value.denominator & (value.denominator - 1):
        return Grid(abs(float(value)), 1.0, np.inf)
    return _grid(abs(float(value)), float(_grain(np.array([float(value)]))), 0.0)


@cache
def _grids(
    loss: Loss, classes: int, label: int, size: float, grain: float
) -> tuple[Grid, tuple[Grid, ...]]:
    ell, mu = formulas(loss, classes, label)
    grids = _Grids(size, grain)
    return evaluate(ell, classes, grids), tuple(evaluate(a, classes, grids) for a in mu)


def _grid(size: float, grain: float, most: float) -> Grid:
    return Grid(size, grain, max(most, size / grain))


def _size(size: float) -> float:
    """The power of two at or above it, so that few different sizes occur."""
    return float(2.0 ** np.ceil(np.log2(size))) if size else 0.0


def _grain(values: np.ndarray) -> np.ndarray:
    """For each column, the largest power of two of which every entry is a multiple; 1 if all are 0.

    A float64 is a 53-bit integer times a power of two; its grain is its lowest bit that is set.
    """
    mantissa, exponent = np.frexp(values)
    whole = np.abs(mantissa * 2.0**53).astype(np.int64)
    lowest = np.ldexp((whole & -whole).astype(np.float64), exponent - 53)
    grain = np.where(values == 0, np.inf, lowest).min(axis=0)
    return np.where(np.isinf(grain), 1.0, grain)
