"""What was measured before on a machine of the same kind, and what takes longer now.

A kind is what the speed of an emitted kernel depends on and can be asked for: the width and the
number of vector registers, and the sizes of the caches. Stored are ratios, one for each run and
row of its table; `python -m benchmarks --store` writes those of this kind anew, and with them the
tables of README.md.
"""

from __future__ import annotations

import json
import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gradbook.emit.fast.schedule import Machine, cache_size

PATH = Path(__file__).parent / "stored.json"

#: A ratio that is larger than the stored one by more than this is a regression.
MORE = 0.1

#: Kind → run → kernel → times the floor.
Stored = dict[str, dict[str, dict[str, float]]]


@dataclass(frozen=True)
class Regression:
    """A kernel that takes more floors than it did on this kind of machine."""

    run: str
    kernel: str
    before: float
    now: float


def kind() -> str:
    """The kind of this machine; nothing that names it."""
    here = Machine.here()
    caches = (here.first_cache, here.second_cache, cache_size(3, 0))
    sizes = ", ".join(f"{size // 2**10} KiB" if size else "unknown" for size in caches)
    vectors = f"{here.vector_registers} vectors of {8 * here.vector_bytes} bits"
    return f"{platform.machine()}, {vectors}, caches of {sizes}"


def read(path: Path = PATH) -> Stored:
    """All that is stored."""
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}


def ratios(results: Sequence[Mapping[str, Any]], clock: str) -> dict[str, dict[str, float]]:
    """Run → row of the table → times the floor."""
    return {
        named(result, clock): {
            name: round(ratio, 2) for name, ratio in result["times_the_floor"].items()
        }
        for result in results
        if not result.get("sweep")
    }


def named(result: Mapping[str, Any], clock: str) -> str:
    """What a run was, in words. Of one thread either clock says the same."""
    n, D, C = result["shape"]
    of = f"{result['dtype']}, threads: {result['threads']}, {result['violated']} violated"
    return f"{n} × {D} × {C}, {of}" + (f", {clock} clock" if result["threads"] > 1 else "")


def regressions(
    now: Mapping[str, Mapping[str, float]], before: Mapping[str, Mapping[str, float]]
) -> Iterator[Regression]:
    """The emitted kernels whose ratio is larger by more than MORE, run by run."""
    for run, kernels in now.items():
        for kernel, ratio in kernels.items():
            known = before.get(run, {}).get(kernel)
            if _emitted(kernel) and known is not None and ratio > known * (1 + MORE):
                yield Regression(run, kernel, known, ratio)


def known(now: Mapping[str, Mapping[str, float]], before: Mapping[str, Mapping[str, float]]) -> int:
    """Of how many emitted kernels a ratio is stored."""
    return sum(
        _emitted(kernel) and kernel in before.get(run, {})
        for run, of in now.items()
        for kernel in of
    )


def _emitted(row: str) -> bool:
    return row.startswith("emitted")


def store(now: Mapping[str, Mapping[str, float]], path: Path = PATH) -> None:
    """Writes what was measured now; what else is known of this kind, and others, stays."""
    stored = read(path)
    stored[kind()] = {**stored.get(kind(), {}), **{run: dict(of) for run, of in now.items()}}
    path.write_text(json.dumps(stored, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
