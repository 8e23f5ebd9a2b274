"""Pictures of the mathematics: the page's loss and its gradient, as drawn on a blackboard.

Each function returns a matplotlib Figure, in the manner of `plots`. What can be computed is: μ in a
region, the height of a surface and the place of a kink come from the loss itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from sympy import Expr, lambdify, latex

from gradbook.loss import Loss, scores
from gradbook.notation import as_written
from gradbook.report.plots import BLUE, GREEN, GREY, ORANGE, PURPLE, figure, picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: The colours of the regions, in the order of their sign patterns.
SHADES = ["white", BLUE, ORANGE, PURPLE, GREEN, GREY]


def margins(s: Sequence[Fraction | float], y: int) -> Figure:
    """The scores of one example on a line, and what each class j ≠ y adds to the loss of N3.

    s: the C scores; y: the correct class. Whatever lies right of s_y − 1 is too close, and pays for
    every bit of it.
    """
    from matplotlib.ticker import MaxNLocator

    drawn, (axes,) = figure(7.0, 0.9 + 0.45 * len(s))
    low, high = float(min(*s, s[y] - 1)) - 0.6, float(max(s)) + 1.1
    limit = float(s[y] - 1)
    axes.grid(visible=False)
    axes.axvspan(limit, high, color=ORANGE, alpha=0.10, linewidth=0)
    axes.axvline(limit, color="black", linestyle="--", linewidth=1.2)
    axes.text(limit, -0.72, f"$s_{y} - 1$", ha="center", va="bottom")
    for j, score in enumerate(s):
        pays = max(score - s[y] + 1, 0)
        if j != y and pays:
            axes.plot([limit, float(score)], [j, j], color=ORANGE, linewidth=5, alpha=0.6)
        axes.plot(float(score), j, "D" if j == y else "o", color=BLUE if j == y else "black")
        said = "the correct class" if j == y else f"adds {pays}"
        axes.text(float(score) + 0.12, j, said, va="center", fontsize="medium")
    axes.set(xlim=(low, high), ylim=(len(s) - 0.5, -0.75), xlabel="score")
    axes.set_yticks(range(len(s)), [f"$s_{j}$" for j in range(len(s))])
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    return drawn


def sum_of_terms(classes: int, y: int, violated: Sequence[int]) -> Figure:
    """N13 and N14 as blocks: one column of C rows for each class j ≠ y, and their sum.

    violated: the classes whose margin is violated; the others add nothing.
    """
    terms = {
        rf"$\nabla_W L_i^{{({j})}}$": [
            ((k == j) - (k == y)) * (j in violated) for k in range(classes)
        ]
        for j in range(classes)
        if j != y
    }
    terms[r"$\nabla_W L_i$"] = [sum(rows) for rows in zip(*terms.values(), strict=True)]
    drawn, axes = figure(1.75 * classes, 0.62 * classes + 0.5, classes)
    for each, (title, rows) in zip(axes, terms.items(), strict=True):
        _blocks(each, rows, title)
    for each, sign in zip(axes[1:], ["+"] * (classes - 2) + ["="], strict=True):
        each.text(-0.23, classes / 2, sign, ha="center", va="center", fontsize="x-large")
    names = [f"row {k}" + " = y" * (k == y) for k in range(classes)]
    axes[0].set_yticks(np.arange(classes) + 0.5, names)
    return drawn


def _blocks(axes: Axes, column: Sequence[int], title: str) -> None:
    """A column of rows count · x̃ᵀ: blue where added, orange where taken away."""
    for k, count in enumerate(column):
        shade = BLUE if count > 0 else ORANGE if count < 0 else "white"
        axes.fill_between(
            [0, 1], k, k + 1, facecolor=shade, alpha=0.3 * abs(count) ** 0.5, linewidth=0
        )
        axes.plot(
            [0, 1, 1, 0, 0], [k, k, k + 1, k + 1, k], color=GREY, linewidth=0.8, clip_on=False
        )
        number = "" if abs(count) == 1 else str(abs(count))
        said = rf"${'+' if count > 0 else '-'}{number}\tilde{{x}}^T$" if count else "0"
        axes.text(0.5, k + 0.5, said, ha="center", va="center", fontsize="large")
    axes.grid(visible=False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set(xlim=(0, 1), ylim=(len(column), 0), xticks=[], yticks=[])
    axes.set_title(title, fontsize="large", pad=10)


def regions(loss: Loss, y: int = 0, low: float = -4.0, high: float = 3.0) -> Figure:
    """The scores of C = 3 classes with s_y = 0: the regions, the kinks between them, μ in each."""
    drawn, (axes,) = figure(5.2, 5.2)
    s = _plane(y, low, high)
    _shaded(axes, loss, y, s)
    pattern = _pattern(loss, y, s)
    for number in np.unique(pattern):
        centre = [Fraction(float(part[pattern == number].mean())) for part in s]
        _, mu = loss.exact_at_scores(centre, y)
        said = rf"$\mu = ({', '.join(map(str, mu)).replace('-', '{-}')})$"
        first, second = (float(score) for j, score in enumerate(centre) if j != y)
        axes.text(first, second, said, ha="center", fontsize="large")
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    return drawn


def creases(loss: Loss, y: int = 0, low: float = -4.0, high: float = 3.0) -> Figure:
    """The loss of one example over the scores of C = 3 classes with s_y = 0: it folds at the kinks.

    Left the surface, right its contour lines; the regions have the colours of `regions`.
    """
    from matplotlib.colors import to_rgb

    drawn = picture(8.2, 4.1)
    solid, flat = drawn.add_subplot(121, projection="3d"), drawn.add_subplot(122)
    s = _plane(y, low, high)
    height = _at_scores(loss.at(3, y), s)
    names = _shaded(flat, loss, y, s)
    rows = flat.contour(*_axes_of(s, y), height, levels=range(1, 12), colors=GREY, linewidths=0.8)
    flat.clabel(rows, fontsize="small")

    pattern = _pattern(loss, y, [(part[1:, 1:] + part[:-1, :-1]) / 2 for part in s])
    order = {number: SHADES[i % len(SHADES)] for i, number in enumerate(np.unique(pattern))}
    faces = [[0.6 + 0.4 * np.array(to_rgb(order[number])) for number in row] for row in pattern]
    across, up = _axes_of(s, y)
    solid.plot_surface(
        across, up, height, facecolors=np.array(faces), rstride=1, cstride=1, shade=True
    )
    for u in loss.kinks(3, y):
        fold = np.isclose(np.abs(_at_scores(u, s)), 0)
        solid.plot(across[fold], up[fold], height[fold], color="black", linewidth=1.6, zorder=10)
    solid.view_init(elev=24, azim=-122)
    solid.set(xticks=range(-4, 3, 2), yticks=range(-4, 3, 2), zticks=range(0, 9, 2))
    solid.set(xlabel=names[0], ylabel=names[1])
    solid.text2D(0.07, 0.83, "$L_i$", transform=solid.transAxes)
    solid.set_box_aspect((1, 1, 0.75), zoom=0.95)
    return drawn


def at_scores(
    loss: Loss, s: Sequence[float], mu: Sequence[float], y: int, title: str = ""
) -> Figure:
    """Where the scores of C = 3 classes are among the regions, and the way downhill, −μ.

    Scores matter up to a common shift: the axes are what the two others have above s_y.
    """
    drawn, (axes,) = figure(4.6, 4.9)
    plane = _plane(y, -6.0, 6.0)
    names = _shaded(axes, loss, y, plane)
    height = _at_scores(loss.at(3, y), plane)
    rows = axes.contour(*_axes_of(plane, y), height, levels=8, colors=GREY, linewidths=0.6)
    axes.clabel(rows, fontsize="x-small")
    across, up = (score - s[y] for j, score in enumerate(s) if j != y)
    downhill = np.array([mu[y] - slope for j, slope in enumerate(mu) if j != y])
    if downhill.any():
        tip = (across, up) + 1.5 * downhill / np.hypot(*downhill)
        arrow = {"color": ORANGE, "arrowstyle": "->", "linewidth": 2}
        axes.annotate("", tip, (across, up), arrowprops=arrow)
    axes.texts[0].set_text(f"$y = {y}$")
    axes.plot(across, up, "o", color="black", markersize=8)
    axes.set(xlim=(-6, 6), ylim=(-6, 6))
    first, second = (f"{name[:-1]} - s_{y}$" for name in names)
    axes.set(xlabel=first, ylabel=second)
    axes.set_title(title, fontsize="medium", pad=34 if loss.kinks(3, y) else 8)
    if loss.kinks(3, y):
        axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2, frameon=False)
    return drawn


def _plane(y: int, low: float, high: float) -> list[np.ndarray]:
    """The three scores on a grid over the two that are not s_y; the grid has the integers."""
    line = np.linspace(low, high, 20 * round(high - low) + 1)
    s = [np.zeros((line.size, line.size))] * 3
    first, second = (j for j in range(3) if j != y)
    s[first], s[second] = np.meshgrid(line, line)
    return s


def _axes_of(s: Sequence[np.ndarray], y: int) -> list[np.ndarray]:
    return [score for j, score in enumerate(s) if j != y]


def _pattern(loss: Loss, y: int, s: Sequence[np.ndarray]) -> np.ndarray:
    """For each point a number that says which kinks' u are positive there."""
    signs = ((_at_scores(u, s) > 0) * 2**i for i, u in enumerate(loss.kinks(3, y)))
    return sum(signs, np.zeros(s[0].shape, dtype=int))


