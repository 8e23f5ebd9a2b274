"""Batches in which every example has features of its own: there the answer shows each by itself.

Column f of the gradient is (1/n) Σ_i μ_i x_f⁽ⁱ⁾. Where only one example has a feature f that is not
0, the column is what this example adds, divided by its x_f; and where only one example has a loss,
the loss is that one's.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from gradbook.loss import Loss
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question

#: n and C of the batches with a gradient of each example, and so often each.
_BATCHES = (
    *((n, C) for n in range(2, 13) for C in (2, 4, 7)),
    *((16, 3), (17, 5), (20, 4), (33, 3), (50, 10), (64, 3), (65, 4), (101, 3), (129, 2), (140, 5)),
)
#: n of those in which one example alone has a loss.
_LOSSES = (2, 3, 4, 5, 6, 7, 8, 9, 11)


def apart(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """Batches of which each example has an active margin, a label of its own or not."""
    for n, C in _BATCHES:
        S = rng.integers(-3, 4, (n, C)).astype(float)
        kind = int(rng.integers(4))
        y = (
            rng.integers(0, C, n),
            np.sort(rng.integers(0, C, n)),
            np.resize(rng.permutation(C), n),
            rng.permutation(np.resize(rng.integers(0, C, 2), n)),
        )[kind]
        # The label's score is no larger than another one: that one's margin is active.
        top = S.max(axis=1)
        own = S[np.arange(n), y]
        S[np.arange(n), y] = np.where(own == top, top - rng.integers(0, 2, n), own)
        S[np.arange(n), (y + 1) % C] = S[np.arange(n), y] + rng.integers(0, 3, n)
        yield _with_scores(loss, S, y, rng)


def one_loss(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """Of each batch as many as it has examples: in each, another one alone has active margins."""
    for n in _LOSSES:
        C = 2 + n % 4
        y = rng.integers(0, C, n)
        for active in range(n):
            S = rng.integers(-3, 4, (n, C)).astype(float)
            S[np.arange(n), y] = 8
            S[active, y[active]] = -1
            S[active, (y[active] + 1) % C] = 2
            yield _with_scores(loss, S, y, rng)


def _with_scores(loss: Loss, S: Floats, y: np.ndarray, rng: np.random.Generator) -> Question:
    """W and X with W x̃⁽ⁱ⁾ = S_i: each example has one feature, some features are nobody's."""
    n, C = S.shape
    D = n + int(rng.integers(0, 4))
    places = rng.permutation(D)[:n]
    X, W = np.zeros((n, D)), rng.integers(-2, 3, (C, D)).astype(float)
    x = rng.choice((-2.0, -1.0, 1.0, 2.0), n)
    X[np.arange(n), places] = x
    W[:, places] = (S / x[:, None]).T
    return Question(loss, W, X, np.asarray(y, dtype=np.int64))


def own_coefficients(question: Question, gradient: Floats) -> Floats | None:
    """What multiplies each example in n times the gradient, (n, C); None if it does not show."""
    X, place = question.X, question.places_apart
    if place is None:
        return None
    a = (gradient[:, place] / X[np.arange(len(X)), place]).T * question.n
    apart_from_it = np.abs(a.T @ X / question.n - gradient)
    return a if bool((apart_from_it <= 1e-9 * (1 + np.abs(gradient))).all()) else None


def only_loss(question: Question) -> int | None:
    """The example that alone has a loss; None if it is not just one."""
    those = np.flatnonzero(question.right.loss)
    return int(those[0]) if len(those) == 1 else None
