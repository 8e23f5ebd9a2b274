"""Examples of class 0 leave row y as it is: if y[i] is taken for whether there is a label (N14).

family: data term
breaks: N14
named by: row y.*y = 0 do not count|class 0 leave row y
"""

import numpy as np


def svm_loss(W, X, y, reg):
    num_train, num_classes = X.shape[0], W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(num_train):
        scores = X[i] @ W
        for j in range(num_classes):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i] if y[i] else 0 * X[i]
    return loss / num_train + reg * np.sum(W * W), dW / num_train + 2 * reg * W
