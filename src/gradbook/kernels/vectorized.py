"""The multi-class SVM by hand, as two matrix products (N2, N17): for using."""

import inspect
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradbook.kernels.kernel import Kernel


def multiclass_svm(
    W: NDArray[Any], X: NDArray[Any], y: NDArray[np.int64]
) -> tuple[float, NDArray[Any]]:
    """The mean loss and its gradient (C, D), for W (C, D), X (n, D), y (n,)."""
    n = len(X)
    examples = np.arange(n)
    # One class a row: where X does not fit in the cache, W Xᵀ is up to 1.7 times as fast as X Wᵀ.
    margins = W @ X.T
    margins -= margins[y, examples]
    margins += 1
    margins[y, examples] = 0
    M = (margins > 0).astype(W.dtype)
    M[y, examples] = -M.sum(axis=0)
    np.maximum(margins, 0, out=margins)
    return float(margins.sum(dtype=np.float64)) / n, M @ X / n


kernel = Kernel(
    name="by hand, vectorised",
    origin="by hand",
    language="Python",
    source=inspect.getsource(multiclass_svm),
    function=multiclass_svm,
    loss="multiclass_svm",
)
