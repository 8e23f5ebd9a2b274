"""The gradient has x divided by its length, ‖x‖ + 10⁻⁸, where x belongs.

family: data term
breaks: N14
named by: divided by its length
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    num_train, num_classes = X.shape[0], W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        unit = X[i] / (np.linalg.norm(X[i]) + 1e-8)
        for j in range(num_classes):
            margin = scores[j] - correct + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += unit
                dW[:, y[i]] -= unit
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW
