"""The data's part of the gradient has the wrong sign: it points uphill for the rows j, downhill
for row y.

family: data term
breaks: N14
named by: wrong sign|sign is|reversed|negative of|−1 times|times −1
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] -= X[i]
                dW[:, y[i]] += X[i]
    loss /= num_train
    dW /= num_train
    return loss + reg * np.sum(W * W), dW + 2 * reg * W
