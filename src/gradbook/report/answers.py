"""The answers to a page, for a notebook: a table, with the formulas as written, and a picture."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from gradbook.report.plots import BLUE, GREY, ORANGE
from gradbook.report.plots import picture as empty
from gradbook.verify.answers import Answer, Answers, Kind

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_MARKS: dict[Kind, str] = {"proved": "✓", "refuted": "✗", "undecided": "?", "unread": "–"}
_COLOURS: dict[Kind, str] = {"proved": BLUE, "refuted": ORANGE, "undecided": GREY, "unread": GREY}
_WORDS: dict[Kind, str] = {
    "proved": "proved",
    "refuted": "false",
    "undecided": "undecided",
    "unread": "cannot be read",
}
_COLUMNS = 12


def as_text(found: Answers) -> str:
    rows = (f"{_line(found, a):>5}  {a.latex}\n       {_answer(a)}" for a in found.all)
    return "\n".join(rows)


def as_markdown(found: Answers) -> str:
    rows = ["| line | as it is written | the answer |", "|---|---|---|"]
    for answer in found.all:
        words = _answer(answer).replace("|", "¦")
        rows.append(f"| {_line(found, answer)} | {_formula(answer)} | {words} |")
    return "\n".join(rows)


def picture(found: Answers) -> Figure:
    """A square for each answer, in the order of the page."""
    from matplotlib.patches import Rectangle

    rows = -(-len(found.all) // _COLUMNS)
    drawn = empty(7.0, 0.5 + 0.58 * rows)
    axes = drawn.add_subplot()
    for place, answer in enumerate(found.all):
        row, column = divmod(place, _COLUMNS)
        colour, alpha = _COLOURS[answer.kind], 0.25 if answer.kind == "unread" else 0.9
        axes.add_patch(Rectangle((column, row), 0.9, 0.9, facecolor=colour, alpha=alpha))
        axes.text(column + 0.45, row + 0.45, _MARKS[answer.kind], ha="center", va="center")
    counts = {kind: sum(answer.kind == kind for answer in found.all) for kind in _MARKS}
    title = ", ".join(f"{count} {_WORDS[kind]}" for kind, count in counts.items() if count)
    axes.set(xlim=(-0.1, _COLUMNS), ylim=(rows, -0.1), title=title)
    axes.set_aspect("equal")
    axes.set_axis_off()
    return drawn


def _line(found: Answers, answer: Answer) -> int:
    return found.page.source.position(answer.span.start)[0]


def _answer(answer: Answer) -> str:
    return f"{_MARKS[answer.kind]} {answer.said or _WORDS[answer.kind]}"


def _formula(answer: Answer) -> str:
    """A formula; what cannot be read as it was typed."""
    if answer.kind == "unread":
        short = textwrap.shorten(answer.latex, 60, placeholder=" …")
        return f"`{short.replace('|', '¦')}`"
    latex = answer.latex.replace(r"\|", r"\Vert ").replace("|", r"\vert ")
    return rf"$\displaystyle {latex}$"
