"""The penalty in the loss is reg·Σ|W|, and the gradient is that of reg·ΣW².

family: regularisation
breaks: penalty
named by: [|]W[|]|absolute
"""

import numpy as np


def loss_and_grad(W, X, y, reg):
    n = X.shape[0]
    scores = X.dot(W)
    margins = (scores.T - scores[np.arange(n), y] + 1).T
    margins[np.arange(n), y] = 0
    margins = np.maximum(margins, 0)
    data_loss = np.sum(margins) / n
    reg_loss = reg * np.abs(W).sum()
    k = np.zeros(margins.shape)
    k[margins > 0] = 1
    k[np.arange(n), y] = -k.sum(axis=1)
    return data_loss + reg_loss, np.dot(X.T, k) / n + 2 * reg * W
