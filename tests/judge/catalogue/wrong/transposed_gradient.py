"""The gradient is returned as its transpose: its shape is not that of W (N6).

family: data term
breaks: N6
named by: shape|transpose
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    n = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(n), y][:, None] + 1)
    margins[np.arange(n), y] = 0
    loss = margins.sum() / n + reg * np.sum(W * W)
    margins = (margins > 0).astype(float)
    margins[np.arange(n), y] = -margins.sum(axis=1)
    dW = margins.T.dot(X) / n + 2 * reg * W.T
    return loss, dW
