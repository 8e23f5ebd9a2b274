"""The gradient is a forward difference of the loss: right to a few digits, and wrong near kinks.

family: precision
breaks: N14
named by: difference|not exact|approximat|digits|precision|differences
"""

import numpy as np


def svm_loss(W, X, y, reg):
    def loss_at(V):
        scores = X.dot(V)
        margins = np.maximum(0, scores - scores[np.arange(len(y)), y][:, None] + 1)
        margins[np.arange(len(y)), y] = 0
        return margins.sum() / len(y) + reg * np.sum(V * V)

    h = 1e-5
    loss = loss_at(W)
    dW = np.zeros(W.shape)
    for k in np.ndindex(W.shape):
        V = W.astype(float).copy()
        V[k] += h
        dW[k] = (loss_at(V) - loss) / h
    return loss, dW
