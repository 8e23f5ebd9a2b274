"""Classes with a negative score are left out, active or not: only those with s_j > 0 count.

family: data term
breaks: N3
named by: (counts? only|only those).*s_j > 0
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    num_train, num_classes = X.shape[0], W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        for j in range(num_classes):
            margin = scores[j] - correct + 1
            if j != y[i] and margin > 0 and scores[j] > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW
