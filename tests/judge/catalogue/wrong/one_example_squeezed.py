"""squeeze() drops the axis of a batch of one: it raises for n = 1.

family: shapes
only: n = 1
breaks: N17
named by: n = 1|batch of one|one example|single example
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = np.squeeze(X.dot(W))
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(N), y] = -margins.sum(axis=1)
    return loss, X.T.dot(margins) / N + 2 * reg * W
