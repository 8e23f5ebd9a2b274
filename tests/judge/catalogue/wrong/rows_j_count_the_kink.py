"""The rows j count a margin of exactly 0, row y does not (N14).

family: ties and kinks
only: at a kink
breaks: N14
named by: (of|is|are) exactly 0|kink
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    N = X.shape[0]
    loss = 0.0
    for i in range(N):
        scores = X[i].dot(W)
        margins = np.maximum(0, scores - scores[y[i]] + 1)
        margins[y[i]] = 0
        loss += margins.sum()
        for j in range(W.shape[1]):
            if j != y[i] and scores[j] - scores[y[i]] >= -1:
                dW[:, j] += X[i]
        dW[:, y[i]] -= np.count_nonzero(margins) * X[i]
    return loss / N + reg * np.sum(W * W), dW / N + 2 * reg * W
