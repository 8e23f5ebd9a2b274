"""W (C, D) and one example a column of X, as in the course's first year.

W: (C, D)
X: (D, N)
penalty: reg·ΣW²
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    C, N = W.shape[0], X.shape[1]
    loss = 0.0
    for i in range(N):
        scores = W.dot(X[:, i])
        for j in range(C):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[j, :] += X[:, i].T
                dW[y[i], :] -= X[:, i].T
    loss = loss / N + reg * np.sum(W * W)
    dW = dW / N + 2 * reg * W
    return loss, dW
