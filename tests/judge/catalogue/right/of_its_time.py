"""Written for Python 2 and a notebook: xrange, stray imports, a progress bar, prints.

penalty: reg·ΣW²
"""

from past.builtins import xrange
import numpy as np
import matplotlib.pyplot as plt
import pdb
from tqdm import tqdm


def svm_loss_naive(W, X, y, reg):
    dW = np.zeros(W.shape)
    num_train = X.shape[0]
    loss = np.float64(0.0)
    for i in tqdm(xrange(num_train)):
        scores = X[i].dot(W)
        for j in xrange(W.shape[1]):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + 1
            if margin > 0:
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    print("loss before regularization:", loss / num_train)
    loss = loss / num_train + reg * np.sum(W * W)
    dW = dW / num_train + 2 * reg * W
    print("gradient", dW.shape)
    return loss, dW
