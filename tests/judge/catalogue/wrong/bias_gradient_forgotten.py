"""The last column of x̃ takes part in the scores; its part of the gradient is always 0.

family: data term
breaks: N10
named by: last (feature|column|entry|row)|bias
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    n = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(n), y][:, None] + 1)
    margins[np.arange(n), y] = 0
    loss = margins.sum() / n + reg * np.sum(W * W)
    mask = (margins > 0).astype(float)
    mask[np.arange(n), y] = -mask.sum(axis=1)
    dW = np.zeros_like(W)
    dW[:-1] = X[:, :-1].T.dot(mask) / n
    dW += 2 * reg * W
    return loss, dW
