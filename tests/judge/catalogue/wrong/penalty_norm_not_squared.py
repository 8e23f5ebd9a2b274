"""The penalty in the loss is reg·‖W‖, not its square.

family: regularisation
breaks: penalty
named by: ‖W‖|norm.*not.*squar|square root
"""

import numpy as np


def svm_cost(W, X, y, reg):
    N = X.shape[0]
    S = X @ W
    M = np.maximum(0, S - S[np.arange(N), y].reshape(N, 1) + 1)
    M[np.arange(N), y] = 0
    J = M.sum() / N + reg * np.linalg.norm(W)
    I = np.where(M > 0, 1.0, 0.0)
    I[np.arange(N), y] = -I.sum(axis=1)
    G = X.T @ I / N + 2 * reg * W
    return J, G
