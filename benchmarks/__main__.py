"""The command: `python -m benchmarks`, or `make bench`. See `python -m benchmarks --help`."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from benchmarks import readme, stored
from benchmarks.measure import CLOCKS
from benchmarks.one_run import DEVIATIONS
from benchmarks.rivals import RIVALS, SLOW

#: (n, D, C) of the table.
SHAPES = (
    (60_000, 785, 10),
    (50_000, 3073, 10),
    (500, 3073, 10),
    (1797, 65, 10),
    (10_000, 257, 100),
    (4096, 1025, 1000),
)

#: Shapes of the figure: along n, along D and along C.
SWEEP = (
    *((n, 785, 10) for n in (10, 100, 1000, 10_000)),
    *((2000, D, 10) for D in (5, 17, 65, 257, 1025, 4097)),
    *((1000, 257, C) for C in (2, 3, 10, 30, 100, 300, 1000)),
)

#: The rows of the figure.
DRAWN = (
    "emitted: c-fast",
    "emitted: c",
    "NumPy by hand, W Xᵀ",
    "PyTorch, eager",
    "JAX, jit(value_and_grad)",
)

FOLDER = Path("build/benchmarks")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures, prints tables, writes JSON and draws the figure."""
    options = parsed(arguments)
    console = Console(width=None if sys.stdout.isatty() else 80)
    shapes = [shape for shape in SHAPES if options.only is None or shape in options.only]
    rivals, left_out = chosen_rivals(options)
    runs = [
        {"shape": shape, "dtype": dtype, "threads": threads, "violated": violated}
        | {"rivals": rivals, "left_out": left_out}
        for violated in options.violated
        for threads in options.threads
        for dtype in options.dtypes
        for shape in options.only or shapes
    ]
    if options.sweep:
        runs += [
            {"shape": shape, "dtype": "float64", "threads": 1, "violated": "most"}
            | {"rivals": list(DRAWN), "left_out": [], "sweep": True}
            for shape in SWEEP
        ]
    kind = stored.kind()
    console.print(kind, style="dim", highlight=False)
    results = []
    for result in measured(runs, options, console):
        results.append(result)
        if not result.get("sweep"):
            console.print(table([result]))
    now = stored.ratios(results, options.clock)
    before = stored.read().get(kind, {})
    console.print(compared(now, before))
    if options.store:
        stored.store(now)
        readme.write()
    found: dict[str, Any] = {"machine": machine(), "clock": options.clock, "runs": results}
    if options.costs:
        found["costs"] = costs()
        console.print(costs_table(found["costs"]))
    FOLDER.mkdir(parents=True, exist_ok=True)
    path = FOLDER / "benchmarks.json"
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    console.print(f"data: {path}", style="dim", highlight=False)
    if options.sweep:
        from benchmarks.figure import draw

        console.print(f"figure: {draw(results, FOLDER)}", style="dim", highlight=False)
    return 0


def parsed(arguments: Sequence[str] | None) -> argparse.Namespace:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Measures the emitted kernels and their rivals in turns, in one process for "
        "each shape, and prints how many times the floor each takes.",
    )
    parser.add_argument("--seconds", type=float, default=20, help="for each shape (default: 20)")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--dtypes", nargs="+", default=["float64", "float32"])
    parser.add_argument(
        "--violated",
        choices=list(DEVIATIONS),
        nargs="+",
        default=["most"],
        help="how many of the margins are: most, as at the start of training, or half of them, so "
        "that hardly two examples share their coefficients (default: most)",
    )
    parser.add_argument(
        "--clock",
        choices=sorted(CLOCKS),
        default="wall",
        help="wall: leaves out samples that were preempted; cpu: the process's own time, for one "
        "thread on a busy machine (default: wall)",
    )
    parser.add_argument(
        "--only",
        type=_shape,
        nargs="+",
        metavar="NxDxC",
        help="these shapes instead of the table's",
    )
    parser.add_argument("--rivals", nargs="+", metavar="ROW", help="rows that contain these words")
    parser.add_argument("--slow", action="store_true", help="also rows that compile for minutes")
    parser.add_argument("--sweep", action="store_true", help="also the shapes of the figure")
    parser.add_argument(
        "--store",
        action="store_true",
        help="keep these ratios for this kind of machine, in stored.json and README.md",
    )
    parser.add_argument("--costs", action="store_true", help="also what emitting and calling costs")
    return parser.parse_args(arguments)


def _shape(text: str) -> tuple[int, int, int]:
    n, D, C = (int(part) for part in text.lower().split("x"))
    return n, D, C


def chosen_rivals(options: argparse.Namespace) -> tuple[list[str], list[str]]:
    """The rows that are asked for, and those of them that compile for so long that they are not."""
    names = [name for name in RIVALS if any(word in name for word in options.rivals or [""])]
    left_out = [name for name in names if name in SLOW and not options.slow]
    return [name for name in names if name not in left_out], left_out


def measured(
    runs: Sequence[dict[str, Any]], options: argparse.Namespace, console: Console
) -> Iterator[dict[str, Any]]:
    """The result of each run, in a process of its own with so many threads and processors."""
    with Progress(console=console, transient=True) as bar:
        task = bar.add_task("", total=len(runs))
        for run in runs:
            n, D, C = run["shape"]
            bar.update(task, description=f"{n} × {D} × {C}, {run['dtype']}")
            seconds = options.seconds / (5 if run.get("sweep") else 1)
            result = in_a_process({**run, "seconds": seconds, "clock": options.clock})
            bar.advance(task)
            yield {**result, "sweep": run.get("sweep", False)}


def in_a_process(run: dict[str, Any]) -> dict[str, Any]:
    """The result of one run. Every library is told how many threads it may use."""
    threads = run["threads"]
    names = ("OMP", "OPENBLAS", "MKL", "NUMBA", "VECLIB_MAXIMUM")
    environment = {**os.environ, **{f"{name}_NUM_THREADS": str(threads) for name in names}}
    for limit_of_blas in ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE"):
        environment.pop(limit_of_blas, None)  # a rival is free to use all of the processor

    def limit() -> None:  # JAX has no such variable: it sees as many processors as there are
        if hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])

    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.one_run", json.dumps(run)],
        env=environment,
        preexec_fn=limit,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout.splitlines()[-1])


def costs() -> dict[str, Any]:
    from benchmarks.costs import measure

    return measure()


def machine() -> dict[str, Any]:
    """What the figures were measured on; nothing that names the machine."""
    import numpy

    return {"kind": stored.kind(), "numpy": numpy.__version__}


def table(results: Sequence[dict[str, Any]]) -> Table:
    """One table for each shape, its rows in the order of their times."""
    (result,) = results
    n, D, C = result["shape"]
    plural = "thread" if result["threads"] == 1 else "threads"
    title = f"n = {n}, D = {D}, C = {C} · {result['dtype']} · {result['threads']} {plural}"
    if result["violated"] != "most":
        title += f" · {result['violated']} of the margins violated"
    shown = Table(title=title, title_justify="left", box=None, pad_edge=False, title_style="bold")
    shown.add_column("kernel")
    shown.add_column("× floor", justify="right")
    shown.add_column("of c-fast", justify="right")
    shown.add_column("samples", justify="right")
    own = result["seconds"].get("emitted: c-fast")
    for name, ratio in sorted(result["times_the_floor"].items(), key=lambda item: item[1]):
        relative = f"{result['seconds'][name] / own:.2f} ×" if own else ""
        busy = " (busy)" if name in result["preempted"] else ""
        shown.add_row(name, f"{ratio:.2f}", relative, f"{result['samples'][name]}{busy}")
    for name, reason in result["missing"].items():
        shown.add_row(name, "–", reason, "", style="dim")
    return shown


def compared(
    now: Mapping[str, Mapping[str, float]], before: Mapping[str, Mapping[str, float]]
) -> str:
    """What takes longer than it did on this kind of machine, a line each."""
    known = stored.known(now, before)
    found = list(stored.regressions(now, before))
    lines = [
        f"slower: {each.kernel}, {each.run}: {each.now:.2f} floors, {each.before:.2f} before"
        for each in found
    ]
    much = f"by more than {100 * stored.MORE:.0f} %"
    return "\n".join([*lines, f"{len(found)} of {known} stored ratios are exceeded {much}"])


def costs_table(found: dict[str, Any]) -> Table:
    """What a kernel costs apart from its work."""
    shown = Table(
        title="besides", title_justify="left", box=None, pad_edge=False, title_style="bold"
    )
    for heading in ("target", "emit, compile", "from the cache", "memory"):
        shown.add_column(heading, justify="left" if heading == "target" else "right")
    for target, first in found["first"].items():
        if "missing" in first:
            shown.add_row(target, first["missing"], "", "", style="dim")
            continue
        cached, memory = found["cached"][target], found["memory"].get(target, {})
        of_x = f"{memory['of X']:.2f} of X" if "of X" in memory else ""
        shown.add_row(target, f"{sum(first.values()):.2f} s", f"{sum(cached.values()):.2f} s", of_x)
    reference = found["call"]["NumPy by hand, unchecked"]
    for name, seconds in found["call"].items():
        shown.add_row(f"one call: {name}", f"1/{reference / seconds:.1f} of NumPy by hand", "", "")
    return shown


if __name__ == "__main__":
    sys.exit(main())
