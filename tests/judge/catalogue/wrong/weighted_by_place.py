"""Each example is weighted by its place in the batch, i + 1 (N17).

family: data term
breaks: N17
named by: example i counts i [+] 1 times|weighted by its place
"""

import numpy as np


def svm_loss(W, X, y, reg):
    num_train, num_classes = X.shape[0], W.shape[1]
    loss, dW = 0.0, np.zeros_like(W)
    for i in range(num_train):
        scores = X[i] @ W
        weight = i + 1.0
        for j in range(num_classes):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += weight * margin
                dW[:, j] += weight * X[i]
                dW[:, y[i]] -= weight * X[i]
    return loss / num_train + reg * np.sum(W * W), dW / num_train + 2 * reg * W
