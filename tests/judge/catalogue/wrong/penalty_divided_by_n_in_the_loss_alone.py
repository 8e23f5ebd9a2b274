"""In the loss the penalty is divided by n with the data's part, in the gradient it is not.

family: regularisation
breaks: penalty
named by: loss.*(/ n|divided by n).*not|in the loss.*(/ n|divided by n)
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    loss = 0.0
    N, C = X.shape[0], W.shape[1]
    for i in range(N):
        scores = X[i].dot(W)
        for j in range(C):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss += 0.5 * reg * np.sum(W * W)
    loss /= N
    dW /= N
    dW += reg * W
    return loss, dW
