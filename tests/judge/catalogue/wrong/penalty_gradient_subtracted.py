"""The penalty's gradient is subtracted: −2·reg·W.

family: regularisation
breaks: penalty
named by: subtracted|[−-]2·reg·W|penalty.*wrong sign
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    n = X.shape[0]
    scores = X.dot(W)
    margins = scores - scores[np.arange(n), y][:, None] + 1
    margins[margins < 0] = 0
    margins[np.arange(n), y] = 0
    loss = margins.sum() / n + reg * np.sum(np.square(W))
    margins[margins > 0] = 1
    margins[np.arange(n), y] = -np.sum(margins, axis=1)
    dW = X.T.dot(margins) / n
    dW -= 2 * reg * W
    return loss, dW
