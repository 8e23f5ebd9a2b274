"""The hinge is leaky: a margin that is not active counts with the factor 0.01.

family: data term
breaks: N3
named by: (leaky|not active).*0[.]01
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    num_train, num_classes = X.shape[0], W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct + 1
            slope = 1.0 if margin > 0 else 0.01
            loss += slope * margin
            dW[:, j] += slope * X[i]
            dW[:, y[i]] -= slope * X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW
