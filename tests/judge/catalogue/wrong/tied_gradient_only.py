"""Where another class ties with y, the mask of the correct class removes it from the gradient only
(N14).

family: ties and kinks
only: tied with y
breaks: N14
named by: equals s_y|same score|ties? with|s_j = s_y|scores? (is|are) equal|scores tie|equal scores?
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    C, N = W.shape[1], X.shape[0]
    loss, dW = 0.0, np.zeros(W.shape)
    for i in range(N):
        scores = X[i].dot(W)
        good = scores[y[i]]
        for j in range(C):
            if j == y[i]:
                continue
            loss += max(0, scores[j] - good + 1)
        coef = ((scores - good + 1) > 0) & (scores != good)
        dW[:, coef] += X[i][:, None]
        dW[:, y[i]] -= coef.sum() * X[i]
    loss /= N
    dW /= N
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW
