"""Vectorised, with half the squares as the penalty.

penalty: ½·reg·ΣW²
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(num_train), y][:, np.newaxis] + 1)
    margins[np.arange(num_train), y] = 0
    loss = np.sum(margins) / num_train + 0.5 * reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(num_train), y] = -np.sum(margins, axis=1)
    dW = np.dot(X.T, margins) / num_train + reg * W
    return loss, dW
