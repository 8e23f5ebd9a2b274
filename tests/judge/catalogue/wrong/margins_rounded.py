"""Margins are rounded to three places before they are used.

family: precision
only: near a kink, in wide numbers
breaks: N3
named by: rounded to (three|3)|rounded
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    margins = np.round(scores - scores[np.arange(N), y][:, None] + 1, 3)
    margins[np.arange(N), y] = 0
    margins = np.maximum(0, margins)
    loss = margins.sum() / N + reg * np.sum(W * W)
    mask = (margins > 0).astype(float)
    mask[np.arange(N), y] = -mask.sum(axis=1)
    return loss, X.T.dot(mask) / N + 2 * reg * W
