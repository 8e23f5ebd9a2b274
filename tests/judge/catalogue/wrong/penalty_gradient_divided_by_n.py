"""The penalty's gradient is added before the division by N: it is 2·reg·W / n.

family: regularisation
breaks: penalty
named by: (2·reg·W|penalty).*(/ ?n|divided by n)
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    grad = np.zeros_like(W, dtype=float)
    total = 0.0
    for xi, yi in zip(X, y):
        scores = xi.dot(W)
        for j in range(W.shape[1]):
            if j == yi:
                continue
            margin = scores[j] - scores[yi] + 1
            if margin > 0:
                total += margin
                grad[:, j] += xi
                grad[:, yi] -= xi
    loss = total / len(X) + reg * np.sum(W * W)
    grad += 2 * reg * W
    grad /= len(X)
    return loss, grad
