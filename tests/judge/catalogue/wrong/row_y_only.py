"""Only row y of the gradient is written: the rows j ≠ y of the active margins are missing (N14).

family: data term
breaks: N14
named by: [Oo]nly row y|rows? j.*(missing|stays? 0|never|not written)
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    n = X.shape[0]
    scores = X @ W
    margins = np.maximum(0, scores - scores[np.arange(n), y][:, None] + 1)
    margins[np.arange(n), y] = 0
    loss = margins.sum() / n + reg * np.sum(W * W)
    violated = np.count_nonzero(margins, axis=1)
    coeff = np.zeros_like(scores)
    coeff[np.arange(n), y] = -violated
    dW = X.T @ coeff / n + 2 * reg * W
    return loss, dW
