"""Examples are weighted by the inverse of their class's frequency: right for balanced batches only
(N17).

family: data term
breaks: N17
named by: frequen|balanced|weighted|weighs|class's share|how often|number of examples of (its|the|each) class|mean over (the )?classes
"""

import numpy as np


def balanced_svm_loss(W, X, y, reg):
    rows = np.arange(len(y))
    counts = np.bincount(y, minlength=W.shape[1])
    weight = 1.0 / (counts[y] * np.count_nonzero(counts))
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    loss = (weight * margins.sum(axis=1)).sum() + reg * np.sum(W * W)
    mask = (margins > 0).astype(float)
    mask[rows, y] = -mask.sum(axis=1)
    return loss, X.T.dot(mask * weight[:, None]) + 2 * reg * W
