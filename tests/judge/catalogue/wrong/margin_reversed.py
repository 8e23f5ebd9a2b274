"""The margin is s_y − s_j + 1: it punishes the right answer, in loss and gradient (N3).

family: data term
breaks: N3
named by: s_y − s_j|reversed
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    loss = 0.0
    for i in range(len(X)):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[y[i]] - scores[j] + 1
            if margin > 0:
                loss += margin
                dW[:, j] -= X[i]
                dW[:, y[i]] += X[i]
    return loss / len(X) + reg * np.sum(W * W), dW / len(X) + 2 * reg * W
