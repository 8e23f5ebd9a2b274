"""The gradient takes every margin as active: the indicator 1{s_j − s_y + 1 > 0} is missing (N14).

family: data term
breaks: N14
named by: [Ee]very margin|all margins|indicator is missing|active or not
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    loss = 0.0
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            loss += max(0, margin)
            dW[:, j] += X[i]
            dW[:, y[i]] -= X[i]
    loss /= X.shape[0]
    dW /= X.shape[0]
    return loss + reg * np.sum(W * W), dW + 2 * reg * W
