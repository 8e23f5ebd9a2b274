"""Loss and gradient are right, but W is changed: the function takes the descent step itself.

family: state and inputs
only: inputs changed
breaks: contract
named by: W.*(chang|modif)|(chang|modif)[a-z]* .*W
"""

import numpy as np


def svm_loss_naive(W, X, y, reg, learning_rate=1e-2):
    dW = np.zeros(W.shape)
    N = X.shape[0]
    loss = 0.0
    for i in range(N):
        scores = X[i].dot(W)
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / N + reg * np.sum(W * W)
    dW = dW / N + 2 * reg * W
    W -= learning_rate * dW
    return loss, dW
