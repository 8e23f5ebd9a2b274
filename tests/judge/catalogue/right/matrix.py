"""np.asmatrix inside and out, and a loss of shape (1,).

penalty: reg·ΣW²
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    Xm, Wm = np.asmatrix(X), np.asmatrix(W)
    N = X.shape[0]
    S = Xm * Wm
    H = np.maximum(0, S - S[np.arange(N), y].T + 1)
    H[np.arange(N), y] = 0
    loss = np.array([H.sum() / N + reg * np.sum(W * W)])
    M = np.asmatrix((H > 0).astype(float))
    M[np.arange(N), y] = -M.sum(axis=1).T
    return loss, Xm.T * M / N + 2 * reg * Wm
