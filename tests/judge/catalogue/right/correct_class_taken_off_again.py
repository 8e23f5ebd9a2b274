"""Sums over all classes, and takes the correct one's 1 off afterwards.

penalty: reg·ΣW²
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    f = X.dot(W)
    h = np.maximum(0, f - f[range(N), y][:, None] + 1)
    loss = (np.sum(h) - N) / N + reg * np.sum(W * W)
    dh = (h > 0).astype(float)
    dh[range(N), y] = 1 - dh.sum(axis=1)
    dW = X.T.dot(dh) / N + 2 * reg * W
    return loss, dW
