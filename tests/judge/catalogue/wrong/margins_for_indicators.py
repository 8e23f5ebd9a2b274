"""The clamped margins stand where their indicators belong: row j is margin·x̃ᵀ, not 1{…} x̃ᵀ
(N14).

family: data term
breaks: N14
named by: margins? .*(indicator|belongs?)|margin itself
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    S = X.dot(W)
    margins = np.maximum(0, S - S[np.arange(N), y].reshape(N, 1) + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[np.arange(N), y] = -margins.sum(axis=1)
    dW = X.T.dot(margins) / N + 2 * reg * W
    return loss, dW
