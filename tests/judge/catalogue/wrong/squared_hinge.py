"""The squared hinge: Σ max(0, ·)², with its own gradient, where the page has Σ max(0, ·) (N3).

family: data term
breaks: N3
named by: squared hinge|squares? of the margin|max[(]0, ·[)]²|margins squared
"""

import numpy as np


def l2_svm(W, X, y, reg):
    n = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(n), y][:, None] + 1)
    margins[np.arange(n), y] = 0
    loss = np.sum(margins ** 2) / n + reg * np.sum(W * W)
    d = 2 * margins
    d[np.arange(n), y] = -d.sum(axis=1)
    dW = X.T.dot(d) / n + 2 * reg * W
    return loss, dW
