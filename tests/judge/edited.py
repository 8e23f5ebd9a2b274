"""A right function in the style of courses, and copies of it with one place changed."""

import numpy as np

VECTORIZED = """
def svm_loss(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    r = np.arange(N)
    scores = X.dot(W)
    margins = np.maximum(0, scores - scores[r, y][:, None] + 1)
    margins[r, y] = 0
    loss = margins.sum() / N + reg * np.sum(W * W)
    mask = (margins > 0).astype(X.dtype if X.dtype.kind == "f" else float)
    mask[r, y] = -mask.sum(axis=1)
    dW = X.T.dot(mask) / N
    dW = dW + 2 * reg * W
    return loss, dW
"""

LOOPS = """
def svm_loss(W, X, y, reg):
    loss, dW = 0.0, np.zeros(W.shape)
    N, C = X.shape[0], W.shape[1]
    for i in range(N):
        scores = X[i].dot(W)
        for j in range(C):
            margin = scores[j] - scores[y[i]] + 1
            if j != y[i] and margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss = loss / N + reg * np.sum(W * W)
    dW = dW / N + 2 * reg * W
    return loss, dW
"""


def edited(*changes, of=VECTORIZED):
    """The function, with each (old, new) of its source changed; old must occur once."""
    source = of
    for old, new in changes:
        assert source.count(old) == 1, old
        source = source.replace(old, new)
    names = {"np": np}
    exec(source, names)
    return names["svm_loss"]
