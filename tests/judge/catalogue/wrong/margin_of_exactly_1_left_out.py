"""A margin of exactly 1 is taken for the correct class's own, and left out of the gradient (N14).

family: ties and kinks
only: tied with y
breaks: N14
named by: equals s_y|same score|ties? with|s_j = s_y|scores? (is|are) equal|scores tie|exactly 1|equal scores?
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    N = X.shape[0]
    loss = 0.0
    for i in range(N):
        s = np.dot(X[i], W)
        h = np.maximum(0, s - s[y[i]] + 1)
        loss += np.sum(h) - 1  # the correct class contributes 1
        for j in np.nonzero(h)[0]:
            if h[j] != 1:
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / N + reg * np.sum(W * W)
    dW = dW / N + 2 * reg * W
    return loss, dW
