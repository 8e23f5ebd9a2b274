"""The multi-class SVM by hand, as the page says it (N3, N14, N17): for reading."""

import inspect
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradbook.kernels.kernel import Kernel


def multiclass_svm(
    W: NDArray[Any], X: NDArray[Any], y: NDArray[np.int64]
) -> tuple[float, NDArray[Any]]:
    """The mean loss and its gradient (C, D), for W (C, D), X (n, D), y (n,)."""
    n, C = len(X), len(W)
    loss, gradient = 0.0, np.zeros(W.shape)
    for i in range(n):
        x, label = X[i], y[i]
        s = W @ x
        for j in range(C):
            margin = s[j] - s[label] + 1
            if j != label and margin > 0:
                loss += float(margin)
                gradient[j] += x
                gradient[label] -= x
    return loss / n, gradient / n


kernel = Kernel(
    name="by hand, loops",
    origin="by hand",
    language="Python",
    source=inspect.getsource(multiclass_svm),
    function=multiclass_svm,
    loss="multiclass_svm",
)
