"""num_train is read off the wrong axis: loss and gradient are divided by the number of features D,
not by n.

family: data term
breaks: N17
named by: divided by (the number of features|D|m)|1/D|by D,? not (by )?n
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[1]
    scores = X.dot(W)
    rows = np.arange(len(y))
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    loss = np.sum(margins) / num_train + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[rows, y] -= margins.sum(axis=1)
    dW = X.T.dot(margins) / num_train + 2 * reg * W
    return loss, dW
