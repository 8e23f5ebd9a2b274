"""dW[:, j] += … with a list of the active classes of all examples: repeated ones count once (N17).

family: data term
breaks: N17
named by: overwrit|repeated|updates are lost|lost update|count once|last example|keeps
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    n = X.shape[0]
    scores = X.dot(W)
    margins = scores - scores[np.arange(n), y][:, None] + 1
    margins[np.arange(n), y] = 0
    loss = margins.clip(min=0).sum() / n + reg * (W ** 2).sum()
    i, j = np.nonzero(margins > 0)
    dW = np.zeros(W.shape)
    dW[:, j] += X[i].T
    np.subtract.at(dW.T, y[i], X[i])
    return loss, dW / n + 2 * reg * W
