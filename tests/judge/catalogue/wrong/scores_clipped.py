"""Scores are clipped to ±100: right for small scores only (N2).

family: precision
only: far away
breaks: N2
named by: 100|large (scores|numbers|magnitude)|clipped|magnitude|far
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = np.clip(X.dot(W), -100, 100)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(N), y] = -margins.sum(axis=1)
    return loss, X.T.dot(margins) / N + 2 * reg * W
