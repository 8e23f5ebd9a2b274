"""The penalty is divided by n as the data's part is, in the loss and in the gradient.

penalty: reg·ΣW² / n
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    idx = np.arange(num_train)
    margins = scores - scores[idx, y][:, np.newaxis] + 1
    margins[idx, y] = 0
    margins = np.maximum(0, margins)
    loss = (np.sum(margins) + reg * np.sum(W * W)) / num_train

    binary = (margins > 0).astype(float)
    binary[idx, y] = -binary.sum(axis=1)
    dW = (X.T.dot(binary) + 2 * reg * W) / num_train
    return loss, dW
