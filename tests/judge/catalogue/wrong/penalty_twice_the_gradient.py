"""The penalty is ½·reg·ΣW², but its gradient is taken as 2·reg·W: the factor 2 is too much.

family: regularisation
breaks: penalty
named by: gradient is (taken as )?2·reg·W|the gradient 2·reg·W|factor 2|twice what
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X @ W
    correct = scores[np.arange(N), y].reshape(-1, 1)
    margins = np.maximum(0, scores - correct + 1.0)
    margins[np.arange(N), y] = 0
    loss = np.sum(margins) / N + 0.5 * reg * np.sum(W ** 2)

    mask = np.zeros_like(margins)
    mask[margins > 0] = 1
    mask[np.arange(N), y] = -np.sum(mask, axis=1)
    dW = X.T @ mask / N + 2 * reg * W
    return loss, dW
