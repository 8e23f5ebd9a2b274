"""The result is kept by the shapes of the inputs: a second call with other numbers gives the old
answer.

family: state and inputs
breaks: contract
named by: first call|earlier call|second time|other call|another call|old answer|kept|remember|state|call before
"""

import numpy as np

_cache = {}


def svm_loss_vectorized(W, X, y, reg):
    key = (W.shape, X.shape, reg)
    if key not in _cache:
        N = X.shape[0]
        scores = X.dot(W)
        margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
        margins[np.arange(N), y] = 0
        loss = margins.sum() / N + reg * np.sum(W * W)
        margins[margins > 0] = 1
        margins[np.arange(N), y] = -margins.sum(axis=1)
        _cache[key] = loss, X.T.dot(margins) / N + 2 * reg * W
    return _cache[key]
