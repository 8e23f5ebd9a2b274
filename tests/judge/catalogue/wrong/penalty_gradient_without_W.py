"""The penalty's gradient is the number 2·reg in every entry: W was forgotten.

family: regularisation
breaks: penalty
named by: 2·reg·𝟙|2·reg in every entry|2·reg, not|W (is|was) (missing|forgotten)|does not depend on W
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    loss = 0.0
    for i in range(X.shape[0]):
        scores = np.dot(X[i], W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss /= X.shape[0]
    dW /= X.shape[0]
    loss += reg * np.sum(W * W)
    dW += 2 * reg
    return loss, dW
