"""The mask counts the correct class itself: row y of the gradient is −(Σ + 1) x̃ᵀ (N14).

family: data term
breaks: N14
named by: counts the correct class|correct class.*(counted|itself|adds|included|left in)|Σ.* [+] 1[)]
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    num_train = X.shape[0]
    scores = X.dot(W)
    yi_scores = scores[np.arange(num_train), y]
    margins = np.maximum(0, scores - yi_scores[:, None] + 1)
    binary = margins.copy()
    margins[np.arange(num_train), y] = 0
    loss = np.mean(np.sum(margins, axis=1))
    loss += reg * np.sum(W * W)

    binary[binary > 0] = 1
    row_sum = np.sum(binary, axis=1)
    binary[np.arange(num_train), y] = -row_sum.T
    dW = np.dot(X.T, binary)
    dW /= num_train
    dW += 2 * reg * W
    return loss, dW
