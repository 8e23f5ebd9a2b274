"""Labels are taken as 1 … C: y − 1 is used as the correct class (N2).

family: data term
breaks: N2
named by: y − 1|from 1|label before|class before
"""

import numpy as np


def svm_loss(W, X, y, reg):
    N = X.shape[0]
    t = y - 1  # Python counts from 0
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), t][:, None] + 1)
    margins[np.arange(N), t] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(N), t] = -margins.sum(axis=1)
    return loss, X.T.dot(margins) / N + 2 * reg * W