def _shaded(axes: Axes, loss: Loss, y: int, s: Sequence[np.ndarray]) -> list[str]:
    """The regions in their colours, a line for each kink; returns the names of the two axes."""
    across, up = _axes_of(s, y)
    pattern = _pattern(loss, y, s)
    for i, number in enumerate(np.unique(pattern)):
        shade = SHADES[i % len(SHADES)]
        axes.contourf(across, up, pattern == number, [0.5, 1.5], colors=[shade], alpha=0.2)
    for u, style in zip(loss.kinks(3, y), ["-", "--", ":", "-."] * 3, strict=False):
        axes.contour(
            across, up, _at_scores(u, s), [0], colors="black", linewidths=1.4, linestyles=style
        )
        axes.plot([], [], "k", linestyle=style, label=f"${latex(as_written(u), order='none')} = 0$")
    axes.text(across.min() + 0.15, up.min() + 0.15, f"$s_{y} = 0,\\ y = {y}$", color=GREY)
    names = [f"$s_{j}$" for j in range(3) if j != y]
    axes.set(aspect="equal", xlabel=names[0], ylabel=names[1])
    axes.grid(visible=False)
    axes.spines[["top", "right"]].set_visible(False)
    return names


def _at_scores(expr: Expr, s: Sequence[np.ndarray]) -> np.ndarray:
    """The values of an expression of the scores."""
    ours = {"hinge": lambda u, at_kink: np.maximum(u, 0)}
    return np.asarray(lambdify(scores(len(s)), expr, modules=[ours, "numpy"])(*s))


