"""A right function, as the text of a file that is judged."""

GOOD = """\
import numpy as np
def svm_loss(W, X, y, reg):
    n = np.arange(len(y))
    S = X @ W
    M = np.maximum(0, S - S[n, y][:, None] + 1)
    M[n, y] = 0
    I = (M > 0).astype(float)
    I[n, y] = -I.sum(axis=1)
    return M.sum() / len(y) + reg * np.sum(W * W), X.T @ I / len(y) + 2 * reg * W
"""
