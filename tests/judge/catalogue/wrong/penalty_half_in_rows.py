"""W (C, D), without loops over features: the penalty ½·reg·ΣW² has the gradient 2·reg·W.

family: regularisation
W: (C, D)
breaks: penalty
named by: gradient is (taken as )?2·reg·W|the gradient 2·reg·W|factor 2|twice what
"""

import numpy as np


def cost_and_gradient(W, X, y, lam):
    n = X.shape[0]
    J = 0.5 * lam * np.sum(W ** 2)
    G = 2 * lam * W
    for i in range(n):
        s = W @ X[i]
        violated = s - s[y[i]] + 1 > 0
        violated[y[i]] = False
        J += np.sum(s[violated] - s[y[i]] + 1) / n
        G[violated] += X[i] / n
        G[y[i]] -= violated.sum() * X[i] / n
    return J, G
