"""The loss sums all margins, the negative ones too: max(0, ·) is missing (N3).

family: data term
breaks: N3
named by: negative|clamp|max[(]0|maximum is missing|not active
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    margins = scores - scores[np.arange(num_train), y].reshape(-1, 1) + 1
    margins[np.arange(num_train), y] = 0
    loss = np.sum(margins) / num_train
    loss += reg * np.sum(W * W)
    mask = (margins > 0).astype(int)
    mask[np.arange(num_train), y] = -mask.sum(axis=1)
    dW = X.T.dot(mask) / num_train
    dW += 2 * reg * W
    return loss, dW
