"""A judgement in a terminal of 80 columns: what is wrong, how that shows, and what was asked."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gradbook.judge import Finding, Judgement, Mend, Row
from gradbook.report.plain import WIDTH, grid, plain, wrapped

STYLES = {"right": "green", "wrong": "bold red", "not judged": "yellow"}
MARKS = {"right": "✓", "wrong": "✗", "not judged": "–"}
HEADS = ("what multiplies x̃", "right", "found", "")
MENDED = "with one change it is right"
_HEAD = 12


def as_text(judgement: Judgement) -> str:
    """The judgement as plain text."""
    return plain(render(judgement))


def render(
    judgement: Judgement, shown: str = "", sandbox: str = "", seed: int = 0
) -> RenderableType:
    """The judgement for a rich console. shown: the file, where there is one; sandbox: in words;
    seed: of the questions.
    """
    style = STYLES[judgement.status]
    head = Text.assemble((judgement.name or shown, "bold"))
    if judgement.name and shown:
        head.append(f" · {shown}", style="dim")
    head.truncate(WIDTH, overflow="ellipsis")
    parts: list[RenderableType] = [
        head,
        Text.assemble((f"{MARKS[judgement.status]} {verdict(judgement)}", style)),
    ]
    if judgement.reason:
        parts.append(wrapped(judgement.reason, 2))
    if judgement.findings:
        parts.append(Text())
        # The first one's example stands below, as Python.
        parts += [
            _finding(number, one, number > 1 or not judgement.example)
            for number, one in enumerate(judgement.findings, 1)
        ]
    if judgement.mend is not None:
        parts += [Text(), _mend(judgement.mend)]
    if not all(row.agrees for row in judgement.table):
        parts += [Text(), Padding(_table(judgement.table), (0, 0, 0, 2))]
    parts += [Text(), _facts(judgement, sandbox, seed)]
    if judgement.example:
        # In full lines from the first column, so that it can be copied.
        parts += [Text(), Text("to see it, run this below the function:", style="dim"), Text()]
        parts.append(Text(judgement.example.rstrip(), no_wrap=True, overflow="ignore"))
    return Group(*parts)


def verdict(judgement: Judgement) -> str:
    """ "right", "wrong", "not judged", or "right, but not in every respect"."""
    if judgement.passed and judgement.findings:
        return "right on exact data; beyond that:"
    return judgement.status


def said_first(judgement: Judgement) -> str:
    """Why there is no judgement, or the first finding; "" if there is nothing to say."""
    if judgement.reason or not judgement.findings:
        return judgement.reason
    return ("but " if judgement.passed else "") + str(judgement.findings[0])


def _finding(number: int, finding: Finding, example: bool) -> RenderableType:
    """Its sentence beside its number, and its example below."""
    table = grid({"justify": "right", "width": 3, "style": "dim"}, {"width": WIDTH - 5}, gap=1)
    table.add_row(f"{number}", Text(str(finding), style="bold" if number == 1 else ""))
    if finding.example and example:
        table.add_row("", Text(finding.example, style="dim"))
    return table


def _mend(mend: Mend) -> RenderableType:
    """The lines that go and those that come, under a line that says what they are."""
    lines = Text(mend_head(mend), style="dim")
    for mark, line in change(mend):
        lines.append(f"\n  {mark} {line}", style={"-": "red", "+": "green"}.get(mark, ""))
    return Padding(lines, (0, 0, 0, 2))


def mend_head(mend: Mend) -> str:
    """What the lines below it are."""
    if mend.where:
        return f"{MENDED}: {mend.place} belongs {mend.where}"
    return f"{MENDED} ({mend.place}):"


def change(mend: Mend) -> Iterator[tuple[str, str]]:
    """Each line with “-” or “+”, what moves once, without the indentation that all share."""
    if mend.where:
        yield from ((" ", line) for line in textwrap.dedent("\n".join(mend.before)).split("\n"))
        return
    marked = [*(("-", line) for line in mend.before), *(("+", line) for line in mend.after)]
    dedented = textwrap.dedent("\n".join(line for _, line in marked)).split("\n")
    yield from zip((mark for mark, _ in marked), dedented, strict=True)


def _table(rows: tuple[Row, ...]) -> Table:
    """What multiplies x̃ in each place: on the page, and as it was measured."""
    widest = max(cell_len(row.where) for row in rows)
    first, number = {"width": min(max(widest, 20), 44)}, {"max_width": 16}
    table = grid(first, number, number, {"width": 1})
    table.add_row(*(Text(head, style="dim") for head in HEADS))
    for row in rows:
        mark = Text("" if row.agrees else "✗", style="bold red")
        table.add_row(Text(row.where), Text(row.expected), Text(row.measured), mark)
    return table


def _facts(judgement: Judgement, sandbox: str, seed: int) -> RenderableType:
    table = grid({"width": _HEAD, "style": "dim"}, {"width": WIDTH - _HEAD - 4}, gap=1)
    for head, text in facts(judgement):
        table.add_row(head, Text(text))
    if sandbox:
        table.add_row("sandbox", Text(sandbox))
        table.add_row("seed", Text(str(seed)))
    return Padding(table, (0, 0, 0, 2))


def facts(judgement: Judgement) -> Iterator[tuple[str, str]]:
    """Pairs of a word and a sentence: the loss, the convention, what was asked, how it was read."""
    if judgement.loss:
        yield "loss", judgement.loss
    if judgement.convention is not None:
        yield "convention", str(judgement.convention)
    if judgement.table and all(row.agrees for row in judgement.table):
        yield "coefficients", f"of x̃, measured in {len(judgement.table)} places: all right"
    if judgement.covered:
        yield "asked", judgement.covered
    yield from (("read", remark) for remark in judgement.remarks)
    took = f" in {judgement.seconds:.1f} s" if judgement.seconds else ""
    yield "calls", f"{judgement.calls:,}{took}"
