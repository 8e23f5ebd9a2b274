"""The penalty is in the loss, and its term is missing in the gradient.

family: regularisation
breaks: penalty
named by: penalty.*(missing|absent|not) in the gradient|gradient (lacks|misses|has no|does not have|without).*penalty|penalty.*no part in the gradient|its term is missing in the gradient
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
