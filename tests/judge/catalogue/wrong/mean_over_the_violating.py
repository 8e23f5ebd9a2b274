"""The mean runs over the examples that have an active margin, not over all n (N17).

family: data term
breaks: N17
named by: examples (that have|with) an active|number of examples.*active|active examples|examples.*loss is not 0|non-?zero loss
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    rows = np.arange(len(y))
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    bad = max(1, np.count_nonzero(margins.sum(axis=1)))
    loss = margins.sum() / bad + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[rows, y] = -margins.sum(axis=1)
    return loss, X.T.dot(margins) / bad + 2 * reg * W
