"""The penalty's gradient is added inside the loop, once for every active margin.

family: regularisation
breaks: penalty
named by: (every|each) active margin|number of active|every active margin|each active margin
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_train, num_classes = X.shape[0], W.shape[1]
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
                dW += 2 * reg * W
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train
    return loss, dW
