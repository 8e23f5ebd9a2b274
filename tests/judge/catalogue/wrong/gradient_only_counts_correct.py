"""A gradient alone, W (C, D): the correct class is counted, row y is −(Σ + 1) x̃ᵀ (N14).

family: data term
W: (C, D)
gives: gradient
penalty: none
breaks: N14
named by: counts the correct class|correct class.*(counted|itself|adds|included|left in)|Σ.* [+] 1[)]
"""

import numpy as np


def gradient(W, X, y):
    S = X @ W.T
    M = (S - S[np.arange(len(y)), y, None] + 1 > 0).astype(float)
    M[np.arange(len(y)), y] = -M.sum(axis=1)
    return M.T @ X / len(y)
