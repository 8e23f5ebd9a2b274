"""The gradient is the mean over the examples, the loss their sum: its 1/n is missing.

family: data term
breaks: N17
named by: loss.*(not divided|never divided|1/n.*missing|sum)|missing.*1/n|1/n is missing
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    margins = scores - scores[np.arange(num_train), y][:, None] + 1
    margins[np.arange(num_train), y] = 0
    loss = margins[margins > 0].sum()
    loss += reg * np.sum(W * W)
    ones = np.zeros(scores.shape)
    ones[margins > 0] = 1
    ones[np.arange(num_train), y] = -ones.sum(axis=1)
    dW = X.T.dot(ones)
    dW /= num_train
    dW += 2 * reg * W
    return loss, dW
