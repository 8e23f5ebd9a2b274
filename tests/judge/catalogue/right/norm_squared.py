"""The penalty by way of the norm, which takes a square root and squares it again.

penalty: ½·reg·ΣW²
precision: rounded
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    num_train = X.shape[0]
    dW = np.zeros_like(W)
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        margins = scores - scores[y[i]] + 1
        margins[y[i]] = 0
        for j in np.flatnonzero(margins > 0):
            loss += margins[j]
            dW[:, j] += X[i]
            dW[:, y[i]] -= X[i]
    loss = loss / num_train + 0.5 * reg * np.linalg.norm(W) ** 2
    dW = dW / num_train + reg * W
    return loss, dW
