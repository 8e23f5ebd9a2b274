"""C = 2 is treated as a binary problem, max(0, 1 − t·(s₁ − s₀)/2): wrong there, right for C > 2.

family: shapes
only: C = 2
breaks: N3
named by: C = 2|two classes
"""

import numpy as np


def svm_loss(W, X, y, reg):
    N = X.shape[0]
    if W.shape[1] == 2:
        t = 2 * y - 1
        f = X.dot(W[:, 1] - W[:, 0]) / 2
        m = np.maximum(0, 1 - t * f)
        g = X.T.dot(-t * (m > 0)) / (2 * N)
        return m.sum() / N + reg * np.sum(W * W), np.stack([-g, g], axis=1) + 2 * reg * W
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(N), y] = -margins.sum(axis=1)
    return loss, X.T.dot(margins) / N + 2 * reg * W
