"""A loss alone: the correct class adds its 1 (N3).

family: data term
gives: loss
penalty: none
breaks: N3
named by: j = y|1 too (large|high|much)|too (large|high) by 1|correct class (adds|counts|itself is)|counts the correct class
"""

import numpy as np


def loss_fn(W, X, y):
    S = X @ W
    return np.maximum(0, S - S[np.arange(len(y)), y, None] + 1).sum(axis=1).mean()
