"""Only the first ten rows of the gradient are written: wrong for C > 10 (N14).

family: shapes
only: C
breaks: N14
named by: C > 10|first ten|first 10|C ≤ 10|10 (rows|classes)
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    mask = (margins > 0).astype(float)
    mask[np.arange(N), y] = -mask.sum(axis=1)
    dW = np.zeros_like(W)
    for c in range(min(10, W.shape[1])):
        dW[:, c] = X.T.dot(mask[:, c]) / N
    return loss, dW + 2 * reg * W
