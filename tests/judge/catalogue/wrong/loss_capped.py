"""np.clip(margins, 0, 1) also cuts the margins above 1 (N3).

family: data term
breaks: N3
named by: capped|cut|clipped|at most 1|above 1|larger than 1|exceed
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = len(y)
    scores = X @ W
    margins = scores - scores[np.arange(N), y][:, None] + 1
    margins[np.arange(N), y] = 0
    margins = np.clip(margins, 0, 1)
    loss = margins.sum() / N + reg * np.sum(W * W)
    M = (margins > 0).astype(float)
    M[np.arange(N), y] = -M.sum(axis=1)
    return loss, X.T @ M / N + 2 * reg * W
