"""What a kernel costs apart from its work: to emit, to compile, to call, and in memory.

Run as a process of its own by `benchmarks.__main__`; prints one JSON object.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import timeit
from typing import Any

import numpy as np

from benchmarks.one_run import problem
from benchmarks.rivals import NotHere, needs
from derivation.multiclass_svm import svm
from gradbook.emit import emit
from gradbook.kernels import by_hand

#: Targets, and what each needs to be emitted.
SIZES: dict[str, dict[str, int]] = {
    "c-fast": {},
    "c": {},
    "numpy": {},
    "jax": {},
    "torch": {},
    "codegen": {"classes": 10, "features": 2},
    "lambdify": {"classes": 10, "features": 2},
}


def first_call(target: str) -> dict[str, float]:
    """The seconds to emit, and those of the first and of the second call at C = 10, D = 3."""
    if target in ("jax", "torch"):
        needs(target)
    W, X, y = problem(64, 3, 10, "float64")
    start = time.perf_counter()
    kernel = emit(svm, target, **SIZES[target])
    emitted = time.perf_counter()
    kernel(W, X, y)
    called = time.perf_counter()
    return {"emit": emitted - start, "first call": called - emitted}


def in_a_process(function: str, target: str, cache: str) -> dict[str, Any]:
    """The result of `function` in a new process, with that folder as the compilers' cache."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.costs", function, target],
        env={**os.environ, "GRADBOOK_CACHE": cache},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        return {"missing": done.stderr.strip().splitlines()[-1].rpartition(": ")[2]}
    return json.loads(done.stdout.splitlines()[-1])


def call_overhead() -> dict[str, float]:
    """The seconds of one call at (n, D, C) = (1, 4, 3), checks of the arguments included."""
    W, X, y = problem(1, 4, 3, "float64")
    kernels: dict[str, Any] = {"NumPy by hand, unchecked": by_hand("multiclass_svm")[-1].function}
    for target in ("c-fast", "c", "numpy"):
        kernels[f"emitted: {target}"] = emit(svm, target)
    times: dict[str, list[float]] = {name: [] for name in kernels}
    for kernel in kernels.values():
        kernel(W, X, y)
    for _ in range(15):
        for name, kernel in kernels.items():
            arguments = {"kernel": kernel, "W": W, "X": X, "y": y}
            seconds = timeit.timeit("kernel(W, X, y)", globals=arguments, number=2000)
            times[name].append(seconds / 2000)
    return {name: float(np.median(samples)) for name, samples in times.items()}


def peak_memory(target: str) -> dict[str, float]:
    """By how much the peak of the process grows in one call, as a multiple of the size of X."""
    if target in ("jax", "torch"):
        needs(target)
    W, _, y = problem(20_000, 1, 10, "float64")
    W = np.repeat(W, 785, axis=1)
    X = np.random.default_rng(0).random((20_000, 785))  # without a copy that would be the peak
    kernel = by_hand("multiclass_svm")[-1] if target == "by hand" else emit(svm, target)
    kernel(W, X[:64], y[:64])
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kernel(W, X, y)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"of X": (after - before) * 1024 / X.nbytes}


def measure() -> dict[str, Any]:
    """All of it."""
    first, cached, memory = {}, {}, {}
    with tempfile.TemporaryDirectory() as cache:
        for target in SIZES:
            first[target] = in_a_process("first_call", target, cache)
            cached[target] = in_a_process("first_call", target, cache)
        for target in ("c-fast", "c", "numpy", "jax", "torch", "by hand"):
            memory[target] = in_a_process("peak_memory", target, cache)
    return {"first": first, "cached": cached, "call": call_overhead(), "memory": memory}


if __name__ == "__main__":
    try:
        print(
            json.dumps(
                {"first_call": first_call, "peak_memory": peak_memory}[sys.argv[1]](sys.argv[2])
            )
        )
    except NotHere as reason:
        sys.exit(f"NotHere: {reason}")
