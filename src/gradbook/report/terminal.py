"""A report in a terminal of 80 columns: a row for each line, a row for each kernel."""

from __future__ import annotations

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
CHECKS = ("exact", "by hand", "finite differences", "digits", "training")
_HEADS = {"finite differences": "differences"}
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
        *(_finding(verdict) for _, verdict in report.kernels if not verdict.passed),
        Text(),
        closing(report),
    ]
    return Group(*parts)


def _short(report: Report) -> str:
    return f"{report.path.parent.name}/{report.path.name}"


def lines_table(report: Report) -> Table:
    """id, statement, status, seconds; the sizes are the same for all and stand below."""
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column(style="bold", no_wrap=True)
    table.add_column(ratio=1, no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    for line, proof in report.lines:
        table.add_row(
            line.id,
            _cut(line.statement or line.title, 54),
            Text(proof.status, style=_STYLES[proof.status]),
            f"{proof.seconds:.1f} s",
        )
    table.width = WIDTH
    return table


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
    for sizes, method, regions in dict.fromkeys(
        (proof.sizes, proof.method, proof.regions) for _, proof in report.lines if proof.holds
    ):
        how = f"     for {sizes}: {regions:,} regions, {method}"
        parts.append(Text(how, style="dim"))
    for line, proof in report.lines:
        if not proof.holds:
            parts += [Text(), *_what_is_wrong(line, proof)]
    return parts


def _what_is_wrong(line: Line, proof: Proof) -> list[RenderableType]:
    said = [Text.assemble((f"  {line.id} is {proof.status}", _STYLES[proof.status]))]
    said.append(_indented(line.statement))
    if proof.reason:
        said.append(_indented(proof.reason))
    if proof.counterexample is not None:
        said.append(_indented(f"C = {proof.counterexample.case.C}, m = {proof.counterexample.case.m}"))
        said.append(_indented(str(proof.counterexample)))
    return list(said)


def _indented(text: str) -> RenderableType:
    return Padding(Text("\n".join(textwrap.wrap(text, WIDTH - 8))), (0, 0, 0, 6))


def kernels_table(report: Report) -> Table:
    """One row a kernel, one column a check: ✓ or ✗, with the largest error where there is one."""
    table = Table.grid(padding=(0, 2), pad_edge=True)
    table.add_column("kernel", no_wrap=True)
    for name in CHECKS:
        table.add_column(name, no_wrap=True)
    table.add_row(
        Text("kernel", style="bold"), *(Text(_HEADS.get(name, name), style="dim") for name in CHECKS)
    )
    for kernel, verdict in report.kernels:
        if verdict.checks:
            checks = {check.name: check for check in verdict.checks}
            table.add_row(kernel.name, *(_cell(checks.get(name)) for name in CHECKS))
        else:
            table.add_row(kernel.name, Text(verdict.status, style="yellow"))
    return table


def _cell(check: Check | None) -> Text:
    if check is None:
        return Text("–", style="dim")
    mark = Text("✓" if check.passed else "✗", style="green" if check.passed else "bold red")
    return mark.append(f" {figure(check)}" if figure(check) else "", style="default")


def figure(check: Check) -> str:
    """The one figure of a check that is worth a place in a table."""
    if check.name == "training":
        accuracy = check.data.get("accuracy")
        return "" if accuracy is None else f"{accuracy:.1%}"
    if check.name == "exact" and check.passed:
        return f"{check.cases:,} equal"
    if check.cases == 0:
        return ""
    return f"{check.max_error:.0e}".replace("e-0", "e-")


def _finding(verdict: Verdict) -> RenderableType:
    said = [_indented(str(finding)) for finding in verdict.findings[:3]]
    return Group(Text(), Text(f"  {verdict.summary}", style="bold red"), *said)


def closing(report: Report) -> Text:
    """The last line: the verdict in words."""
    took = f" · {report.seconds:.1f} s"
    if report.passed:
        words = f"{len(report.lines)} lines hold, {len(report.kernels)} kernels agree"
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
