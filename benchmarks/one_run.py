"""One shape, one dtype, one number of threads: everything in one process, in turns.

Run as a process of its own by `benchmarks.__main__`, which has limited the libraries' threads and
the processors before anything was imported; prints one JSON object.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

import numpy as np

from benchmarks.floors import Floors
from benchmarks.measure import CLOCKS, in_turns
from benchmarks.rivals import RIVALS, NotHere

#: The standard deviation of W: with the first, most margins are violated, as at the start of
#: training; with the second about half of them, and hardly two examples have the same ones.
DEVIATIONS = {"most": 0.01, "half": 1.0}


def problem(
    n: int, D: int, C: int, dtype: str, violated: str = "most"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W, X and y, random, with most margins violated or half of them."""
    rng = np.random.default_rng(0)
    X = rng.random((n, D), np.float32).astype(dtype)
    X[:, 0] = 1
    W = (rng.standard_normal((C, D)) * DEVIATIONS[violated]).astype(dtype)
    return W, X, rng.integers(0, C, n)


def run(options: dict[str, Any]) -> dict[str, Any]:
    """The times of all rivals, and of the floors, for one problem."""
    n, D, C = options["shape"]
    dtype, threads, clock = options["dtype"], options["threads"], CLOCKS[options["clock"]]
    W, X, y = problem(n, D, C, dtype, options["violated"])
    if dtype == "float64" and "jax" in str(options["rivals"]).lower():
        _jax_in_float64()
    floors = Floors(dtype)
    works: dict[str, Any] = {"reading": lambda: floors.reading(X)}
    missing = dict.fromkeys(options["left_out"], "left out: compiles for long (--slow)")
    reference: tuple[float, np.ndarray] | None = None
    for name in options["rivals"]:
        try:
            works[name] = RIVALS[name](W, X, y, threads)
            result = works[name]()
        except NotHere as reason:
            works.pop(name, None)
            missing[name] = str(reason)
            continue
        except Exception as error:  # a library that fails must not end the others' race
            works.pop(name, None)
            missing[name] = f"{type(error).__name__}: {str(error).splitlines()[0][:60]}"
            continue
        if name == "two bare products, BLAS":
            continue
        loss, gradient = float(result[0]), np.asarray(result[1])
        if reference is None:
            reference = loss, gradient
        elif not agree(reference, (loss, gradient), dtype):
            works.pop(name)
            missing[name] = f"wrong: its loss is {loss:.6g}, not {reference[0]:.6g}"
    operations: list[float] = []
    works["operations"] = lambda: operations.append(floors.operations(n, D, C, clock.now))
    timings = in_turns(works, options["seconds"], clock)
    times = {name: timing.seconds for name, timing in timings.items()}
    times["operations"] = float(np.median(operations))
    floor = max(times.pop("reading"), times.pop("operations")) / threads
    return {
        "shape": [n, D, C],
        "dtype": dtype,
        "threads": threads,
        "violated": options["violated"],
        "floor_seconds": floor,
        "seconds": times,
        "times_the_floor": {name: seconds / floor for name, seconds in times.items()},
        "samples": {name: timings[name].samples for name in times},
        "preempted": sorted(name for name in times if timings[name].preempted),
        "missing": missing,
    }


def agree(a: tuple[float, np.ndarray], b: tuple[float, np.ndarray], dtype: str) -> bool:
    """To a thousand roundings: enough to notice another formula."""
    tolerance = 1e-3 if dtype == "float32" else 1e-9
    scale = np.abs(a[1]).max()
    return bool(
        abs(a[0] - b[0]) <= tolerance * abs(a[0]) and np.abs(a[1] - b[1]).max() <= tolerance * scale
    )


def _jax_in_float64() -> None:
    try:
        import jax
    except ImportError:
        return
    jax.config.update("jax_enable_x64", True)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(run(json.loads(sys.argv[1]))))
