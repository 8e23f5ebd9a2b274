"""Only the largest margin counts, in loss and gradient: Crammer and Singer's loss, not the sum
(N3).

family: data term
breaks: N3
named by: largest margin|Crammer
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    n = X.shape[0]
    r = np.arange(n)
    scores = X @ W
    margins = scores - scores[r, y][:, None] + 1
    margins[r, y] = 0
    worst = margins.argmax(axis=1)
    loss = margins[r, worst].sum() / n + reg * np.sum(W * W)
    coef = np.zeros_like(scores)
    coef[r, worst] += 1
    coef[r, y] -= 1
    return loss, X.T @ coef / n + 2 * reg * W
