"""Pictures of small experiments: what was measured, beside what was expected.

Each function returns a matplotlib Figure, in the manner of `plots`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import cycle
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from gradbook.loss import Loss
from gradbook.report.plots import BLUE, GREEN, GREY, ORANGE, PURPLE, figure, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: A colour, a marker and a dash for each curve, so that none depends on colour alone.
STYLES = ((BLUE, "o", "-"), (ORANGE, "s", "--"), (GREEN, "D", ":"), (PURPLE, "^", "-."))


def growth(counted: Mapping[str, Mapping[int, int]], across: str, up: str) -> Figure:
    """Counts, as dots, and the parabola through the last three of each, as far as 1000.

    counted: {name of the curve: {size: count}}; both axes are logarithmic.
    """
    drawn, (axes,) = figure(7.0, 4.2)
    for (name, counts), (shade, mark, dash) in zip(counted.items(), cycle(STYLES), strict=False):
        sizes, values = np.array(list(counts)), np.array(list(counts.values()))
        further = np.geomspace(sizes[-1], 1000, 40)
        parabola = np.polyfit(sizes[-3:], values[-3:], 2)
        axes.plot(sizes, values, mark, color=shade, markersize=5, label=name)
        axes.plot(further, np.polyval(parabola, further), dash, color=shade, linewidth=1.3)
    axes.set(xscale="log", yscale="log", xlabel=across, ylabel=up)
    axes.legend(frameon=False)
    return drawn


def on_log_scales(lines: Mapping[str, tuple[ArrayLike, ArrayLike]], across: str, up: str) -> Figure:
    """Several curves {name: (x, y)} with both axes logarithmic; what is 0 is left out.

    A name that begins with "bound" belongs to a grey dashed line without marks.
    """
    drawn, (axes,) = figure(7.0, 4.2)
    styles = cycle(STYLES)
    for name, pair in lines.items():
        x, y = (np.asarray(values, dtype=float) for values in pair)
        y = np.where(y > 0, y, np.nan)
        if name.startswith("bound"):
            axes.plot(x, y, "--", color=GREY, linewidth=1.2, label=name)
            continue
        shade, mark, _ = next(styles)
        axes.plot(x, y, mark + "-", color=shade, markersize=3.5, linewidth=1.0, label=name)
    axes.set(xscale="log", yscale="log", xlabel=across, ylabel=up)
    axes.legend(frameon=False, fontsize="medium")
    return drawn


def chords(
    loss: Loss,
    W: ArrayLike,
    X: ArrayLike,
    y: ArrayLike,
    entry: tuple[int, int],
    steps: Sequence[float],
    reach: float = 2.0,
) -> Figure:
    """The mean loss while one entry of W moves by t, and the chord from −h to h for each step h.

    W: (C, D), X: (n, D), y: (n,). A corner of the curve is a kink of the loss.
    """
    t = np.linspace(-reach, reach, 40 * round(2 * reach) + 1)

    def value(move: float) -> float:
        moved = np.array(W, dtype=float)
        moved[entry] += move
        return float(loss.exact(moved, X, y)[0])

    drawn, (axes,) = figure(7.0, 4.0)
    axes.plot(t, [value(move) for move in t], color="black", linewidth=1.8, label="the loss")
    for h, (shade, mark, dash) in zip(steps, STYLES, strict=False):
        low, high = value(-h), value(h)
        slope = (high - low) / (2 * h)
        axes.plot([-h, h], [low, high], mark, color=shade, markersize=7)
        middle = (low + high) / 2
        axes.plot(
            [-reach, reach],
            [middle - slope * reach, middle + slope * reach],
            dash,
            color=shade,
            linewidth=1.3,
            label=f"h = {Fraction(h)}: slope {Fraction(slope).limit_denominator(1000)}",
        )
    a, b = entry
    axes.set(xlabel=f"t, added to $W_{{{a}{b}}}$", ylabel="mean loss")
    axes.legend(frameon=False)
    return drawn


def where_margins_fall(groups: Mapping[str, ArrayLike]) -> Figure:
    """The two margins of examples of three classes, one pair of axes for each group.

    groups: {title: margins of shape (n, 2)}. Dots inside a region are blue; where a margin is
    exactly 0, on a crease, they are orange squares.
    """
    drawn, axes = figure(4.0 * len(groups), 4.1, len(groups))
    for each, (title, margins) in zip(axes, groups.items(), strict=True):
        u = np.asarray(margins, dtype=float)
        creased = (u == 0).any(axis=1)
        each.axhline(0, color="black", linewidth=1.2)
        each.axvline(0, color="black", linewidth=1.2)
        each.plot(*u[~creased].T, "o", color=BLUE, markersize=4, alpha=0.7)
        each.plot(*u[creased].T, "s", color=ORANGE, markersize=6)
        each.set(xlim=(-3.7, 3.7), ylim=(-3.7, 3.7), aspect="equal")
        each.set(xlabel="margin of one class", ylabel="margin of the other")
        each.set_title(title, fontsize="medium")
        each.grid(visible=False)
    return drawn


def boundaries(
    classifiers: Mapping[str, Callable[[np.ndarray], np.ndarray]],
    X: ArrayLike,
    y: ArrayLike,
    reach: float = 1.15,
) -> Figure:
    """The plane as classifiers see it: how probable class 1 is at each point, and where it is ½.

    classifiers: {title: points (k, 2) ↦ probabilities (k,)}. X: (n, 2), drawn as dots where their
    label in y, (n,), is 0, and as squares where it is 1.
    """
    from matplotlib.colors import LinearSegmentedColormap

    colours = LinearSegmentedColormap.from_list("class 0 to class 1", [BLUE, "white", ORANGE])
    points, labels = np.asarray(X, dtype=float), np.asarray(y)
    line = np.linspace(-reach, reach, 161)
    plane = np.stack(np.meshgrid(line, line), axis=-1)
    drawn, axes = figure(3.6 * len(classifiers), 3.8, len(classifiers))
    for each, (title, probability) in zip(axes, classifiers.items(), strict=True):
        p = probability(plane.reshape(-1, 2)).reshape(line.size, line.size)
        each.contourf(line, line, p, np.linspace(0, 1, 21), cmap=colours, alpha=0.55)
        each.contour(line, line, p, [0.5], colors="black", linewidths=1.2)
        for label, mark, shade in ((0, "o", BLUE), (1, "s", ORANGE)):
            each.plot(*points[labels == label].T, mark, color=shade, markersize=4, mec="white")
        each.set(aspect="equal", xticks=[], yticks=[])
        each.set_title(title, fontsize="medium")
        each.grid(visible=False)
        each.spines[:].set_visible(False)
    return drawn


def images(pixels: ArrayLike, labels: Sequence[int], columns: int = 10) -> Figure:
    """Square images, each below its label. pixels: (n, side²), dark where they are large."""
    rows = np.asarray(pixels, dtype=float)
    height = -(-len(rows) // columns)
    drawn = picture(0.8 * columns, 1.05 * height)
    grid = np.atleast_1d(drawn.subplots(height, columns)).ravel()
    for axes in grid:
        axes.set_axis_off()
    for axes, row, label in zip(grid, rows, labels, strict=False):
        _image(axes, row)
        axes.set_title(str(label), fontsize="medium", pad=3)
    return drawn


def misread(pixels: ArrayLike, scores: ArrayLike, labels: Sequence[int]) -> Figure:
    """Images with their scores below: blue the label's, orange the one that is larger.

    pixels: (n, side²); scores: (n, C).
    """
    rows, s = np.asarray(pixels, dtype=float), np.asarray(scores, dtype=float)
    drawn = picture(1.9 * len(rows), 3.4)
    above, below = drawn.subplots(2, len(rows), height_ratios=(1, 1.15), squeeze=False)
    classes = np.arange(s.shape[1])
    for image, bars, row, score, label in zip(above, below, rows, s, labels, strict=True):
        _image(image, row)
        image.set_axis_off()
        read = int(score.argmax())
        image.set_title(f"a {label}, read as {read}", fontsize="medium")
        shades = [BLUE if a == label else ORANGE if a == read else GREY for a in classes]
        bars.bar(classes, score, color=shades)
        bars.axhline(0, color="black", linewidth=0.8)
        bars.set_xticks(classes, [str(a) for a in classes], fontsize="small")
        bars.tick_params(axis="y", labelsize="small")
        bars.spines[["top", "right"]].set_visible(False)
    below[0].set_ylabel("score")
    return drawn


def _image(axes: Axes, row: np.ndarray) -> None:
    side = round(row.size**0.5)
    axes.imshow(row.reshape(side, side), cmap="gray_r", interpolation="nearest")
