"""Right kernels of the multi-class SVM, in the styles in which people write them.

All have the project's convention: W (C, D), X (n, D), y (n,) → loss, gradient (C, D) in W's dtype.
"""

import math

import numpy as np
from sympy import Sum

from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, s, unequal, y

CITES = {"loss": "N3", "kink": "N7", "gradient": "N14", "mean": "N17"}
svm = Loss(
    "multi-class SVM loss",
    Sum(unequal(j, y) * hinge(s[j] - s[y] + 1), (j, 0, C - 1)),
    "multiclass_svm",
    cites=CITES,
)


def margins_of(W, X, y):
    """s_j − s_y + 1, (n, C); 0 where j = y."""
    n = np.arange(len(y))
    S = X @ W.T
    margins = S - S[n, y][:, None] + 1
    margins[n, y] = 0
    return margins


def answer(margins, mask, X, y):
    """The mean loss, and the gradient that a mask of active margins leads to."""
    mu = mask.astype(X.dtype)
    mu[np.arange(len(y)), y] -= mu.sum(axis=1)
    return float(np.maximum(margins, 0).sum()) / len(y), mu.T @ X / len(y)


def plain(W, X, y):
    margins = margins_of(W, X, y)
    return answer(margins, margins > 0, X, y)


# ---------------------------------------------------------------------------------- right kernels


def with_einsum(W, X, y):
    scores = np.einsum("cd,nd->nc", W, X)
    one_hot = np.eye(len(W), dtype=W.dtype)[y]
    margins = scores - np.einsum("nc,nc->n", scores, one_hot)[:, None] + 1 - one_hot
    active = (margins > 0).astype(W.dtype)
    mu = active - np.einsum("nc,nk->nk", active, one_hot)
    return np.einsum("nc,nc->", margins, active) / len(y), np.einsum("nc,nd->cd", mu, X) / len(y)


def transposed_layout(W, X, y):
    columns = np.arange(len(y))
    margins = W @ X.T
    margins = margins - margins[y, columns] + 1
    margins[y, columns] = 0
    mu = (margins > 0).astype(W.dtype)
    mu[y, columns] = -mu.sum(axis=0)
    return np.maximum(margins, 0).sum() / len(y), (X.T @ mu.T / len(y)).T


def backwards(W, X, y):
    """Loops over examples, classes and features from the last to the first, by (W_j − W_y) x̃."""
    n, loss, gradient = len(y), 0.0, np.zeros(W.shape)
    for i in reversed(range(n)):
        for a in reversed(range(len(W))):
            margin = 1.0 + sum(((W[a] - W[y[i]]) * X[i]).tolist()[::-1])
            if a != y[i] and margin > 0:
                loss += margin
                gradient[a] += X[i]
                gradient[y[i]] -= X[i]
    return loss * (1 / n), (gradient * (1 / n)).astype(W.dtype)


def mean_first(W, X, y):
    loss, _ = plain(W, X, y)
    n = np.arange(len(y))
    mu = (margins_of(W, X, y) > 0).astype(W.dtype)
    mu[n, y] = -mu.sum(axis=1)
    return loss, mu.T @ (X * W.dtype.type(1 / len(y)))


def with_fsum(W, X, y):
    margins = margins_of(W.astype(np.float64), X.astype(np.float64), y)
    _, gradient = answer(margins, margins > 0, X.astype(np.float64), y)
    active = margins[margins > 0].tolist()
    return math.fsum(active) / len(y), gradient.astype(W.dtype)


def with_add_at(W, X, y):
    n, gradient = len(y), np.zeros_like(W)
    margins = margins_of(W, X, y)
    example, other = np.nonzero(margins > 0)
    np.add.at(gradient, other, X[example])
    np.subtract.at(gradient, y[example], X[example])
    return margins[example, other].sum() / n, gradient / n


def by_coefficients(W, X, y):
    """ℓ = Σ μ_a s_a + the number of active margins: the scores weighted, not the margins summed."""
    mask = margins_of(W, X, y) > 0
    mu = mask.astype(W.dtype)
    mu[np.arange(len(y)), y] = -mu.sum(axis=1)
    return ((mu * (X @ W.T)).sum() + mask.sum()) / len(y), mu.T @ X / len(y)


RIGHT = (
    plain,
    with_einsum,
    transposed_layout,
    backwards,
    mean_first,
    with_fsum,
    with_add_at,
    by_coefficients,
)
