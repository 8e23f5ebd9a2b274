"""A report in a terminal of 80 columns: a row for each line, a row for each kernel."""

from __future__ import annotations

import re
import textwrap

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from gradbook.check import Check, Verdict
from gradbook.derivation import Line, Proof
from gradbook.verify import Report

WIDTH = 80
_STATEMENT = 43
CHECKS = ("exact", "by hand", "finite differences", "digits", "training")
HEADS = {"finite differences": "differences", "training": "accuracy"}
_STYLES = {"proved": "green", "definition": "cyan", "refuted": "bold red", "undecided": "yellow"}


def as_text(report: Report) -> str:
    """The report as plain text."""
    console = Console(width=WIDTH, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(render(report))
    return capture.get().rstrip()


def render(report: Report) -> RenderableType:
    """The report for a rich console."""
    parts: list[RenderableType] = [
        Text.assemble((report.derivation.name, "bold"), (f" · {_short(report)}", "dim")),
        lines_table(report),
        *_remarks(report),
        Text(),
        kernels_table(report),
        *_not_run(report),
        *(_finding(v) for _, v in report.kernels if v.checks and not v.passed),
        Text(),
        closing(report),
    ]
    return Group(*parts)


def _short(report: Report) -> str:
    return f"{report.path.parent.name}/{report.path.name}"


def lines_table(report: Report) -> Table:
    """id, statement, status, sizes, seconds; labels, regions and method stand below."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True, width=_STATEMENT)
    table.add_column(no_wrap=True, width=10)
    for _ in ("C", "m"):
        table.add_column(no_wrap=True, width=3, style="dim")
    table.add_column(justify="right", no_wrap=True, min_width=6, style="dim")
    heads = ("statement", "status", "C", "m", "time")
    table.add_row(" line", *(Text(head, style="dim") for head in heads))
    for line, proof in report.lines:
        table.add_row(
            f" {line.id}",
            _cut(line.statement or line.title, _STATEMENT),
            Text(proof.status, style=_STYLES[proof.status]),
            *_sizes(proof),
            f"{proof.seconds:.1f} s",
        )
    return table


def _sizes(proof: Proof) -> tuple[str, str]:
    """ "2–5", "0–4" from "C 2–5, m 0–4, all y", or from "C = 3, m = 1, y = 0"."""
    words = re.sub(r" = |,", " ", proof.sizes).split()
    known = dict(zip(words[:-1:2], words[1::2], strict=False))
    return known.get("C", ""), known.get("m", "")


def _cut(text: str, width: int) -> str:
    """`text` on one line; what does not fit ends in …"""
    if cell_len(text) <= width:
        return text
    while cell_len(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def _remarks(report: Report) -> list[RenderableType]:
    """How the lines were proved, and whatever is wrong with them."""
    parts: list[RenderableType] = []
    for method, regions in dict.fromkeys(
        (proof.method, proof.regions) for _, proof in report.lines if proof.holds
    ):
        how = f"{method}: every label y and every sign pattern (−, 0, +) of the margins"
        wrapped = textwrap.wrap(f"{how}; {regions:,} regions", WIDTH - 12)
        parts.append(Text("\n".join(f"       {row}" for row in wrapped), style="dim"))
    for line, proof in report.lines:
        if not proof.holds:
            parts += [Text(), *_what_is_wrong(line, proof)]
    return parts


def _what_is_wrong(line: Line, proof: Proof) -> list[RenderableType]:
    said: list[RenderableType] = [
        Text.assemble((f"  {line.id} is {proof.status}", _STYLES[proof.status]))
    ]
    said.append(_indented(line.statement))
    if proof.reason:
        said.append(_indented(proof.reason))
    if proof.counterexample is not None:
        said.append(
            _indented(f"C = {proof.counterexample.case.C}, m = {proof.counterexample.case.m}")
        )
        said.append(_indented(str(proof.counterexample)))
    return said


def _indented(text: str) -> RenderableType:
    return Padding(Text("\n".join(textwrap.wrap(text, WIDTH - 8))), (0, 0, 0, 6))


def kernels_table(report: Report) -> Table:
    """One row a kernel, one column a check: ✓ or ✗, with the largest error where there is one."""
    table = Table.grid(padding=(0, 2, 0, 0))
    heads = (Text(HEADS.get(name, name), style="dim") for name in CHECKS)
    table.add_row(Text(" kernel", style="bold"), *heads)
    for kernel, verdict in report.kernels:
        if verdict.checks:
            checks = {check.name: check for check in verdict.checks}
            table.add_row(f" {kernel.name}", *(_cell(checks.get(name)) for name in CHECKS))
        else:
            table.add_row(f" {kernel.name}", *([Text("–", style="dim")] * len(CHECKS)))
    return table


def _not_run(report: Report) -> list[RenderableType]:
    return [
        Text(f" {kernel.name}: {verdict.status}", style="yellow")
        for kernel, verdict in report.kernels
        if not verdict.checks
    ]


def _cell(check: Check | None) -> Text:
    if check is None:
        return Text("–", style="dim")
    mark = Text("✓" if check.passed else "✗", style="green" if check.passed else "bold red")
    return mark.append(f" {figure(check)}" if figure(check) else "", style="default")


def figure(check: Check) -> str:
    """The one figure of a check that is worth a place in a table."""
    accuracy = check.data.get("accuracy")
    if accuracy is not None:
        return f"{accuracy:.1%}"
    if check.bound == 0:  # exact: nothing but equality passes
        return f"{check.cases:,}"
    if check.cases == 0:
        return ""
    unit = check.data.get("unit", "")
    error = f"{check.max_error:.1g} {unit}" if unit == "ulp" else f"{check.max_error:.0e}"
    return error.replace("e-0", "e-")


def _finding(verdict: Verdict) -> RenderableType:
    said = [_indented(str(finding)) for finding in verdict.findings[:3]]
    return Group(Text(), Text(f"  {verdict.summary}", style="bold red"), *said)


def closing(report: Report) -> Text:
    """The last line: the verdict in words."""
    took = f" · {report.seconds:.1f} s"
    if report.passed:
        lines, kernels = len(report.lines), len(report.kernels)
        words = (
            f"{lines} {'line holds' if lines == 1 else 'lines hold'}, "
            f"{kernels} {'kernel agrees' if kernels == 1 else 'kernels agree'}"
        )
        return Text.assemble((words, "bold green"), took)
    if report.first_wrong is not None:
        line, _ = report.first_wrong
        return Text.assemble((f"{line.id} is wrong: {line.title}", "bold red"), took)
    failed = [kernel.name for kernel, verdict in report.kernels if not verdict.passed]
    undecided = [line.id for line, proof in report.lines if not proof.holds]
    words = " · ".join(
        part
        for part in (
            f"not decided: {', '.join(undecided)}" if undecided else "",
            f"not passed: {', '.join(failed)}" if failed else "",
        )
        if part
    )
    return Text.assemble((words, "bold red" if report.refuted else "bold yellow"), took)
