"""The examples are visited in random order: the sums are the same, their rounding is not.

penalty: reg·ΣW²
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    order = np.random.permutation(len(X))
    loss, dW = 0.0, np.zeros(W.shape)
    for i in order:
        scores = X[i] @ W
        m = scores - scores[y[i]] + 1
        m[y[i]] = 0
        on = m > 0
        loss += m[on].sum()
        dW[:, on] += X[i][:, None]
        dW[:, y[i]] -= np.count_nonzero(on) * X[i]
    return loss / len(X) + reg * np.sum(W * W), dW / len(X) + 2 * reg * W
