"""Only the two largest margins of an example count.

family: data term
breaks: N3
named by: two largest|larger margin ≤ 1|rank of its margin ≤ 2
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    num_train, num_classes = X.shape[0], W.shape[1]
    for i in range(num_train):
        scores = X[i].dot(W)
        correct = scores[y[i]]
        margins = scores - correct + 1
        margins[y[i]] = -np.inf
        for j in np.argsort(-margins, kind="stable")[:2]:
            if margins[j] > 0:
                loss += margins[j]
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW
