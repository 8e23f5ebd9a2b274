"""No NumPy inside: lists and sums, classes from the last to the first.

W: (C, D)
penalty: reg·ΣW²
"""

import numpy as np


def svm_loss(W, X, y, reg):
    W_, X_ = W.tolist(), X.tolist()
    n, C, D = len(X_), len(W_), len(W_[0])
    G = [[0.0] * D for _ in range(C)]
    losses = []
    for x, k in zip(X_, y.tolist()):
        s = [sum(w * v for w, v in zip(row, x)) for row in W_]
        for j in reversed(range(C)):
            margin = s[j] - s[k] + 1
            if j == k or margin <= 0:
                continue
            losses.append(margin)
            for d in range(D):
                G[j][d] += x[d]
                G[k][d] -= x[d]
    penalty = reg * sum(w * w for row in W_ for w in row)
    grad = [[G[c][d] / n + 2 * reg * W_[c][d] for d in range(D)] for c in range(C)]
    return sum(losses) / n + penalty, np.array(grad)
