"""Examples that are classified correctly are skipped, though their margins may be active (N3).

family: data term
breaks: N3
named by: classified correctly|correctly classified|largest score|is the largest|s_y is|right answer|argmax
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    loss = 0.0
    dW = np.zeros(W.shape)
    N = X.shape[0]
    for i in range(N):
        scores = X[i].dot(W)
        if np.argmax(scores) == y[i]:
            continue
        for j in range(W.shape[1]):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    return loss / N + reg * np.sum(W * W), dW / N + 2 * reg * W
