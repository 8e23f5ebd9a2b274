"""Many judgements in a terminal of 80 columns: a row for each function, and what is common."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gradbook.report.judgement import MARKS, STYLES, render, said_first
from gradbook.report.plain import WIDTH, grid, plain, wrapped
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
        told = render(one.judgement, one.target.shown, SANDBOXES[grades.sandbox], grades.seed)
        return Group(told, *_left_out(grades))
    parts: list[RenderableType] = [
        Text.assemble((grades.asked, "bold"), (f" · {', '.join(grades.losses)}", "dim")),
        Text(f"sandbox: {SANDBOXES[grades.sandbox]} · seed {grades.seed}", style="dim"),
        Text(),
        *(row for one in grades.judged for row in _row(one, len(grades.losses) > 1)),
        *_left_out(grades),
        *_passed_over(grades),
        *_faults(grades),
        Text(),
        closing(grades),
    ]
    return Group(*parts)


def _row(one: Judged, several: bool) -> list[RenderableType]:
    """File, function and verdict; below it what is wrong, or why it is not judged, and how so.

    several: whether it is said by which loss it was judged. A long name is folded, and never cut to
    what many have in common.
    """
    judgement = one.judgement
    style = STYLES[judgement.status]
    row = Table.grid(padding=(0, 1))
    for width in (1, _NAME, WIDTH - _NAME - 19, 10):
        row.add_column(width=width, overflow="fold")
    mark, verdict = Text(MARKS[judgement.status], style), Text(judgement.status, style)
    row.add_row(mark, Text(one.target.shown), Text(judgement.name), verdict)
    loss, said = judgement.loss * several, said_first(judgement)
    parts = (f"by {loss}" * bool(loss), judgement.code * bool(said), said)
    told = ": ".join(part for part in parts if part)
    below = [wrapped(told, 5, "dim")] if told else []
    return [Padding(row, (0, 0, 0, 1)), *below]


def _left_out(grades: Grades) -> Iterator[RenderableType]:
    """The functions that look like no loss, by the reasons."""
    names: dict[str, list[str]] = {}
    for one in grades.left_out:
        names.setdefault(one.judgement.reason, []).append(str(one.target))
    for why, those in names.items():
        yield Text()
        yield wrapped(f"left out, {why}: {', '.join(those)}", 1, "dim")


def _passed_over(grades: Grades) -> list[RenderableType]:
    if not grades.passed_over:
        return []
    return [Text(), wrapped(f"passed over: {', '.join(grades.passed_over)}", 1, "dim")]


def _faults(grades: Grades) -> list[RenderableType]:
    """The faults that several functions share."""
    shared = [(fault, count) for fault, count in grades.faults if count > 1]
    if not shared:
        return []
    table = grid({"width": 6, "justify": "right"}, {"width": WIDTH - 8}, gap=1)
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
