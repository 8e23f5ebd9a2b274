"""Sums over chunks of three examples, the rest included, from scores with their maximum taken off.

penalty: reg·ΣW²
"""

import numpy as np


def svm_loss_chunked(W, X, y, reg, size=3):
    n = len(y)
    loss, dW = 0.0, np.zeros_like(W)
    for start in range(0, n, size):
        x, t = X[start : start + size], y[start : start + size]
        k = np.arange(len(t))
        s = x @ W
        s = s - s.max(axis=1, keepdims=True)
        m = s - s[k, t][:, None] + 1
        m[k, t] = 0
        a = (m > 0).astype(W.dtype)
        loss += (m * a).sum()
        a[k, t] = -a.sum(axis=1)
        dW += x.T @ a
    return loss / n + reg * np.sum(W**2), dW / n + 2 * reg * W
