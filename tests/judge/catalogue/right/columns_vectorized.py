"""W (D, C) and one example a column of X.

X: (D, N)
penalty: reg·ΣW²
"""

import numpy as np


def svm(W, X, y, reg):
    N = X.shape[1]
    S = W.T @ X
    H = np.maximum(0, S - S[y, range(N)] + 1)
    H[y, range(N)] = 0
    K = np.sign(H)
    K[y, range(N)] = -K.sum(axis=0)
    return H.sum() / N + reg * (W * W).sum(), X @ K.T / N + 2 * reg * W
