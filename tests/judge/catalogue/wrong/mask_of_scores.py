"""The indicator is taken of the scores, 1{s_j > 0}, not of the margins (N14).

family: data term
breaks: N14
named by: of the scores?
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    rows = np.arange(N)
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    margins[rows, y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    scores[scores > 0] = 1
    scores[scores < 0] = 0
    scores[rows, y] = 0
    scores[rows, y] = -scores.sum(axis=1)
    return loss, X.T.dot(scores) / N + 2 * reg * W
