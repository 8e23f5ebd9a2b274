"""W (C, D) and X (D, N): dW[y] -= … loses updates where labels repeat (N17).

family: data term
W: (C, D)
X: (D, N)
breaks: N17
named by: overwrite each other|repeated label|same label|labels? repeat|of each label|keeps its last|updates are lost|lost update|loses updates
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[1]
    scores = W.dot(X)  # C x N
    margins = np.maximum(0, scores - scores[y, np.arange(N)] + 1)
    margins[y, np.arange(N)] = 0
    loss = np.sum(margins) / N + reg * np.sum(W * W)
    active = (margins > 0).astype(float)
    dW = active.dot(X.T)
    dW[y] -= (active.sum(axis=0) * X).T
    return loss, dW / N + 2 * reg * W
