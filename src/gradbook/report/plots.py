"""Pictures of what was found. Each function returns a matplotlib Figure; none shows or saves it.

They need the extra `report` (matplotlib). Colours are chosen to be told apart on white and on black,
and by people who do not see red and green.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Blue, orange, bluish green, purple, grey: after Okabe and Ito (2008).
BLUE, ORANGE, GREEN, PURPLE, GREY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#888888"


def figure(width: float = 7.0, height: float = 4.0, columns: int = 1) -> tuple[Figure, list[Axes]]:
    """An empty figure, in inches, with `columns` pairs of axes side by side."""
    from matplotlib.figure import Figure

    drawn = Figure(figsize=(width, height), layout="constrained")
    axes = list(np.atleast_1d(drawn.subplots(1, columns)))
    for each in axes:
        each.spines[["top", "right"]].set_visible(False)
        each.grid(alpha=0.25, linewidth=0.6)
    return drawn, axes


def error_against_h(data: Mapping[str, ArrayLike], title: str = "") -> Figure:
    """The V: how far finite differences are from the gradient, for each step h.

    data: "h", "error" and "bound" (largest over the coordinates that cross no kink) and "crossed"
    (how many cross one), as the check "finite differences" keeps them.
    """
    h, error, bound, crossed = (
        np.asarray(data[name], dtype=float) for name in ("h", "error", "bound", "crossed")
    )
    drawn, (above,) = figure(7.0, 4.2)
    shown = error > 0
    above.loglog(h, bound, color=GREY, linestyle="--", linewidth=1.2, label="bound from rounding")
    above.loglog(h[shown], error[shown], "o-", color=BLUE, markersize=3.5, linewidth=1.2,
                 label="largest error, no kink crossed")
    above.set_xlabel("step h")
    above.set_ylabel("|difference quotient − gradient|")
    beside = above.twinx()
    beside.fill_between(h, crossed, step="mid", color=ORANGE, alpha=0.25, linewidth=0)
    beside.set_ylabel("coordinates that cross a kink", color=ORANGE)
    beside.tick_params(axis="y", colors=ORANGE)
    beside.spines[["top"]].set_visible(False)
    beside.set_ylim(bottom=0)
    above.legend(loc="upper center", frameon=False, fontsize="small")
    above.set_zorder(beside.get_zorder() + 1)
    above.patch.set_visible(False)
    if title:
        above.set_title(title, fontsize="medium", loc="left")
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
    """Each row of W, without its bias, as a picture of side × side pixels: blue for, orange against."""
    from matplotlib.colors import LinearSegmentedColormap
    from matplotlib.figure import Figure

    rows = np.asarray(W, dtype=float)[:, 1:]
    colours = LinearSegmentedColormap.from_list("for and against", [ORANGE, "white", BLUE])
    largest = np.abs(rows).max()
    columns = min(5, len(rows))
    drawn = Figure(figsize=(1.5 * columns, 1.7 * -(-len(rows) // columns)), layout="constrained")
    grid = np.atleast_1d(drawn.subplots(-(-len(rows) // columns), columns)).ravel()
    for each in grid:
        each.set_axis_off()
    for label, (axes, row) in enumerate(zip(grid, rows, strict=False)):
        axes.imshow(row.reshape(side, side), cmap=colours, vmin=-largest, vmax=largest)
        axes.set_title(f"$W_{{{label}}}$", fontsize="medium")
    return drawn


def regions(reach: float = 3.0) -> Figure:
    """The scores of C = 3 classes, y = 0, s_0 = 0: four regions, two kinks, and μ in each."""
    drawn, (axes,) = figure(5.6, 5.0)
    axes.grid(visible=False)
    shades = {(0, 0): "white", (1, 0): BLUE, (0, 1): ORANGE, (1, 1): PURPLE}
    for (first, second), shade in shades.items():
        s_1 = (-1, reach) if first else (-reach - 1, -1)
        s_2 = (-1, reach) if second else (-reach - 1, -1)
        axes.fill_between(s_1, *[(v, v) for v in s_2], color=shade, alpha=0.18, linewidth=0)
        mu = (-first - second, first, second)
        axes.text(sum(s_1) / 2, sum(s_2) / 2, _mu(mu), ha="center", va="center", fontsize="large")
    for line in (axes.axvline, axes.axhline):
        line(-1, color="black", linewidth=1.4)
    axes.text(-1.06, reach - 0.1, "$s_1 - s_0 + 1 = 0$", rotation=90, ha="right", va="top")
    axes.text(reach - 0.1, -1.06, "$s_2 - s_0 + 1 = 0$", ha="right", va="top")
    axes.set(xlim=(-reach - 1, reach), ylim=(-reach - 1, reach), aspect="equal")
    axes.set_xlabel("$s_1$   ($s_0 = 0$, $y = 0$)")
    axes.set_ylabel("$s_2$")
    return drawn


def _mu(values: Sequence[int]) -> str:
    return rf"$\mu = ({', '.join(map(str, values))})$"


def as_svg(drawn: Figure) -> str:
    """The figure as an <svg> element whose black follows the text colour of the page around it."""
    from matplotlib import rc_context

    buffer = io.StringIO()
    settings: dict[str, Any] = {"svg.hashsalt": "gradbook", "svg.fonttype": "none"}
    with rc_context(settings):
        drawn.savefig(buffer, format="svg", transparent=True, metadata={"Date": None})
    svg = buffer.getvalue()
    svg = svg[svg.index("<svg") :]
    # Text without a fill of its own, and the axes, are drawn in the colour of the text around.
    svg = svg.replace("stroke: #000000", "stroke: currentColor").replace("fill: #000000", "fill: currentColor")
    return svg.replace("<svg ", '<svg fill="currentColor" ', 1)
