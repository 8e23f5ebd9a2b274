"""Pictures of what was found. Each function returns a matplotlib Figure.

None shows or saves it: in a notebook, a figure that ends a cell is shown as a PNG, the same bytes
each time. They need the extra `report` (matplotlib). Colours are chosen to be told apart on white
and on black, and by people who do not see red and green.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from functools import cache
from html import escape
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Blue, orange, bluish green, purple, grey: after Okabe and Ito (2008).
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#888888"


@cache
def _picture_class() -> type[Figure]:
    from matplotlib.figure import Figure

    class Picture(Figure):
        """A figure that a notebook shows without being told to, sharp on a dense screen."""

        def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
            buffer = io.BytesIO()
            self.savefig(buffer, format="png", dpi=2 * self.dpi, metadata={"Software": None})
            width, height = self.get_size_inches() * self.dpi
            return buffer.getvalue(), {"width": round(width), "height": round(height)}

    return Picture


def picture(width: float, height: float) -> Figure:
    """An empty figure without axes, in inches."""
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.1, h_pad=0.1)
    return _picture_class()(figsize=(width, height), layout=layout)


def figure(width: float = 7.0, height: float = 4.0, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """An empty figure, in inches, with `columns` pairs of axes side by side."""
    drawn = picture(width, height)
    axes = list(np.atleast_1d(drawn.subplots(1, columns)))
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)
        each.grid(alpha=0.25, linewidth=0.6)
    return drawn, axes


def error_against_h(data: Mapping[str, ArrayLike], title: str = "") -> Figure:
    """The V: how far finite differences are from the gradient, for each step h.

    data: as the check "finite differences" keeps it, one entry for each "h": "error" and "bound",
    the largest over the coordinates whose step crosses no kink; "crossed", how many do cross one,
    and "error of the crossed", how wrong the difference quotient is there.
    """
    h, error, bound, crossed, across = (
        np.asarray(data[name], dtype=float)
        for name in ("h", "error", "bound", "crossed", "error of the crossed")
    )
    drawn, (axes,) = figure(7.0, 4.2)
    axes.set(xscale="log", yscale="log", xlabel="step h")
    axes.set_ylabel("|difference quotient − gradient|")
    axes.plot(h, bound, color=GREY, linestyle="--", linewidth=1.2, label="bound from rounding")
    shown = error > 0
    axes.plot(
        h[shown],
        error[shown],
        "o-",
        color=BLUE,
        markersize=3.5,
        linewidth=1.2,
        label="no kink crossed: the largest error",
    )
    if crossed.any():
        axes.plot(
            h[crossed > 0],
            across[crossed > 0],
            "s-",
            color=ORANGE,
            markersize=3.5,
            linewidth=1.2,
            label="a kink crossed: left out, and counted",
        )
        for step, height, count in zip(h, across, crossed.astype(int), strict=True):
            if count:
                axes.annotate(
                    str(count),
                    (step, height),
                    (0, 5),
                    textcoords="offset points",
                    ha="center",
                    fontsize="x-small",
                    color=ORANGE,
                )
    axes.legend(loc="lower left", frameon=False, fontsize="small")
    if title:
        axes.set_title(title, fontsize="medium", loc="left")
    return drawn


def training_curve(losses: Sequence[float], accuracies: Sequence[float] | None = None) -> Figure:
    """The loss after each epoch, and the accuracy on examples not trained on."""
    drawn, (axes,) = figure(7.0, 3.6)
    axes.plot(losses, "o-", color=BLUE, markersize=3.5)
    axes.set_xlabel("epoch")
    axes.set_ylabel("mean loss", color=BLUE)
    if accuracies is not None:
        beside = axes.twinx()
        beside.plot(accuracies, "s-", color=ORANGE, markersize=3)
        beside.set_ylabel("test accuracy", color=ORANGE)
        beside.spines[["top"]].set_visible(False)
    return drawn


def rows_as_images(W: ArrayLike, side: int = 8) -> Figure:
    """Each row of W, without its bias, as side × side pixels: blue for, orange against."""
    from matplotlib.colors import LinearSegmentedColormap

    rows = np.asarray(W, dtype=float)[:, 1:]
    colours = LinearSegmentedColormap.from_list("for and against", [ORANGE, "white", BLUE])
    largest = np.abs(rows).max()
    columns = min(5, len(rows))
    drawn = picture(1.5 * columns, 1.7 * -(-len(rows) // columns))
    grid = np.atleast_1d(drawn.subplots(-(-len(rows) // columns), columns)).ravel()
    for each in grid:
        each.set_axis_off()
    for label, (axes, row) in enumerate(zip(grid, rows, strict=False)):
        axes.imshow(row.reshape(side, side), cmap=colours, vmin=-largest, vmax=largest)
        axes.set_title(f"$W_{{{label}}}$", fontsize="medium")
    return drawn


def curves(
    lines: Mapping[str, ArrayLike], across: str, up: str, at: ArrayLike | None = None
) -> Figure:
    """Curves over `at`, or 0, 1, 2, …, told apart by colour, marker and dash; the 21st is as the
    first.
    """
    drawn, (axes,) = figure(6.4, 3.6)
    shades = cycle((BLUE, ORANGE, GREEN, PURPLE, GREY))
    styles = zip(shades, cycle("osD^"), cycle(("-", "--", ":", "-.")), strict=True)
    for (name, values), (shade, mark, dash) in zip(lines.items(), styles, strict=False):
        x = np.arange(np.size(values)) if at is None else at
        axes.plot(x, values, mark + dash, color=shade, markersize=4.5, fillstyle="none", label=name)
    axes.set(xlabel=across, ylabel=up)
    axes.legend(frameon=False)
    return drawn


def as_svg(drawn: Figure, words: str) -> str:
    """The figure as an <svg> element whose black follows the text colour of the page around it.

    words: what it shows, for who does not see it.
    """
    from matplotlib import rc_context

    buffer = io.StringIO()
    settings: Any = {"svg.hashsalt": "gradbook", "svg.fonttype": "none"}
    with rc_context(settings):
        drawn.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    # Text without a fill of its own, and the axes, are drawn in the colour of the text around.
    svg = svg.replace("stroke: #000000", "stroke: currentColor").replace(
        "fill: #000000", "fill: currentColor"
    )
    return svg.replace(
        "<svg ", f'<svg fill="currentColor" role="img" aria-label="{escape(words)}" ', 1
    )
