"""The penalty in the loss is reg·(ΣW)², the square of the sum, and not reg·ΣW².

family: regularisation
breaks: penalty
named by: [(]ΣW[)]²|square of the sum
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    rows = np.arange(y.shape[0])
    scores = X.dot(W)
    hinge = np.maximum(0, scores - scores[rows, y][:, None] + 1)
    hinge[rows, y] = 0
    loss = hinge.sum() / y.shape[0] + reg * np.sum(W) ** 2
    coef = (hinge > 0) * 1.0
    coef[rows, y] -= coef.sum(1)
    return loss, X.T.dot(coef) / y.shape[0] + 2 * reg * W
