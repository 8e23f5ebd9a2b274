"""np.mean over the whole matrix of margins divides by n·C: the loss is 1/C of the right one.

family: data term
breaks: N17
named by: n ?· ?C|1/C|divided by (the number of classes|C)|1/[(]n C[)]
"""

import numpy as np


def multiclass_hinge(W, X, y, reg):
    scores = X @ W
    truth = scores[np.arange(len(y)), y]
    margins = np.maximum(0, scores - truth[:, None] + 1)
    margins[np.arange(len(y)), y] = 0
    loss = np.mean(margins) + reg * np.sum(W * W)
    ind = (margins > 0).astype(float)
    ind[np.arange(len(y)), y] = -ind.sum(axis=1)
    return loss, X.T @ ind / len(y) + 2 * reg * W
