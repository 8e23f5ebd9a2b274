"""X is centred in place, the bias column too: the input is changed, and the loss is that of other
data.

family: state and inputs
breaks: N2
named by: X.*(chang|modif)|(chang|modif)[a-z]* .*X|mean example|centred
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    X -= X.mean(axis=0)
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    margins[margins > 0] = 1
    margins[np.arange(N), y] = -margins.sum(axis=1)
    return loss, X.T.dot(margins) / N + 2 * reg * W
