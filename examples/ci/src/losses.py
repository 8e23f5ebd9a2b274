"""The loss of this repository. What stands below the comment is judged, in whatever form it is."""

import numpy as np


# gradbook: multiclass_svm
def svm_loss(W, X, y, reg):
    """The multi-class SVM loss with the penalty reg·ΣW², and its gradient."""
    n = np.arange(len(y))
    scores = X @ W
    margins = np.maximum(0, scores - scores[n, y][:, None] + 1)
    margins[n, y] = 0
    counts = (margins > 0).astype(float)
    counts[n, y] = -counts.sum(axis=1)
    loss = margins.sum() / len(y) + reg * np.sum(W * W)
    return loss, X.T @ counts / len(y) + 2 * reg * W
