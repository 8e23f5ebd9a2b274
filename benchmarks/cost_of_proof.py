"""What deriving and proving cost as C and m grow.

    python benchmarks/cost_of_proof.py             measures, prints a table, writes
                                                   build/benchmarks/cost_of_proof.json
                                                   and docs/cost-of-proof.png
    python benchmarks/cost_of_proof.py --quick     up to C = 5, one run each, no picture

Each point is a process of its own, so that nothing is remembered from another, and the median of
three; the points are taken in turn, not one three times in a row. What is counted is the time of
the processor on one core, without starting Python and importing SymPy.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from derivation.multiclass_svm import notes, svm
from gradbook.any_size import derive
from gradbook.any_size.coefficients import claimed_coefficients
from gradbook.any_size.of_page import prove_for_any_size
from gradbook.page.cases import cases_at
from gradbook.prove import induction
from gradbook.prove.methods import METHODS
from gradbook.report import plots

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Point:
    """Something to measure: by which way, for how many classes and features."""

    way: str
    C: int
    m: int


def prove_page(method: int, C: int, m: int) -> None:
    """Every line for one label, y = ⌊C/2⌋ + 1."""
    for claim in (claim for line in notes for claim in line.claims if not claim.shape):
        for case in cases_at(notes, claim, {"C": C, "m": m}):
            stated = case.at.claim(claim, case.free)
            if stated is not None and set(case.at.labels.values()) <= {C // 2 + 1}:
                require(METHODS[method].decide(stated, case).holds)


def prove_any_size(C: int, m: int) -> None:
    for line in notes:
        found = prove_for_any_size(line)
        require(found is not None and found.holds)


def prove_by_induction(C: int, m: int) -> None:
    claimed = claimed_coefficients(notes)
    assert claimed is not None
    gradient = induction.coefficients_are(other=claimed.other, label=claimed.label)
    for statement in (gradient, *induction.STATEMENTS):
        require(statement.prove(svm).holds)


def derive_at_size(C: int, m: int) -> None:
    svm.gradient(C, m, label=C // 2)


def derive_any_size(C: int, m: int) -> None:
    derive(svm)


def require(holds: bool) -> None:
    if not holds:
        raise RuntimeError("a proof that is measured does not hold")


#: Each way, and what it does for a given C and m; those for any size do not look at them.
WAYS: Mapping[str, Callable[[int, int], None]] = {
    "prove, region by region": lambda C, m: prove_page(0, C, m),
    "prove, z3": lambda C, m: prove_page(1, C, m),
    "prove, any size": prove_any_size,
    "prove, induction": prove_by_induction,
    "derive, one size": derive_at_size,
    "derive, any size": derive_any_size,
}


def points(largest: int) -> list[Point]:
    """C = 2 … largest with m = 1, and m = 0 … 8 with C = 4."""
    in_C = [Point(way, C, 1) for C in range(2, largest + 1) for way in WAYS]
    in_m = [Point(way, 4, m) for m in (0, 2, 4, 8) for way in WAYS]
    return list(dict.fromkeys(in_C + in_m))


def seconds(point: Point) -> float:
    """What the point takes, on one core."""
    started = time.process_time()
    WAYS[point.way](point.C, point.m)
    return time.process_time() - started


def measure(chosen: Sequence[Point], runs: int) -> Iterator[tuple[Point, float]]:
    """Each point in a fresh process, all points once before any is run again."""
    for _ in range(runs):
        for point in chosen:
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
                yield point, process.submit(seconds, point).result()


def regions(C: int) -> int:
    """Open regions, over all labels."""
    return C * 2 ** (C - 1)


def table(found: Mapping[Point, float], largest: int) -> Table:
    shown = Table.grid(padding=(0, 2, 0, 0))
    heads = [way.replace("region by region", "regions") for way in WAYS]
    shown.add_row(" C", "regions", *heads, style="dim")
    for C in range(2, largest + 1):
        cells = (f"{found[Point(way, C, 1)]:.2f} s" for way in WAYS)
        shown.add_row(f" {C}", f"{regions(C):,}", *cells)
    return shown


def drawn(found: Mapping[Point, float], largest: int) -> plots.Figure:
    """Seconds against C, with the number of regions, and against m."""
    figure, (left, right) = plots.figure(10.0, 4.4, columns=2)
    classes, features = range(2, largest + 1), (0, 1, 2, 4, 8)
    styles = [
        (plots.ORANGE, "o-"),
        (plots.BLUE, "s-"),
        (plots.GREEN, "D-"),
        (plots.PURPLE, "^-"),
        (plots.ORANGE, "o:"),
        (plots.GREEN, "D:"),
    ]
    for way, (shade, style) in zip(WAYS, styles, strict=True):
        look = {"color": shade, "markersize": 4, "linewidth": 1.3, "fillstyle": "none"}
        left.plot(classes, [found[Point(way, C, 1)] for C in classes], style, label=way, **look)
        right.plot(features, [found[Point(way, 4, m)] for m in features], style, **look)
    left.set(yscale="log", xlabel="classes C  (m = 1, one label)", ylabel="seconds")
    right.set(yscale="log", xlabel="features m  (C = 4, one label)", ylabel="seconds")
    beside = left.twinx()
    beside.plot(classes, [regions(C) for C in classes], "--", color=plots.GREY, linewidth=1.2)
    beside.set_yscale("log")
    beside.set_ylabel("regions of all labels, $C\\,2^{C-1}$ (dashed)", color=plots.GREY)
    beside.spines[["top"]].set_visible(False)
    figure.legend(loc="outside lower center", ncols=3, frameon=False, fontsize="small")
    return figure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="small sizes, one run, no picture")
    quick = parser.parse_args().quick
    largest, runs = (5, 1) if quick else (10, 3)
    chosen = points(largest)
    taken: dict[Point, list[float]] = {point: [] for point in chosen}
    for point, time_taken in track(
        measure(chosen, runs), "measuring", total=len(chosen) * runs, transient=True
    ):
        taken[point].append(time_taken)
    found = {point: statistics.median(times) for point, times in taken.items()}

    Console(width=100).print(table(found, largest))
    data = {
        "machine": {"processor": platform.machine(), "python": platform.python_version()},
        "runs": runs,
        "points": [{**asdict(point), "seconds": value} for point, value in found.items()],
    }
    written = ROOT / "build" / "benchmarks" / "cost_of_proof.json"
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    print(f"wrote {written.relative_to(ROOT)}")
    if not quick:
        picture = ROOT / "docs" / "cost-of-proof.png"
        drawn(found, largest).savefig(
            picture, dpi=150, facecolor="white", metadata={"Software": None}
        )
        print(f"wrote {picture.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
