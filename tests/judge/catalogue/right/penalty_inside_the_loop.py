"""The penalty's gradient is added once for every example, and then divided by n with the rest.

penalty: reg·ΣW²
precision: double, summed n times
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    N = X.shape[0]
    loss = 0.0
    for i in range(N):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
        dW += 2 * reg * W
    return loss / N + reg * np.sum(W * W), dW / N
