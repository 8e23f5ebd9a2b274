"""Results are kept by the content of the inputs, and handed out as copies: that changes nothing.

penalty: reg·ΣW²
"""

import numpy as np

memory = {}


def svm_loss_cached(W, X, y, reg):
    key = tuple((a.shape, a.dtype.str, a.tobytes()) for a in (W, X, y)) + (float(reg),)
    if key not in memory:
        memory[key] = _compute(W, X, y, reg)
    loss, dW = memory[key]
    return loss, dW.copy()


def _compute(W, X, y, reg):
    N = len(y)
    scores = X @ W
    margins = scores - scores[np.arange(N), y, None] + 1
    margins[np.arange(N), y] = 0
    M = (margins > 0).astype(float)
    loss = (M * margins).sum() / N + reg * np.sum(W * W)
    M[np.arange(N), y] = -M.sum(axis=1)
    return loss, X.T @ M / N + 2 * reg * W
