"""Loss and gradient are sums over the examples, not means: 1/n is missing in both.

family: data term
W: (C, D)
breaks: N17
named by: (not|never) divided|1/n.*missing|missing.*1/n|sums? over the examples
"""

import numpy as np


def svm(W, X, y):
    loss = 0.0
    grad = np.zeros(W.shape)
    for i, label in enumerate(y):
        s = W @ X[i]
        margins = s - s[label] + 1
        margins[label] = 0
        active = margins > 0
        loss += margins[active].sum()
        grad[active] += X[i]
        grad[label] -= active.sum() * X[i]
    return loss, grad
