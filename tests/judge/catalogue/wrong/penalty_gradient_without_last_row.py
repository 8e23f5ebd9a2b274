"""The last row of W (its bias) is in the penalty, and left out of the penalty's gradient.

family: regularisation
breaks: penalty
named by: (last|bias).*(penalty|weights)|penalty.*(last|bias)
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = len(X)
    scores = X @ W
    margins = np.maximum(0, scores - scores[np.arange(N), y, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    M = (margins > 0).astype(float)
    M[np.arange(N), y] = -M.sum(axis=1)
    dW = X.T @ M / N
    dW[:-1] += 2 * reg * W[:-1]  # no shrinking of the bias
    return loss, dW
