"""Margins are capped at 3: what is above adds 3 to the loss and nothing to the gradient.

family: data term
breaks: N3
named by: (capped|cut) at 3
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
                loss += min(margin, 3.0)
                if margin < 3:
                    dW[:, j] += X[i]
                    dW[:, y[i]] -= X[i]
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    return loss, dW
