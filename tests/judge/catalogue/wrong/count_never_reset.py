"""The count of active margins is not set back for the next example: row y counts all before it too
(N14).

family: data term
breaks: N14
named by: not (set back|reset)|before it|earlier examples|previous example|accumulat|so far
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    N, C = X.shape[0], W.shape[1]
    loss = 0.0
    count = 0
    for i in range(N):
        scores = X[i].dot(W)
        for j in range(C):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                count += 1
        dW[:, y[i]] -= count * X[i]
    loss = loss / N + reg * np.sum(W * W)
    dW = dW / N + 2 * reg * W
    return loss, dW
