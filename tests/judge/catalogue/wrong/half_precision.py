"""The scores are computed in half precision: about three digits are right.

family: precision
only: near a kink, in wide numbers
breaks: N2
named by: half precision|float16|precision|digits|bits
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.astype(np.float16).dot(W.astype(np.float16)).astype(np.float64)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(N), y] = -margins.sum(axis=1)
    return loss, X.T.dot(margins) / N + 2 * reg * W
