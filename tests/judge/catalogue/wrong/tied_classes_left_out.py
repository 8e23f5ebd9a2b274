"""The correct class is found by its score: classes with the same score as y are left out too (N3).

family: ties and kinks
only: tied with y
breaks: N3
named by: equals s_y|same score|ties? with|s_j = s_y|scores? (is|are) equal|scores tie|equal scores?
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(N), y][:, None]
    margins = np.maximum(0, scores - correct + 1)
    margins[scores == correct] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    mask = (margins > 0).astype(float)
    mask[np.arange(N), y] = -mask.sum(axis=1)
    dW = X.T.dot(mask) / N + 2 * reg * W
    return loss, dW
