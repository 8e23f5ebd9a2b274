"""A sparse matrix of coefficients in place of a mask.

penalty: reg·ΣW²
"""

import numpy as np
from scipy.sparse import csr_matrix


def svm_loss_sparse(W, X, y, reg):
    N, C = X.shape[0], W.shape[1]
    scores = X @ W
    margins = scores - scores[np.arange(N), y][:, None] + 1
    margins[np.arange(N), y] = 0
    i, j = np.nonzero(margins > 0)
    ones = np.ones(len(i))
    rows, columns = np.concatenate([i, i]), np.concatenate([j, y[i]])
    M = csr_matrix((np.concatenate([ones, -ones]), (rows, columns)), shape=(N, C))
    loss = margins[i, j].sum() / N + reg * np.sum(W * W)
    return loss, np.asarray((M.T @ X).T) / N + 2 * reg * W
