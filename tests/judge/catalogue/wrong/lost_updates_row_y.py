"""dW[:, y] -= … with repeated labels: examples with the same label overwrite each other (N17).

family: data term
breaks: N17
named by: overwrit|overwrite each other|repeated label|same label|labels? repeat|of each label|keeps its last|updates are lost|lost update
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    margins = scores - scores[np.arange(N), y][:, None] + 1
    margins[np.arange(N), y] = 0
    loss = np.maximum(0, margins).sum() / N + reg * np.sum(W * W)
    indicator = (margins > 0).astype(float)
    dW = X.T.dot(indicator)
    dW[:, y] -= (X * indicator.sum(axis=1)[:, None]).T
    dW /= N
    dW += 2 * reg * W
    return loss, dW
