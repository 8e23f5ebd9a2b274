"""Examples whose correct score is negative are skipped (N13).

family: data term
breaks: N13
named by: s_y < 0 do not count|correct score is negative are skipped
"""

import numpy as np


def svm_loss(W, X, y, reg):
    num_train, num_classes = X.shape[0], W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(num_train):
        scores = X[i] @ W
        if scores[y[i]] < 0:
            continue
        for j in range(num_classes):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss / num_train + reg * np.sum(W * W), dW / num_train + 2 * reg * W
