"""Row y has the wrong sign: it is +Σ 1{…} x̃ᵀ (N14).

family: data term
breaks: N14
named by: row y.*(wrong sign|[+]Σ|positive)|[Rr]ow y has the wrong sign
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    num = X.shape[0]
    scores = X.dot(W)
    margins = scores - scores[np.arange(num), y].reshape(-1, 1) + 1
    margins[np.arange(num), y] = 0.0
    margins[margins <= 0] = 0.0
    loss = np.sum(margins) / num + reg * np.sum(W * W)
    margins[margins > 0] = 1.0
    margins[np.arange(num), y] = np.sum(margins, axis=1)
    dW = np.dot(X.T, margins) / num + 2 * reg * W
    return loss, dW
