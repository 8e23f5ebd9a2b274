"""1/n as a factor of every term, so that sums round where a division at the end does not.

penalty: reg·ΣW²
precision: rounded
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    n, C = X.shape[0], W.shape[1]
    share = 1.0 / n
    loss = reg * np.trace(W.T @ W)
    dW = 2 * reg * W
    for x, k in zip(X, y):
        s = x @ W
        for j in range(C):
            margin = 1 - (s[k] - s[j])
            if j != k and margin > 0:
                loss += share * margin
                dW[:, j] += share * x
                dW[:, k] -= share * x
    return loss, dW
