"""Entries of the gradient are clipped to ±5 “for stability”: right for small gradients only.

family: precision
breaks: N17
named by: clipped|±5|at most 5|large gradients?|magnitude|capped
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
    loss = loss / N + reg * np.sum(W * W)
    dW = np.clip(dW / N + 2 * reg * W, -5, 5)
    return loss, dW
