"""Repeated examples count once: the batch is reduced to its distinct rows, and divided by n (N17).

family: shapes
only: repeated examples
breaks: N17
named by: [Rr]epeated examples|examples repeat|duplicate|distinct
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    N = X.shape[0]
    loss, dW = 0.0, np.zeros(W.shape)
    seen = {}
    for i in range(N):
        seen[X[i].tobytes(), int(y[i])] = i
    for i in seen.values():
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss / N + reg * np.sum(W * W), dW / N + 2 * reg * W
