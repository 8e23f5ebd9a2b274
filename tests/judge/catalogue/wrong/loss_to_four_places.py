"""The loss is rounded to four decimal places.

family: precision
only: near a kink, in wide numbers
breaks: N17
named by: four decimal|4 decimal|rounded|10⁻⁴|places
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(N), y] = -margins.sum(axis=1)
    return round(loss, 4), X.T.dot(margins) / N + 2 * reg * W
