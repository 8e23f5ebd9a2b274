"""The mask is ≥ 0 after the margin of the correct class was set to 0: the correct class is
counted.

family: data term
breaks: N14
named by: counts the correct class|correct class.*(counted|itself|adds|included|left in)|Σ.* [+] 1[)]
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    f = X.dot(W)
    fy = f[range(N), list(y)].reshape(-1, 1)
    h = f - fy + 1
    h[range(N), list(y)] = 0
    loss = np.maximum(h, 0).sum() / N + 0.5 * reg * np.sum(W * W)
    A = np.where(h >= 0, 1.0, 0.0)
    A[range(N), list(y)] = -A.sum(axis=1)
    dW = X.T.dot(A) / N + reg * W
    return loss, dW
