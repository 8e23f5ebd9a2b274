"""Row y gets −x̃ᵀ once, however many margins are active: it should get −Σ 1{…} x̃ᵀ (N14).

family: data term
breaks: N14
named by: (row y|Row y).*(once|at most|one active|−x̃ᵀ)
"""

import numpy as np


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    loss = 0.0
    n = X.shape[0]
    for i in range(n):
        scores = X[i] @ W
        violated = False
        for j in range(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                violated = True
        if violated:
            dW[:, y[i]] -= X[i]
    return loss / n + reg * np.sum(W * W), dW / n + 2 * reg * W
