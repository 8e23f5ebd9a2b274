"""A random half of the examples is used: the same data give another answer the second time.

family: state and inputs
breaks: contract
named by: random|second time|another answer
"""

import numpy as np


def svm_loss_stochastic(W, X, y, reg):
    pick = np.random.choice(len(y), max(1, len(y) // 2))
    Xs, ys = X[pick], y[pick]
    N = len(ys)
    scores = Xs.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), ys][:, None] + 1)
    margins[np.arange(N), ys] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(N), ys] = -margins.sum(axis=1)
    return loss, Xs.T.dot(margins) / N + 2 * reg * W
