"""The loss is divided by n inside the loop and once more at the end: 1/n² in place of 1/n.

family: data term
breaks: N17
named by: n²|divided (by n )?(twice|once too often|once more)|1/n too
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
                loss += margin / num_train
                dW[:, j] += X[i] / num_train
                dW[:, y[i]] -= X[i] / num_train
    loss /= num_train
    loss += 0.5 * reg * np.sum(W * W)
    dW += reg * W
    return loss, dW
