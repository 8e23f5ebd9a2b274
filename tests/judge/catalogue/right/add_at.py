"""np.add.at for repeated indices, and X divided by n first.

penalty: reg·ΣW²
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    margins = scores - scores[np.arange(N), y][:, None] + 1
    margins[np.arange(N), y] = 0
    i, j = np.where(margins > 0)
    Xn = X / N
    G = np.zeros(W.T.shape)
    np.add.at(G, j, Xn[i])
    np.add.at(G, y[i], -Xn[i])
    return margins[i, j].sum() / N + reg * np.sum(W * W), G.T + 2 * reg * W
