"""Train a classifier on more examples than memory holds, and let other processes help.

    python examples/larger_than_memory.py FOLDER --gigabytes 4 --memory 1 --workers 2

writes X.npy and y.npy into FOLDER, unless they are there, and takes some steps of gradient descent
on the multi-class SVM loss. No process may have more than --memory gigabytes of address space, so
that none can map the data as a whole; each maps one chunk at a time.

On a cluster the same step is `map=client.map`, with a Client of Dask and a folder that all see.
"""

import argparse
import resource
from pathlib import Path

import numpy as np

from derivation.multiclass_svm import svm
from gradbook import chunks, emit

CLASSES, WIDTH, ROWS = 10, 785, 2**13


def write(folder: Path, gigabytes: float) -> None:
    """Examples around one centre for each class, a chunk at a time."""
    rng = np.random.default_rng(0)
    centres = 0.1 * rng.standard_normal((CLASSES, WIDTH), np.float32)
    count = max(1, round(gigabytes * 2**30 / (ROWS * WIDTH * 4)))
    form = {"descr": "<f4", "fortran_order": False, "shape": (count * ROWS, WIDTH)}
    labels = rng.integers(0, CLASSES, count * ROWS)
    with (folder / "X.npy").open("wb") as file:
        np.lib.format.write_array_header_1_0(file, form)
        for first in range(0, len(labels), ROWS):
            noise = rng.standard_normal((ROWS, WIDTH), np.float32)
            noise += centres[labels[first : first + ROWS]]
            noise[:, 0] = 1  # for the bias
            file.write(noise.tobytes())
    np.save(folder / "y.npy", labels)


def limit(gigabytes: float) -> None:
    """No more address space than that for this process."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (int(gigabytes * 2**30), hard))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--gigabytes", type=float, default=4, help="of data (default: 4)")
    parser.add_argument("--memory", type=float, default=1, help="gigabytes (default: 1)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2)")
    parser.add_argument("--steps", type=int, default=3, help="of gradient descent (default: 3)")
    options = parser.parse_args()
    if not (options.folder / "y.npy").exists():
        write(options.folder, options.gigabytes)
    kernel = emit(svm, "c-fast")
    W = np.zeros((CLASSES, WIDTH), np.float32)
    source = chunks.rows(options.folder / "X.npy", options.folder / "y.npy", ROWS)
    limit(options.memory)
    start = {"initializer": limit, "initargs": (options.memory,)}
    with chunks.Processes(options.workers, **start) as processes:
        for step in range(options.steps):
            loss, gradient = chunks.over(kernel, source, W, map=processes.map).mean
            W -= 0.01 * gradient.astype(W.dtype)
            print(f"step {step}: loss {loss:.6f}")


if __name__ == "__main__":
    main()
