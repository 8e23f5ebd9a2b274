"""The penalty's gradient is assigned, not added: the data's part of the gradient is lost.

family: regularisation
breaks: N14
named by: data.*(lost|missing|overwritten|absent|no part)|gradient is the penalty's alone|2·reg·W (alone|only)|(gradient|part).*data.*(stays|is) 0|only the penalty
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_classes = W.shape[1]
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - correct + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train
    dW = 2 * reg * W
    return loss, dW
