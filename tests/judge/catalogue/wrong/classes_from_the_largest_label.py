"""The number of classes is taken as max(y) + 1: right only where the last class occurs in the
batch.

family: shapes
only: C
breaks: N3
named by: max[(]y[)]|last class (occurs|does not occur)|largest label|last class.*occur
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    num_classes = np.max(y) + 1
    num_train = X.shape[0]
    dW = np.zeros(W.shape)
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss / num_train + reg * np.sum(W * W), dW / num_train + 2 * reg * W
