"""A margin weighs more the further j is from y: 1 + 0.1·|j − y|, in the gradient alone.

family: data term
breaks: N14
named by: 0[.]1·[|]j − y[|]
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
                weight = 1 + 0.1 * abs(j - y[i])
                dW[:, j] += weight * X[i]
                dW[:, y[i]] -= weight * X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW
