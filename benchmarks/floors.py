"""What no kernel can be faster than, measured: reading X once, and 4·n·D·C operations."""

from __future__ import annotations

import ctypes
import time
from typing import Any

import numpy as np

from gradbook.emit import build

FLAGS = ("-O3", "-ffp-contract=fast")

#: Twelve sums that do not wait for each other keep two units busy that take four cycles each.
SOURCE = """\
#include <stdint.h>

#if defined __AVX512F__
#define VECTOR_BYTES 64
#elif defined __AVX__
#define VECTOR_BYTES 32
#else
#define VECTOR_BYTES 16
#endif
typedef REAL vector __attribute__((vector_size(VECTOR_BYTES)));
typedef REAL unaligned __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(REAL)), may_alias));
enum { lanes = VECTOR_BYTES/sizeof(REAL) };
#if defined __x86_64__
#define BARRIER(v) __asm__ volatile("" : "+v"(v))
#else
#define BARRIER(v) __asm__ volatile("" : "+w"(v))
#endif

/* `count` multiply-adds; returns how many operations that were for one vector. */
REAL multiply_adds(int64_t count)
{
    vector a0 = {0}, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0;
    vector b0 = a0, b1 = a0, b2 = a0, b3 = a0, b4 = a0, b5 = a0, x = a0 + 1, y = a0 + (REAL)1e-9;
    BARRIER(x); BARRIER(y);
    for (int64_t i = 0; i < count; i += 12*lanes) {
        a0 = a0*x + y; a1 = a1*x + y; a2 = a2*x + y; a3 = a3*x + y; a4 = a4*x + y; a5 = a5*x + y;
        b0 = b0*x + y; b1 = b1*x + y; b2 = b2*x + y; b3 = b3*x + y; b4 = b4*x + y; b5 = b5*x + y;
        BARRIER(a0); BARRIER(a1); BARRIER(a2); BARRIER(a3); BARRIER(a4); BARRIER(a5);
        BARRIER(b0); BARRIER(b1); BARRIER(b2); BARRIER(b3); BARRIER(b4); BARRIER(b5);
    }
    a0 += a1 + a2 + a3 + a4 + a5 + b0 + b1 + b2 + b3 + b4 + b5;
    return a0[0];
}

REAL read_once(const REAL *x, int64_t count)
{
    vector a = {0}, b = a, c = a, d = a;
    int64_t i = 0;
    for (; i + 4*lanes <= count; i += 4*lanes) {
        a += *(const unaligned *)(x + i);
        b += *(const unaligned *)(x + i + lanes);
        c += *(const unaligned *)(x + i + 2*lanes);
        d += *(const unaligned *)(x + i + 3*lanes);
    }
    a += b + c + d;
    return a[0];
}
"""


class Floors:
    """The two floors for float64 or float32, on one thread."""

    def __init__(self, dtype: Any) -> None:
        real = {8: "double", 4: "float"}[np.dtype(dtype).itemsize]
        library = build.library(SOURCE, (*FLAGS, f"-DREAL={real}"))
        kind = ctypes.c_double if real == "double" else ctypes.c_float
        self._multiply_adds, self._read = library.multiply_adds, library.read_once
        self._multiply_adds.argtypes, self._multiply_adds.restype = [ctypes.c_int64], kind
        self._read.argtypes, self._read.restype = [ctypes.c_void_p, ctypes.c_int64], kind

    def reading(self, X: np.ndarray) -> None:
        """Reads X once."""
        self._read(X.ctypes.data, X.size)

    def operations(self, n: int, D: int, C: int, clock: Any = time.perf_counter) -> float:
        """The seconds of 4·n·D·C operations, from a sample of them."""
        count = 2 * n * D * C
        sample = min(count, 20_000_000)
        start = clock()
        self._multiply_adds(sample)
        return (clock() - start) * count / sample
