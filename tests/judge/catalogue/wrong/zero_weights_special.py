"""W = 0 is treated as a special case, with the loss and gradient 0: there the loss is C − 1 (N3).

family: ties and kinks
only: W = 0
breaks: N3
named by: W = 0|W is 0
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    if not np.any(W):
        return 0.0, np.zeros_like(W)
    N = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    mask = (margins > 0).astype(float)
    mask[np.arange(N), y] = -mask.sum(axis=1)
    return loss, X.T.dot(mask) / N + 2 * reg * W
