"""scikit-learn's digits: 1797 images of 8 × 8 pixels, the one data set that is not made up."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from gradbook.questions.formula import Floats, Unsuitable

CLASSES, PIXELS = 10, 64


@lru_cache(maxsize=8)
def digits(classes: int | None, features: int | None) -> tuple[Floats, np.ndarray]:
    """X (n, m + 1), with the constant 1 in front, and y (n,) of 0 … C − 1; both read-only.

    Kernels of one size get the classes 0 … C − 1 alone and, for m < 64, the first m principal
    components of their pixels. Pixels are divided by 16, so that they lie in [0, 1].
    Raises Unsuitable if scikit-learn is missing, or for more classes or features than there are.
    """
    C, m = classes or CLASSES, PIXELS if features is None else features
    if C > CLASSES or m > PIXELS:
        raise Unsuitable(
            f"the digits have {CLASSES} classes and {PIXELS} pixels; this kernel wants C = {C} and "
            f"m = {m}, so that nothing was compared"
        )
    pixels, y = _pixels()
    pixels, y = pixels[y < C], y[y < C]
    x = pixels if m == PIXELS else _principal_components(pixels, m)
    X = np.hstack([np.ones((len(x), 1)), x])
    X.flags.writeable = y.flags.writeable = False
    return X, y


def _pixels() -> tuple[Floats, np.ndarray]:
    package = find_spec("sklearn")
    if package is None or package.origin is None:
        raise Unsuitable(
            "scikit-learn is not installed, and with it come the digits: "
            "pip install 'gradbook[digits]'"
        )
    # Read where it lies, for importing scikit-learn takes longer than all five checks.
    table = Path(package.origin).parent / "datasets" / "data" / "digits.csv.gz"
    if table.exists():
        rows = np.loadtxt(table, delimiter=",")
        return rows[:, :-1] / 16, rows[:, -1].astype(np.int64)
    from sklearn.datasets import load_digits

    data = load_digits()
    return np.asarray(data.data, dtype=np.float64) / 16, np.asarray(data.target, dtype=np.int64)


def _principal_components(pixels: Floats, m: int) -> Floats:
    """The coordinates along the m directions of largest variance, about the mean: (n, m)."""
    centred = pixels - pixels.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][:m]
    return np.asarray(centred @ directions.T)
