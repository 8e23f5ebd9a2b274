"""Many judgements in a terminal of 80 columns: a row for each function, and what is common."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gradbook.report.judgement import MARKS, STYLES, WIDTH, plain, render, said_first, wrapped
from gradbook.submissions import RIGHT, Grades, Judged

_NAME = 34
_MOST_FAULTS = 5
#: What the functions were shut in with, and what that is good for.
SANDBOXES = {"bwrap": "bubblewrap", "none": "none, which holds accidents and no malice"}


def as_text(grades: Grades) -> str:
    """The judgements as plain text."""
    return plain(render_grades(grades))


def render_grades(grades: Grades) -> RenderableType:
    """One function in full; of several a row each, and the faults that they share."""
    if len(grades.judged) == 1:
        (one,) = grades.judged
        return render(one.judgement, one.target.shown, SANDBOXES[grades.sandbox])
    parts: list[RenderableType] = [
        Text.assemble((grades.asked, "bold"), (f" · {grades.loss}", "dim")),
        Text(f"sandbox: {SANDBOXES[grades.sandbox]}", style="dim"),
        Text(),
        *(row for one in grades.functions for row in _row(one)),
        *_without(grades),
        *_faults(grades),
        Text(),
        closing(grades),
    ]
    return Group(*parts)


def _row(one: Judged) -> list[RenderableType]:
    """File, function and verdict on a line; below it what is wrong, unless it is right."""
    judgement = one.judgement
    style = STYLES[judgement.status]
    file = Text(one.target.shown)
    file.truncate(_NAME, overflow="ellipsis", pad=True)
    name = Text(judgement.name)
    name.truncate(WIDTH - _NAME - 17, overflow="ellipsis", pad=True)
    mark = Text.assemble(" ", (MARKS[judgement.status], style), " ")
    rows: list[RenderableType] = [
        Text.assemble(mark, file, "  ", name, "  ", (judgement.status, style))
    ]
    said = said_first(judgement)
    if said:
        rows.append(wrapped(said, 5, "dim"))
    return rows


def _without(grades: Grades) -> list[RenderableType]:
    names = ", ".join(one.target.shown for one in grades.without)
    if not names:
        return []
    return [Text(), wrapped(f"without a function that looks like one: {names}", 1, "dim")]


def _faults(grades: Grades) -> list[RenderableType]:
    """The faults that several functions share."""
    shared = [(fault, count) for fault, count in grades.faults if count > 1]
    if not shared:
        return []
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(width=6, justify="right")
    table.add_column(width=WIDTH - 8)
    for fault, count in shared[:_MOST_FAULTS]:
        table.add_row(f"{count} ×", Text(fault))
    return [Text(), Text(" what several have in common", style="bold"), table]


def closing(grades: Grades) -> Text:
    """The last line: how many of each, and how long it took."""
    counted = [
        (f"{count:,} {status}", STYLES[status])
        for status, count in grades.counts.items()
        if count or status == RIGHT
    ]
    parts = [part for pair in counted for part in (pair, " · ")]
    took = (f"{grades.seconds:.1f} s",) if grades.seconds else ()
    return Text.assemble(*(parts if took else parts[:-1]), *took)
