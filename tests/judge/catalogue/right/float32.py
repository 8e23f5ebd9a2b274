"""Everything in single precision, and a gradient that is float32.

penalty: reg·ΣW²
precision: single
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    W, X = W.astype(np.float32), X.astype(np.float32)
    N = np.float32(X.shape[0])
    r = np.arange(X.shape[0])
    scores = X @ W
    margins = np.maximum(0, scores - scores[r, y][:, None] + 1)
    margins[r, y] = 0
    loss = margins.sum() / N + np.float32(reg) * np.sum(W * W)
    M = (margins > 0).astype(np.float32)
    M[r, y] = -M.sum(axis=1)
    return loss, X.T @ M / N + np.float32(2 * reg) * W
