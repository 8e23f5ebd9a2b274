"""|s_j − s_y + 1| in place of max(0, s_j − s_y + 1), with its own gradient (N3).

family: data term
breaks: N3
named by: sign of the margin|absolute value|[|]s_j − s_y [+] 1[|]|[|]u[|]
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = len(y)
    scores = X @ W
    margins = scores - scores[np.arange(N), y][:, None] + 1
    margins[np.arange(N), y] = 0
    loss = np.abs(margins).sum() / N + reg * np.sum(W * W)
    slope = np.sign(margins)
    slope[np.arange(N), y] = -slope.sum(axis=1)
    return loss, X.T @ slope / N + 2 * reg * W
