"""Plain C loops for the SVM, written by hand: what target "c" is compared with."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

import numpy as np

from gradbook.emit import build

FLAGS = ("-O3",)

SOURCE = """\
#include <stdint.h>
#include <stdlib.h>

int svm(int64_t n, int64_t C, int64_t D, const REAL *W, const REAL *X, const int64_t *y,
        double *loss, double *gradient)
{
    REAL *s = malloc((size_t)C*sizeof *s);
    if (s == NULL)
        return 1;
    *loss = 0;
    for (int64_t k = 0; k < C*D; k++)
        gradient[k] = 0;
    for (int64_t i = 0; i < n; i++) {
        const REAL *x = X + i*D;
        for (int64_t a = 0; a < C; a++) {
            /* In several sums: one after another they would wait for each other. */
            REAL sum[8] = {0};
            int64_t d = 0;
            for (; d + 8 <= D; d += 8)
                for (int k = 0; k < 8; k++)
                    sum[k] += W[a*D + d + k]*x[d + k];
            for (; d < D; d++)
                sum[0] += W[a*D + d]*x[d];
            s[a] = sum[0] + sum[1] + sum[2] + sum[3] + sum[4] + sum[5] + sum[6] + sum[7];
        }
        int64_t violated = 0;
        for (int64_t a = 0; a < C; a++) {
            const REAL margin = s[a] - s[y[i]] + 1;
            if (a == y[i] || margin <= 0)
                continue;
            *loss += margin;
            violated++;
            for (int64_t d = 0; d < D; d++)
                gradient[a*D + d] += x[d];
        }
        for (int64_t d = 0; d < D; d++)
            gradient[y[i]*D + d] -= (REAL)violated*x[d];
    }
    *loss /= (double)n;
    for (int64_t k = 0; k < C*D; k++)
        gradient[k] /= (double)n;
    free(s);
    return 0;
}
"""


def function(dtype: np.dtype[Any]) -> Callable[..., tuple[float, np.ndarray]]:
    """(W, X, y) → (loss, gradient), for float64 or float32."""
    real = {8: "double", 4: "float"}[dtype.itemsize]
    entry = build.library(SOURCE, (*FLAGS, f"-DREAL={real}")).svm
    entry.argtypes = [*[ctypes.c_int64] * 3, *[ctypes.c_void_p] * 5]

    def call(W: np.ndarray, X: np.ndarray, y: np.ndarray) -> tuple[float, np.ndarray]:
        loss, gradient = np.empty(1), np.empty(W.shape)
        arrays = (array.ctypes.data for array in (W, X, y, loss, gradient))
        if entry(len(X), *W.shape, *arrays):
            raise MemoryError
        return float(loss[0]), gradient

    return call
