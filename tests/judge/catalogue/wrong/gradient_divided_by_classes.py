"""The gradient is divided by the number of classes, not by the number of examples (N17).

family: data term
breaks: N17
named by: divided by (the number of classes|C)|1/C|by C,? not (by )?n
"""

import numpy as np


def svm_loss_vectorized(W, X, y, reg):
    num_classes = W.shape[1]
    num_train = X.shape[0]
    scores = np.dot(X, W)
    correct_scores = scores[np.arange(num_train), y]
    deltas = np.maximum(scores - correct_scores[:, np.newaxis] + 1, 0)
    deltas[np.arange(num_train), y] = 0
    loss = deltas.sum() / num_train + reg * np.sum(W * W)

    weight = (deltas > 0).astype(float)
    weight[np.arange(num_train), y] = -weight.sum(axis=1)
    dW = X.T.dot(weight) / num_classes
    dW += 2 * reg * W
    return loss, dW
