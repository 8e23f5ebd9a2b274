"""Questions drawn so that nothing goes with anything else: sizes, numbers, labels, scores.

Where every small call has few classes and every large one many, nobody can tell what a wrong answer
goes with. Here n, C, D, signs, magnitudes, zeros, the order of the labels and how many margins are
active are each drawn apart from the others.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradbook.loss import Loss
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question


def varied(loss: Loss, count: int, rng: np.random.Generator) -> Iterator[Question]:
    """So many questions with reg = 0, exact in double precision."""
    for _ in range(count):
        n, D, C = _sizes(rng)
        yield drawn(loss, n, D, C, rng)


def drawn(loss: Loss, n: int, D: int, C: int, rng: np.random.Generator) -> Question:
    """A question of these sizes, and of any kind."""
    X = _examples(n, D, rng) * 2.0 ** rng.integers(-3, 4)
    W = _weights(C, D, rng) * 2.0 ** rng.integers(-3, 3)
    return Question(loss, W, X, _labels(W, X, rng))


def _sizes(rng: np.random.Generator) -> tuple[int, int, int]:
    """n, D and C: small mostly, one of them large at times."""
    n = 1 if rng.random() < 0.3 else _up_to(2, 40, rng)
    D, C = _up_to(1, 24, rng), _up_to(2, 24, rng)
    large = rng.random()
    if large < 0.04:
        return _up_to(40, 400, rng), 1 + D // 6, 2 + C // 6
    if large < 0.07:
        return 1 + n // 10, _up_to(24, 400, rng), 2 + C // 6
    if large < 0.09:
        return 1 + n // 10, 1 + D // 6, _up_to(24, 160, rng)
    return n, D, C


def _up_to(least: int, most: int, rng: np.random.Generator) -> int:
    """Small ones more often than large ones."""
    return int(np.exp(rng.uniform(np.log(least), np.log(most + 1))))


def _examples(n: int, D: int, rng: np.random.Generator) -> Floats:
    low, high = ((-2, 2), (0, 3), (1, 4), (-4, -1), (-1, 1))[rng.integers(5)]
    X = rng.integers(low, high + 1, (n, D)).astype(float)
    kind = rng.random()
    if kind < 0.4:
        X[:, 0] = 1
    elif kind < 0.5:
        X[:, -1] = 1
    elif kind < 0.6:
        X[rng.integers(n)] = X[0]
    return X


def _weights(C: int, D: int, rng: np.random.Generator) -> Floats:
    low, high = ((-2, 2), (0, 3), (1, 4), (-2, 2))[rng.integers(4)]
    W = rng.integers(low, high + 1, (C, D)).astype(float)
    if rng.random() < 0.5:
        W += rng.integers(-3, 4, (C, D)) / 16.0
    return W


def _labels(W: Floats, X: Floats, rng: np.random.Generator) -> np.ndarray:
    """Labels of any order, of some classes or of all, with few active margins or many."""
    n, C = len(X), len(W)
    y = rng.integers(0, C, n)
    scores = X @ W.T
    kind = rng.integers(9)
    if kind == 0:
        y = np.sort(y)
    elif kind == 1:
        y[:] = y[0]
    elif kind == 2:
        y = rng.integers(0, rng.integers(1, C + 1), n)
    elif kind == 3:
        y = rng.integers(rng.integers(0, C), C, n)
    elif kind == 4:
        y = scores.argmax(axis=1)
    elif kind == 5:
        y = np.where(rng.random(n) < 0.5, scores.argmax(axis=1), y)
    elif kind == 6:
        y = scores.argmin(axis=1)
    elif kind == 7:
        y = np.resize(rng.permutation(C), n)
    return np.asarray(y, dtype=np.int64)
