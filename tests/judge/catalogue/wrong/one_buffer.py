"""Every call returns the same array: the next call overwrites the gradient that the caller holds.

family: state and inputs
only: state
breaks: contract
named by: next call|same array|overwritten by|later call|shares? memory
"""

import numpy as np

buffers = {}


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    dW = buffers.setdefault(W.shape, np.empty(W.shape))
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(N), y] = -margins.sum(axis=1)
    dW[...] = X.T.dot(margins)
    dW /= N
    dW += 2 * reg * W
    return loss, dW
