"""reg is ignored: neither the loss nor the gradient depends on it.

family: regularisation
breaks: penalty
named by: reg is ignored|does not depend on reg|depends on reg|reg has no effect|no penalty|penalty is missing in (the loss and the gradient|both)|(neither|nor).*reg
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    N = X.shape[0]
    scores = X.dot(W)
    correct_class_score = scores[np.arange(N), y].reshape(N, 1)
    margin = np.maximum(0, scores - correct_class_score + 1)
    margin[np.arange(N), y] = 0
    loss = margin.sum() / N
    margin[margin > 0] = 1
    valid_margin_count = margin.sum(axis=1)
    margin[np.arange(N), y] -= valid_margin_count
    dW = (X.T).dot(margin) / N
    # TODO: regularization
    return loss, dW
