"""The gradient counts a margin only above 10⁻⁶, the loss above 0 (N14).

family: ties and kinks
only: near a kink
breaks: N14
named by: above 10⁻⁶|threshold|> 10⁻⁶|1e-0?6|tiny|near 0|close to 0|small margins?
"""

import numpy as np

EPS = 1e-6


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[np.arange(N), y][:, None] + 1)
    margins[np.arange(N), y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    mask = np.where(margins > EPS, 1.0, 0.0)
    mask[np.arange(N), y] = -mask.sum(axis=1)
    dW = X.T.dot(mask) / N + 2 * reg * W
    return loss, dW
