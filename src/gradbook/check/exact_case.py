"""One call of the exact deck: inputs on which nothing is rounded, and the exact answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from gradbook.loss import Loss
from gradbook.questions.exactness import is_exact
from gradbook.questions.formula import Floats, forms

Layout = Callable[[np.ndarray], np.ndarray]

#: The trait of a case at a kink.
AT_KINK = "a margin is exactly 0"
#: A margin nearer to 0 than this, and not 0, is tiny.
_TINY = 2.0**-9


@dataclass(frozen=True, eq=False)
class Case:
    """One call and its exact answer. W: (C, D), X: (n, D), y: (n,); gradient in W's dtype.

    traits: what is special about it, as clauses that can follow "where".
    """

    W: np.ndarray
    X: np.ndarray
    y: np.ndarray
    loss: float
    gradient: np.ndarray
    traits: frozenset[str]
    layout: Layout = np.copy

    @property
    def n(self) -> int:
        """The number of examples."""
        return len(self.y)

    @property
    def plain(self) -> bool:
        """Whether it is float64, in arrays as everybody would pass them."""
        return self.W.dtype == np.float64 and self.layout is np.copy


def exact_case(
    loss: Loss,
    W: Floats,
    X: Floats,
    y: np.ndarray,
    trait: str = "",
    dtype: type[np.floating] = np.float64,
    layout: Layout = np.copy,
) -> Case | None:
    """The data with their exact answer; None if a kernel might round something somewhere.

    W: (C, D), X: (n, D), y: (n,). trait: what is special about them, if they do not show it.
    """
    with np.errstate(over="ignore"):
        held = all(np.array_equal(a.astype(dtype).astype(float), a) for a in (W, X))
    if not held or not is_exact(loss, W, X, y, dtype):
        return None
    # No product or sum is rounded here, so that these scores, and Mᵀ X̃ below, are exact too.
    S = X @ W.T
    answers = [
        _at_scores(loss, tuple(s), label) for s, label in zip(S.tolist(), y.tolist(), strict=True)
    ]
    mu = np.array([[float(a) for a in coefficients] for _, coefficients in answers])
    words = {trait} if trait else set()
    if dtype is np.float32:
        words.add("the numbers are float32")
    return Case(
        W=read_only(W.astype(dtype)),
        X=read_only(X.astype(dtype)),
        y=read_only(y),
        loss=float(sum(ell for ell, _ in answers) / len(y)),
        gradient=(mu.T @ X / len(y)).astype(dtype),
        traits=frozenset(words | set(_traits(loss, W, X, y, S))),
        layout=layout,
    )


@lru_cache(maxsize=20_000)
def _at_scores(
    loss: Loss, s: tuple[float, ...], label: int
) -> tuple[Fraction, tuple[Fraction, ...]]:
    """ℓ and μ in rational arithmetic; the same scores occur at many sizes of x̃."""
    return loss.exact_at_scores([Fraction(v) for v in s], label)


def _traits(loss: Loss, W: Floats, X: Floats, y: np.ndarray, S: Floats) -> Iterator[str]:
    (C, D), n = W.shape, len(y)
    margins = [forms(loss, C, int(label)).at(s) for s, label in zip(S, y, strict=True)]
    u = np.concatenate(margins)
    labels = set(y.tolist())
    yield from (f"C = {C}", f"D = {D}")
    yield from (f"C > {size}" for size in (2, 5) if size < C)
    facts = {
        "n > 1": n > 1,
        AT_KINK: (u == 0).any(),
        "a margin is tiny and not 0": ((u != 0) & (np.abs(u) < _TINY)).any(),
        "a margin is active": (u > 0).any(),
        "more than one margin of an example is active": any((v > 0).sum() > 1 for v in margins),
        "a margin is not active": (u <= 0).any(),
        "two scores of an example are equal": any(len(set(s)) < C for s in S.tolist()),
        "labels repeat": len(labels) < n,
        "examples repeat": n > 1 and len({tuple(x) for x in X.tolist()}) < n,
        "a class does not occur": n > 1 and len(labels) < C,
        "the last class does not occur": n > 1 and C - 1 not in labels,
        "D > 1": D > 1,
        "n > D": n > D,
        "D > n": n < D,
    }
    yield from (clause for clause, holds in facts.items() if holds)


def strided(a: np.ndarray) -> np.ndarray:
    """Every other row and column of a larger array, the rows in reverse."""
    room = np.zeros(tuple(2 * size for size in a.shape), a.dtype)
    view = room[tuple(slice(None, None, 2) for _ in a.shape)][::-1]
    view[...] = a
    return view


def read_only(a: np.ndarray) -> np.ndarray:
    copy = a.copy()
    copy.flags.writeable = False
    return copy


#: How arrays may lie in memory, by the clause that a finding uses.
LAYOUTS: dict[str, Layout] = {
    "the arrays are in Fortran order": lambda a: np.array(a, order="F"),
    "the arrays are strided": strided,
    "the arrays are read-only": read_only,
}
