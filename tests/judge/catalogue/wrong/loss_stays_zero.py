"""The loss was never written: it is 0, and the gradient is right.

family: unfinished
breaks: N3
named by: loss (stays|is always|is) 0|loss was never written|it is 0
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    loss = 0.0
    N = X.shape[0]
    scores = X.dot(W)
    mask = (scores - scores[np.arange(N), y][:, None] + 1 > 0).astype(float)
    mask[np.arange(N), y] = 0
    mask[np.arange(N), y] = -mask.sum(axis=1)
    dW = X.T.dot(mask) / N + 2 * reg * W
    return loss, dW