def fan_of_slopes(slopes: Sequence[float], reach: float = 2.0) -> Figure:
    """max(0, u), and through its corner the line a·u of each slope a: does it stay below?

    A slope in [0, 1] is drawn in blue; any other in orange, dashed, thick where it comes out above.
    """
    u = np.linspace(-reach, reach, 201)
    drawn, (axes,) = figure(6.4, 3.8)
    axes.fill_between(u, 0 * u, u, color=BLUE, alpha=0.12, linewidth=0)
    for a in sorted(slopes):
        works = 0 <= a <= 1
        shade = BLUE if works else ORANGE
        axes.plot(u, a * u, "-" if works else "--", color=shade, linewidth=1.3)
        above = a * u > np.maximum(u, 0)
        axes.plot(u[above], a * u[above], color=shade, linewidth=3)
        end = np.clip(reach * a, -0.75 * reach, 1.15 * reach) if a else 0.0
        where = (end / a if a else reach, end)
        axes.annotate(
            f" $a = {_fraction(a)}$", where, color=shade, va="center", annotation_clip=False
        )
    axes.plot(u, np.maximum(u, 0), color="black", linewidth=2.4)
    axes.text(-0.95 * reach, 0.12, r"$\max(0, u)$", va="bottom")
    axes.plot(0, 0, "o", color="black", markersize=6)
    axes.set(xlim=(-reach, reach), ylim=(-0.75 * reach, 1.15 * reach), xlabel="$u$")
    return drawn


def gaps(slopes: Sequence[float], reach: float = 2.0) -> Figure:
    """max(0, u) − a·u for each slope a: a subgradient's curve never goes below 0."""
    u = np.linspace(-reach, reach, 201)
    drawn, axes = figure(1.75 * len(slopes), 2.3, len(slopes))
    for a, each in zip(slopes, axes, strict=True):
        gap = np.maximum(u, 0) - a * u
        each.axhline(0, color="black", linewidth=0.8)
        each.plot(u, gap, color=BLUE if 0 <= a <= 1 else ORANGE, linewidth=2)
        each.fill_between(u, gap, 0, where=gap < 0, color=ORANGE, alpha=0.3, linewidth=0)
        each.set(xlim=(-reach, reach), ylim=(-reach, 1.5 * reach), xlabel="$u$")
        each.set_title(f"$a = {_fraction(a)}$", fontsize="medium")
        each.label_outer()
    return drawn


def _fraction(a: float) -> str:
    value = Fraction(a).limit_denominator(100)
    return str(value.numerator) if value.denominator == 1 else rf"{value}"
