"""x̃ᵀ is added to row j + 1, not to row j (N10).

family: data term
breaks: N10
named by: row j [+] 1|shifted by one|next row|row after
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    C = W.shape[1]
    loss = 0.0
    for i in range(X.shape[0]):
        scores = X[i].dot(W)
        for j in range(1, C + 1):  # classes 1 … C
            if j - 1 == y[i]:
                continue
            margin = scores[j - 1] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j % C] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / X.shape[0] + reg * np.sum(W * W)
    dW = dW / X.shape[0] + 2 * reg * W
    return loss, dW
