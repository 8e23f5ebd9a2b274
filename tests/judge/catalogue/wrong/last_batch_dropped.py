"""The examples are taken in batches of 4 and the rest is dropped: right only where 4 divides n
(N17).

family: shapes
only: n = 1
breaks: N17
named by: 4 divides n|multiple of 4|n mod 4|batches of 4|divisible by 4|rest|last n mod|left over
"""

import numpy as np


def svm_loss_batched(W, X, y, reg, batch=4):
    N = X.shape[0]
    loss, dW = 0.0, np.zeros_like(W)
    for b in range(N // batch):
        Xb, yb = X[b * batch : (b + 1) * batch], y[b * batch : (b + 1) * batch]
        r = np.arange(batch)
        s = Xb @ W
        m = np.maximum(0, s - s[r, yb][:, None] + 1)
        m[r, yb] = 0
        loss += m.sum()
        k = (m > 0).astype(W.dtype)
        k[r, yb] = -k.sum(axis=1)
        dW += Xb.T @ k
    return loss / N + reg * np.sum(W * W), dW / N + 2 * reg * W
