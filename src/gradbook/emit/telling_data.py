"""Data on which wrong code shows: every region and kink of a loss, at few classes, and batches.

The scores are chosen: for two and three classes every combination of the values at which a kink may
lie and of some beside them, with every label. W holds the scores of an example in a column and X̃ is
the identity, so that one call shows μ of every example by itself. Batches of small whole numbers,
of several widths, show the rest: products, means, the penalty, weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from gradbook.loss import Loss
from gradbook.questions.formula import Floats
from gradbook.questions.values import values

Labels: TypeAlias = NDArray[np.int64]

#: So many values of a score are combined for two or three classes; of more, so many scores drawn.
VALUES, COMBINED, DRAWN = 7, 3, 640
#: Examples of one call.
CHUNK = 128
#: So many examples of each region and kink are asked, and so many at least.
OF_EACH, FEW = 3, 60
#: D and n of the batches: one example, and more than any loop takes at a time. With many classes,
#: of which one example has many kinks, the last is left out, and three labels stand for all.
BATCHES = ((1, 1), (2, 3), (9, 4), (20, 37))
MANY = 32


@dataclass(frozen=True)
class Batch:
    """The data of one call. W: (C, D), X: (n, D), y and weights: (n,)."""

    W: Floats
    X: Floats
    y: Labels
    weights: Floats

    @property
    def scores(self) -> Floats:
        """(n, C), exact: W and X hold small binary fractions."""
        return self.X @ self.W.T

    def __getitem__(self, examples: NDArray[np.int64]) -> Batch:
        return Batch(self.W, self.X[examples], self.y[examples], self.weights[examples])


def batches(loss: Loss, classes: int, width: int | None) -> Iterator[Batch]:
    """The calls for a loss without letters; width: D, or None for any."""
    rng = np.random.default_rng(classes)
    choices = np.array(telling_values(loss, classes))
    asked = range(classes) if classes <= MANY else (0, classes // 2, classes - 1)
    if classes <= COMBINED:
        scores = np.array(list(product(choices, repeat=classes)))
        labels = np.tile(np.arange(classes), len(scores))
        scores = np.repeat(scores, classes, axis=0)
    else:
        count = max(DRAWN // classes, 4)
        scores, labels = rng.choice(choices, (count, classes)), rng.choice(asked, count)
        # In most examples most classes are at one place.
        apart = rng.random(scores.shape) < rng.choice((0.1, 0.5, 1.0), (count, 1))
        scores = np.where(apart, scores, rng.choice(choices, (count, 1)))
    order = rng.permutation(len(scores))
    order = _telling(loss, scores, labels, order)
    chunk = width or min(len(order), CHUNK)
    for start in range(0, len(order), chunk):
        some = np.resize(order[start : start + chunk], chunk)
        yield Batch(scores[some].T, np.eye(chunk), labels[some], rng.choice((0.5, 1, 2), chunk))
    for D, n in BATCHES[:-1] if classes > MANY else BATCHES:
        D = width or D
        X = rng.integers(-2, 3, (n, D)).astype(float)
        X[:, 0] = 1
        W = rng.integers(-2, 3, (classes, D)).astype(float)
        yield Batch(W, X, rng.choice(asked, n), rng.choice((0, 0.5, 1, 3), n))


def _telling(
    loss: Loss, scores: Floats, labels: Labels, order: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Those first in order of each label on every side of the kinks."""
    sides = np.column_stack([labels, sides_of_kinks(loss, scores, labels)])[order].T
    _, region, counts = np.unique(sides, axis=1, return_inverse=True, return_counts=True)
    turns = np.empty_like(order)
    turns[np.argsort(region.ravel(), kind="stable")] = np.hstack([np.arange(n) for n in counts])
    first = np.argsort(turns, kind="stable")
    return order[first[: max(FEW, int(np.sum(turns < OF_EACH)))]]


def sides_of_kinks(loss: Loss, S: Floats, y: Labels) -> Floats:
    """−1, 0 or 1 for each hinge and step that is met, 0 where it does not count, and at last
    whether there is a gradient: (n, K + 1).
    """
    found = values(loss, S, y)
    sides = np.nan_to_num(np.sign(found.kinks))
    return np.column_stack([sides, np.isfinite(found.mu).all(axis=1)])


def telling_values(loss: Loss, classes: int) -> list[float]:
    """0, the scores that lie one from another as the kinks of the loss do, and some beside them."""
    labels = np.arange(classes)
    offsets = np.unique(values(loss, np.zeros((classes, classes)), labels).kinks)
    found = [0.0]
    for offset in offsets[np.isfinite(offsets)]:
        found += [sign * float(offset) / over for over in (1, 2) for sign in (1, -1)]
    found += [1, -1, 2, -2, 3, -3, 5]
    dyadic = [value + 0.0 for value in found if value * 8 % 1 == 0 and abs(value) < 2**17]
    return list(dict.fromkeys(dyadic))[:VALUES]
