"""A dictionary as a default argument keeps the sum: each call adds to the gradients of those
before.

family: state and inputs
breaks: contract
named by: earlier call|second time|other call|another call|accumulat|grow|calls before|state|adds to|call before
"""

import numpy as np


def svm_loss_naive(W, X, y, reg, grads={}):
    N = X.shape[0]
    loss = 0.0
    dW = grads.setdefault(W.shape, np.zeros(W.shape))
    for i in range(N):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i] / N
                dW[:, y[i]] -= X[i] / N
    return loss / N + reg * np.sum(W * W), dW + 2 * reg * W
