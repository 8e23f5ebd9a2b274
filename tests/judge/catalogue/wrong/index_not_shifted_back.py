"""The correct class is removed from the list of scores, and for j > y row j − 1 gets what belongs to row j.

family: data term
breaks: N14
named by: for j > y.*row j − 1
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    num_train, num_classes = X.shape[0], W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        others = np.delete(scores, y[i]) - correct + 1
        for j in np.flatnonzero(others > 0):
            loss += others[j]
            dW[:, j] += X[i]
            dW[:, y[i]] -= X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW
