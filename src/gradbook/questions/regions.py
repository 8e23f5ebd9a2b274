"""Scores in every region of a loss: each kink below 0, at 0 and above 0.

A region is a sign for each kink form u = A s + b. Values with those signs are chosen, and A s = u −
b is solved for the scores. Where the forms depend on one another, so that some patterns of signs
are impossible, small integer scores are drawn instead and the patterns that they hit are collected.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
from sympy import Matrix, Rational, eye

from gradbook.loss import Loss
from gradbook.questions.formula import Floats, Forms, forms

#: Up to this many sign patterns are all visited; of more, a sample.
_ALL_PATTERNS = 3**5
_SAMPLED_PATTERNS = 32
#: Where patterns can only be met by chance: so many draws, and at most so many patterns kept.
_DRAWS, _KEPT = 4096, 96
#: Without any kink there is one region, and so many places in it.
_PLACES = 8


def region_scores(loss: Loss, classes: int, label: int, rng: np.random.Generator) -> Floats:
    """One vector of small integer scores for each region: (P, C).

    Raises Unsuitable unless the kinks are affine forms of the scores.
    """
    kinks = forms(loss, classes, label)
    solver = _solver(loss, classes, label)
    if solver is None:
        return _drawn(kinks, classes, rng)
    patterns = sign_patterns(len(kinks.b), rng)
    values = patterns * rng.integers(1, 4, patterns.shape)
    return solver.scores(values - kinks.b, rng.integers(-2, 3, (len(values), classes)))


def scores_at(
    loss: Loss, classes: int, label: int, values: Floats, rng: np.random.Generator
) -> Floats | None:
    """Scores at which the kink forms have the given values (P, K), or None if they depend."""
    solver = _solver(loss, classes, label)
    if solver is None:
        return None
    free = rng.integers(-2, 3, (len(values), classes))
    return solver.scores(values - forms(loss, classes, label).b, free)


def weights_for(S: Floats, D: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """W (C, D) and X (n, D) of integers with W x̃⁽ⁱ⁾ = S_i for every i; S: (n, C), n ≤ D.

    The first n columns of X are a triangle with ±1 on its diagonal and the constant 1 in front, so
    that W is found by substitution, without division; further columns are drawn.
    """
    n, classes = S.shape
    W = rng.integers(-2, 3, (classes, D)).astype(float)
    X = rng.integers(-2, 3, (n, D)).astype(float)
    X[:, :n] = np.tril(X[:, :n])
    X[np.arange(n), np.arange(n)] = rng.choice((-1.0, 1.0), n)
    X[:, 0] = 1
    W[:, :n] = 0
    for i in range(n):
        W[:, i] = (S[i] - W @ X[i]) * X[i, i]
    return W, X


def sign_patterns(kinks: int, rng: np.random.Generator) -> Floats:
    """Rows of −1, 0, 1: all of them, or all-alike and one-apart ones and a sample of the rest."""
    if kinks == 0:
        return np.zeros((_PLACES, 0))
    if 3**kinks <= _ALL_PATTERNS:
        return np.array(list(product((-1, 0, 1), repeat=kinks)), dtype=float)
    alike = [np.full(kinks, sign) for sign in (-1, 0, 1)]
    apart = [
        np.where(np.arange(kinks) == one, sign, rest)
        for one in range(kinks)
        for sign, rest in ((1, -1), (0, -1), (-1, 1), (0, 1))
    ]
    return np.vstack([alike, apart, rng.integers(-1, 2, (_SAMPLED_PATTERNS, kinks))]).astype(float)


class _Solver:
    """A s = t, solved exactly: the reduced rows E A, with the columns that have no pivot free."""

    def __init__(self, rows: Floats, transform: Floats, pivots: list[int]) -> None:
        self.rows, self.transform, self.pivots = rows, transform, pivots

    def scores(self, targets: Floats, free: np.ndarray) -> Floats:
        """targets: (P, K); free: (P, C), of which the columns without a pivot are used."""
        s = free.astype(float)
        s[:, self.pivots] = 0
        s[:, self.pivots] = targets @ self.transform.T - s @ self.rows.T
        return s


@cache
def _solver(loss: Loss, classes: int, label: int) -> _Solver | None:
    """None unless the forms are independent and solving them keeps integers integers."""
    A = forms(loss, classes, label).A
    count = len(A)
    rows = Matrix(count, classes, [Rational(v) for v in A.ravel().tolist()])
    reduced, pivots = rows.row_join(eye(count)).rref()
    if any(place >= classes for place in pivots) or not all(v.is_Integer for v in reduced):
        return None
    solved = np.array(reduced.tolist(), dtype=float).reshape(count, classes + count)
    return _Solver(solved[:, :classes], solved[:, classes:], list(pivots))


def _drawn(kinks: Forms, classes: int, rng: np.random.Generator) -> Floats:
    scores = rng.integers(-3, 4, (_DRAWS, classes)).astype(float)
    _, first = np.unique(np.sign(kinks.at(scores)), axis=0, return_index=True)
    return scores[np.sort(first)[:_KEPT]]
