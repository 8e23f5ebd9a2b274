"""Row y counts the margins that are exactly 0, the rows j do not: ≥ in one place, > in the other
(N14).

family: ties and kinks
only: at a kink
breaks: N14
named by: (of|is|are) exactly 0|kink
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    margins = scores - scores[np.arange(N), y][:, None] + 1
    margins[np.arange(N), y] = -1
    loss = np.maximum(0, margins).sum() / N + reg * np.sum(W * W)
    mask = (margins > 0).astype(float)
    mask[np.arange(N), y] = -(margins >= 0).sum(axis=1)
    dW = X.T.dot(mask) / N + 2 * reg * W
    return loss, dW
