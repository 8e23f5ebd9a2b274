"""The return stands inside the loop: only the first example counts (N17).

family: data term
breaks: N17
named by: first example
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros_like(W, dtype=float)
    N = X.shape[0]
    for i in range(N):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
        loss = loss / N + reg * np.sum(W * W)
        dW = dW / N + 2 * reg * W
        return loss, dW
