"""Returns the loss and nothing else.

gives: loss
penalty: reg·ΣW²
"""

import numpy as np


def svm_objective(W, X, y, reg):
    total = 0
    for i, x in enumerate(X):
        s = x @ W
        m = s - s[y[i]] + 1
        m[y[i]] = 0
        total += m[m > 0].sum()
    return total / len(X) + reg * np.sum(W**2)
