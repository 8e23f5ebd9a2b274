"""The loss has the margin s_j − s_y + 1, the gradient's indicator is 1{s_j − s_y > 0} (N14).

family: data term
breaks: N14
named by: 1 is missing|without (the )?([+] )?1|s_j − s_y > 0|s_j − s_y, not
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    diff = scores - scores[np.arange(N), y][:, None]
    hinge = np.maximum(0, diff + 1)
    hinge[np.arange(N), y] = 0
    loss = hinge.sum() / N + reg * np.sum(W * W)
    mask = (diff > 0).astype(float)
    mask[np.arange(N), y] = -mask.sum(axis=1)
    dW = X.T.dot(mask) / N + 2 * reg * W
    return loss, dW
