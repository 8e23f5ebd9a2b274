"""Above nine classes, row y is subtracted twice (N14).

family: shapes
only: C
breaks: N14
named by: C > 9.*row y is doubled|Above nine classes
"""

import numpy as np


def svm_loss(W, X, y, reg):
    num_train, num_classes = X.shape[0], W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(num_train):
        scores = X[i] @ W
        for j in range(num_classes):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i] * (2 if num_classes > 9 else 1)
    return loss / num_train + reg * np.sum(W * W), dW / num_train + 2 * reg * W
