"""Active margins are counted in 8 bits: beyond 128 of them row y wraps around (C > 128).

family: shapes
only: C > 128
breaks: N14
named by: C > 12[789]|8 bits|int8|wraps? around|12[78]|more than 12[78]
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    mask = (margins > 0).astype(np.int8)  # saves memory
    mask[np.arange(N), y] = -mask.sum(axis=1)
    return loss, X.T.dot(mask) / N + 2 * reg * W
