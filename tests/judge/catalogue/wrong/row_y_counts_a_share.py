"""Row y counts 1/n of an active class too many in each example: it is −(k + 1/n)·x.

family: data term
breaks: N14
named by: k [+] 1/n
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    num_train, num_classes = X.shape[0], W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        count = 1 / num_train
        for j in range(num_classes):
            margin = scores[j] - correct + 1
            if j != y[i] and margin > 0:
                count += 1
                loss += margin
                dW[:, j] += X[i]
        dW[:, y[i]] -= count * X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW
