"""The gradient has the term 2·reg·W, and the loss has no penalty at all.

family: regularisation
breaks: penalty
named by: penalty.*(missing|absent|not) (in|from) the loss|loss (lacks|misses|has no|without).*penalty|penalty is in the gradient (only|alone)
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    D, C = W.shape
    N = X.shape[0]
    loss = 0.0
    dW = np.zeros((D, C))
    for i in range(N):
        f = X[i, :].dot(W)
        wrong = 0
        for c in range(C):
            if c != y[i]:
                m = f[c] - f[y[i]] + 1
                if m > 0:
                    loss += m
                    dW[:, c] += X[i, :]
                    wrong += 1
        dW[:, y[i]] -= wrong * X[i, :]
    loss = loss / N
    dW = dW / N
    dW += 2 * reg * W
    return loss, dW
