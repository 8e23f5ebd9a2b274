"""A tenth of W_j is added to row j for each active class: 0.1·W_j beside x.

family: data term
breaks: N14
named by: 0[.]1·W_j
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
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i] + 0.1 * W[:, j]
                dW[:, y[i]] -= X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW
