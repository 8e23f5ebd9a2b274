"""Loss and gradient of the data are twice the right ones: the update stands in the loop twice.

family: data term
breaks: N3
named by: twice|doubled|factor (of )?2|2 times|times 2
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_train = X.shape[0]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        margins = np.maximum(0, scores - scores[y[i]] + 1)
        margins[y[i]] = 0
        loss += np.sum(margins)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            if margins[j] > 0:
                loss += margins[j]
                dW[:, j] += 2 * X[i]
                dW[:, y[i]] -= 2 * X[i]
    loss /= num_train
    dW /= num_train
    return loss + reg * np.sum(W * W), dW + 2 * reg * W
