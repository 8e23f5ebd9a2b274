"""What it costs to call a function in a process of its own: calls, and starting the process.

    python benchmarks/cost_of_isolation.py

The calls of both kinds alternate in rounds; each figure is the median over the rounds.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from gradbook.subjects import InProcess, Isolated, Subject

SOURCE = """\
import numpy as np
def svm_loss(W, X, y):
    n = np.arange(len(y))
    margins = X @ W - (X @ W)[n, y, None] + 1
    M = (margins > 0).astype(W.dtype)
    margins[n, y] = M[n, y] = 0
    M[n, y] = -M.sum(axis=1)
    return np.maximum(margins, 0).sum() / len(y), X.T @ M / len(y)
"""
ROUNDS, CALLS = 9, 200


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def a_thousand_calls(subject: Subject, n: int, D: int, C: int) -> float:
    """Seconds for 1,000 calls, from a round of fewer."""
    rng = np.random.default_rng(0)
    W, X, y = rng.normal(size=(D, C)), rng.normal(size=(n, D)), rng.integers(0, C, n)

    def calls() -> None:
        for _ in range(CALLS):
            subject(W, X, y)

    return seconds(calls) * 1000 / CALLS


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "mine.py")
        path.write_text(SOURCE, encoding="utf-8")
        space: dict[str, object] = {}
        exec(SOURCE, space)
        here, isolated = InProcess(space["svm_loss"]), Isolated(path, "svm_loss")  # type: ignore[arg-type]
        print("1,000 calls           in this process   in its own   ratio")
        for n, D, C in ((3, 4, 5), (50, 65, 10)):
            pairs = [
                (a_thousand_calls(here, n, D, C), a_thousand_calls(isolated, n, D, C))
                for _ in range(ROUNDS)
            ]
            one, other = (statistics.median(column) for column in zip(*pairs, strict=True))
            size = f"n = {n}, D = {D}, C = {C}"
            print(f"{size:<22}{one:>11.2f} s {other:>14.2f} s {other / one:>8.1f}")
        starts = [seconds(lambda: isolated.fresh().close()) for _ in range(ROUNDS)]
        print(f"a new process          {statistics.median(starts) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
