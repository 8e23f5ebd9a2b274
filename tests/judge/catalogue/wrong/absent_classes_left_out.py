"""Only classes that occur among the labels are compared with: right only where every class occurs.

family: shapes
only: C
breaks: N3
named by: occur|absent
"""

import numpy as np


def svm_loss(W, X, y, reg):
    N = X.shape[0]
    loss = 0.0
    dW = np.zeros(W.shape)
    classes = np.unique(y)
    for x, label in zip(X, y):
        s = x.dot(W)
        for c in classes:
            if c == label:
                continue
            margin = s[c] - s[label] + 1
            if margin > 0:
                loss += margin
                dW[:, c] += x
                dW[:, label] -= x
    return loss / N + reg * np.sum(W * W), dW / N + 2 * reg * W
