"""The penalty is in the loss, and its term is missing in the gradient.

family: regularisation
breaks: penalty
named by: penalty.*(missing|not|without|0).*gradient|gradient.*(lacks|without|no).*penalty
"""

import numpy as np


def svm_loss(W, X, y, reg=1e-3):
    n = len(y)
    s = X.dot(W)
    m = s - s[range(n), y][:, None] + 1
    m[range(n), y] = 0
    m = np.maximum(m, 0)
    loss = m.sum() / n
    loss += reg * (W * W).sum()

    m[m > 0] = 1
    m[range(n), y] = -m.sum(axis=1)
    return loss, X.T.dot(m) / n
