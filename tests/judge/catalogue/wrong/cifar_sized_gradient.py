"""The gradient has the fixed shape (3073, 10), whatever the shape of W (N6): it
raises for any other.

family: shapes
breaks: N6
named by: 3073|broadcast
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    dW = np.zeros((3073, 10))
    N = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(N), y] = -margins.sum(axis=1)
    dW += X.T.dot(margins) / N
    dW += 2 * reg * W
    return loss, dW
