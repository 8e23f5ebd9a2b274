"""An indent too few: the gradient is updated after the inner loops, for the last example only
(N17).

family: data term
breaks: N17
named by: last example
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_train = X.shape[0]
    num_classes = W.shape[1]
    loss = 0.0
    for i in range(num_train):
        scores = X[i].dot(W)
        coef = np.zeros(num_classes)
        for j in range(num_classes):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                coef[j] += 1
                coef[y[i]] -= 1
    dW += np.outer(X[i], coef)
    loss /= num_train
    dW /= num_train
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW
