"""The figure: time of one call against n, D and C, on logarithmic axes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

#: What each panel varies, its place in (n, D, C), and what the others are.
PANELS = (("n", 0, (None, 785, 10)), ("D", 1, (2000, None, 10)), ("C", 2, (1000, 257, None)))

#: Told apart also without colour.
STYLES = (
    ("#0072b2", "o", "-"),
    ("#d55e00", "s", "--"),
    ("#009e73", "^", "-."),
    ("#cc79a7", "D", ":"),
    ("#777777", "v", "-"),
)


def draw(results: Sequence[dict[str, Any]], folder: Path) -> Path:
    """Draws the runs of the sweep that were made in float64 on one thread; returns the file."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    runs = [run for run in results if run["dtype"] == "float64" and run["threads"] == 1]
    figure, axes = pyplot.subplots(1, 3, figsize=(11, 3.6), sharey=True, layout="constrained")
    names = list(dict.fromkeys(name for run in runs if run["sweep"] for name in run["seconds"]))
    for axis, (letter, at, fixed) in zip(axes, PANELS, strict=True):
        along = sorted(
            (run for run in runs if _matches(run["shape"], fixed)), key=lambda run: run["shape"][at]
        )
        for name, (colour, marker, line) in zip(names, STYLES, strict=False):
            points = [
                (run["shape"][at], run["seconds"][name]) for run in along if name in run["seconds"]
            ]
            if points:
                axis.plot(
                    *zip(*points, strict=True),
                    color=colour,
                    marker=marker,
                    ls=line,
                    ms=4,
                    label=name,
                )
        axis.plot(
            [run["shape"][at] for run in along],
            [run["floor_seconds"] for run in along],
            color="black",
            lw=1,
            label="the floor",
        )
        others = ", ".join(
            f"{other} = {value}" for other, value in zip("nDC", fixed, strict=True) if value
        )
        axis.set(xscale="log", yscale="log", xlabel=letter, title=others)
        axis.grid(True, which="major", alpha=0.3)
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("seconds for one call")
    axes[0].legend(frameon=False, fontsize=8)
    path = folder / "benchmarks.png"
    figure.savefig(path, dpi=150, facecolor="white")
    pyplot.close(figure)
    return path


def _matches(shape: Sequence[int], fixed: Sequence[int | None]) -> bool:
    return all(value is None or value == own for own, value in zip(shape, fixed, strict=True))
