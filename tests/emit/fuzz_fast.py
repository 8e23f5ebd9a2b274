"""Random data for the fast kernel under the address and undefined-behaviour sanitizers.

    python tests/emit/fuzz_fast.py --minutes 10

Each source is compiled together with the program below, which calls it with random n, D, labels and
small integers in arrays of exactly the right size, and compares the results with plain loops: they
must be equal to the last bit, since nothing is rounded. Bad labels and NaN must be noticed.
"""

import argparse
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from gradbook.emit import build
from gradbook.emit.fast import Machine, choose
from gradbook.emit.fast.source import printed
from gradbook.emit.lowering import lower

FLAGS = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-O1", "-g", "-pthread")
SANITIZED = ("-fsanitize=address,undefined", "-fno-sanitize-recover=all")
WIDTHS = {16: ("-mno-avx",), 32: ("-mno-avx512f",), 64: ()}

PROGRAM = r"""
#include <stdio.h>
#include <time.h>

static uint64_t state;

static int64_t below(int64_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (int64_t)((state >> 11) % (uint64_t)limit);
}

static double expected(int64_t n, int64_t D, const real *W, const real *X, const int64_t *y,
                       double *G)
{
    double loss = 0;
    memset(G, 0, (size_t)(CLASSES*D)*sizeof *G);
    for (int64_t i = 0; i < n; i++) {
        double s[CLASSES];
        for (int64_t a = 0; a < CLASSES; a++) {
            s[a] = 0;
            for (int64_t d = 0; d < D; d++)
                s[a] += (double)(W[a*D + d]*X[i*D + d]);
        }
        for (int64_t a = 0; a < CLASSES; a++) {
            const double margin = s[a] - s[y[i]] + 1;
            if (a == y[i] || margin <= 0)
                continue;
            loss += margin;
            for (int64_t d = 0; d < D; d++) {
                G[a*D + d] += X[i*D + d];
                G[y[i]*D + d] -= X[i*D + d];
            }
        }
    }
    return loss;
}

static real *small_integers(int64_t count)
{
    real *values = malloc((size_t)count*sizeof *values);
    for (int64_t k = 0; k < count; k++)
        values[k] = (real)(below(5) - 2);
    return values;
}

int main(int count, char **arguments)
{
    const double seconds = count > 1 ? atof(arguments[1]) : 1;
    state = count > 2 ? strtoull(arguments[2], NULL, 10)*2654435761u + 1 : 1;
    const clock_t start = clock();
    int64_t calls = 0;
    for (; (double)(clock() - start) < seconds*CLOCKS_PER_SEC || calls < 20; calls++) {
        const int64_t n = 1 + below(below(3) ? 70 : 900), D = 1 + below(below(3) ? 20 : 150);
        const int threads = 1 + (int)below(4);
        real *W = small_integers(CLASSES*D), *X = small_integers(n*D);
        real *dL = malloc((size_t)(CLASSES*D)*sizeof *dL);
        double *G = malloc((size_t)(CLASSES*D)*sizeof *G), L;
        int64_t *y = malloc((size_t)n*sizeof *y);
        for (int64_t i = 0; i < n; i++)
            y[i] = below(4) ? below(CLASSES) : CLASSES - 1;
        const int wrong = (int)below(8);
        if (wrong == 0)
            y[below(n)] = below(2) ? CLASSES + below(1000) : -1 - below(1000);
        if (wrong == 1)
            X[below(n*D)] = NAN;
        const int status = loss_and_gradient(n, D, W, X, y, threads, &L, dL);
        int right = status == (wrong == 0 ? 2 : wrong == 1 ? 3 : 0);
        if (right && status == 0) {
            right = L == expected(n, D, W, X, y, G)/(double)n;
            for (int64_t k = 0; k < CLASSES*D; k++)
                right &= dL[k] == (real)(G[k]/(double)n);
        }
        free(W), free(X), free(dL), free(G), free(y);
        if (!right) {
            printf("wrong: status %d, n = %d, D = %d, threads = %d\n", status, (int)n, (int)D,
                   threads);
            return 1;
        }
    }
    printf("%d calls\n", (int)calls);
    return 0;
}
"""


def source_for(loss, classes, width, dtype, machine, rng):
    """The source for a size, with the cost model's schedule or one that is off it."""
    lowered = lower(loss)
    schedule = choose(lowered, classes, width, dtype, machine)
    if rng.random() < 0.5:
        rows = rng.choice([8, 16, 40])
        schedule = replace(
            schedule,
            block_rows=rows,
            pass_rows=2 * rows if schedule.grouped else rows,
            chunk=rng.choice([1, 3, 16]),
            strip=rng.choice([schedule.tile_vectors, 15]),
            far_bytes=rng.choice([1, 2**30]),
        )
    return printed(lowered, classes, schedule)


def run(source, dtype, machine, seconds, seed):
    """Compiles the source with the program, runs it, and returns what it printed.

    Raises AssertionError for warnings, findings of the sanitizers and wrong results.
    """
    size = np.dtype(dtype).itemsize
    reals = ("-DREAL=float", "-DREAL_BYTES=4") if size == 4 else ()
    narrower = WIDTHS[machine.vector_bytes] if sys.platform == "linux" else ()
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, "fuzz")
        code = Path(folder, "fuzz.c")
        code.write_text(source + PROGRAM, encoding="utf-8")
        command = [*build.compiler(), *FLAGS, *SANITIZED, "-march=native", *narrower, *reals]
        subprocess.run([*command, code, "-o", program, "-lm"], check=True)
        done = subprocess.run(
            [program, str(seconds), str(seed)], capture_output=True, text=True, check=False
        )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def main():
    from derivation.multiclass_svm import svm

    parser = argparse.ArgumentParser(description="Fuzzes the fast kernel under the sanitizers.")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    end = time.monotonic() + 60 * options.minutes
    while time.monotonic() < end:
        classes = rng.choice([2, 3, 5, 10, 11, 20, 26, 33, 60, 130])
        dtype = rng.choice([np.float64, np.float32])
        width = rng.choice([1, 5, 64, 3000, 20000])
        machine = Machine(rng.choice([16, 32, 64]), rng.choice([16, 32]))
        source = source_for(svm, classes, width, dtype, machine, rng)
        found = run(source, dtype, machine, 10, rng.randrange(10**6))
        print(
            f"C = {classes}, {np.dtype(dtype)}, {machine.vector_bytes} bytes: {found}", flush=True
        )


if __name__ == "__main__":
    main()
