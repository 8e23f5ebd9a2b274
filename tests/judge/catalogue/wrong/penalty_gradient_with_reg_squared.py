"""reg is applied twice in the penalty's gradient, 2·reg²·W: right for reg = 0 and reg = 1 only.

family: regularisation
only: reg
breaks: penalty
named by: reg²|reg is (squared|applied twice)
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = scores[np.arange(num_train), y]
    margins = np.maximum(scores - correct[:, None] + 1, 0)
    margins[np.arange(num_train), y] = 0
    loss = margins.sum() / num_train
    loss += reg * np.sum(W * W)

    ind = (margins > 0).astype(np.float64)
    ind[np.arange(num_train), y] -= ind.sum(axis=1)
    dreg = 2 * reg * W
    dW = X.T.dot(ind) / num_train + reg * dreg
    return loss, dW
