"""A page that was verified, for a terminal of 80 columns, as data and as HTML.

What is wrong comes with its place: file:line:column, the row of the page, carets under the part.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from html import escape
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.derivation import Proof
from gradbook.page import PageError, PageLine
from gradbook.page.cases import sizes_written
from gradbook.page.core import ClaimRead, Letter
from gradbook.page.letters import written
from gradbook.page.source import Source, Span
from gradbook.page.witnesses import stated_once
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.decision import Decision
from gradbook.prove.pages.lines import METHODS, LineProof
from gradbook.verify_pages import PageReport

WIDTH = 80
_STATEMENT = 38
HEADS = {REGIONS: "small", ANY_SIZE: "any", SOLVER: "z3"}
_STYLES = {"proved": "green", "definition": "cyan", "refuted": "bold red", "undecided": "yellow"}
_STYLES |= {"not read": "bold red"}
_MARKS = {"proved": "✓", "definition": "✓", "refuted": "✗", "undecided": "?"}


def as_text(report: PageReport) -> str:
    """The report as plain text."""
    console = Console(width=WIDTH, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(render(report))
    return capture.get().rstrip()


def render(report: PageReport) -> RenderableType:
    """The report for a rich console: what cannot be read, the lines, what is wrong."""
    page = report.page
    parts: list[RenderableType] = [
        Text.assemble((page.title, "bold"), (f" · {page.path.name}", "dim")),
    ]
    for error in page.errors:
        parts += [_error(report, error), Text()]
    if report.lines:
        parts += [_table(report), *_legend(report)]
    for line, decision in report.lines:
        if not decision.holds and not line.unread:
            parts += [Text(), _wrong(report, line, decision)]
    if once := stated_once(page):
        parts += [Text(), _once(once)]
    return Group(*parts, Text(), closing(report))


def _once(letters: Iterable[Letter]) -> Text:
    """What may be another thing than it is called, and nothing would notice."""
    words = f"stated once only: {', '.join(map(written, letters))}"
    return Text("\n".join(textwrap.wrap(words, WIDTH - 1, subsequent_indent="  ")), style="yellow")


def _table(report: PageReport) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(no_wrap=True, width=_STATEMENT, overflow="ellipsis")
    table.add_column(no_wrap=True, width=10)
    for head in HEADS.values():
        table.add_column(no_wrap=True, width=len(head))
    table.add_row(" line", *(Text(h, style="dim") for h in ("as read", "status", *HEADS.values())))
    for line, decision in report.lines:
        status = "not read" if line.unread else decision.status
        marks = (_mark(decision.by(method)) for method in HEADS)
        table.add_row(
            f" {line.id}", Text(line.as_read or "…"), Text(status, style=_STYLES[status]), *marks
        )
    return table


def _mark(proof: Proof | None) -> Text:
    if proof is None:
        return Text("–", style="dim")
    return Text(_MARKS[proof.status], style=_STYLES[proof.status].replace("cyan", "green"))


_ABOUT = {
    REGIONS: "all real values of the letters: every sign (−, 0, +) of what stands in a kink",
    SOLVER: "all real values of the letters at once, kinks included",
}


def _legend(report: PageReport) -> Iterator[RenderableType]:
    """What a ✓ of each method is about: the largest sizes that it was asked for, and inputs."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True, style="dim", min_width=7, justify="right")
    table.add_column(style="dim", width=WIDTH - 11)
    for method, head in HEADS.items():
        proofs = [decision.by(method) for _, decision in report.lines]
        if method == ANY_SIZE:
            if any(p.holds for p in proofs if p is not None):
                table.add_row(head, "every size that the page allows: sums over letters, no number")
        elif any(p.holds and p.sizes != "any" for p in proofs if p is not None):
            claims = tuple(claim for line, _ in report.lines for claim in line.claims)
            sizes = sizes_written(report.page, claims, METHODS[method].sizes)
            table.add_row(head, f"{sizes}; {_ABOUT[method]}")
    for name, why in report.not_asked:
        table.add_row(HEADS.get(name, name), f"not asked: {why}")
    if table.row_count:
        yield table


def _error(report: PageReport, error: PageError) -> RenderableType:
    said = [f"hint: {error.hint}"] if error.hint else []
    if error.waits:
        count = len(error.waits)
        lines = ", ".join(error.waits)
        said.append(f"{count} line{'s wait' if count > 1 else ' waits'} for it: {lines}")
    return located(report.page.source, error.span, error.message, said)


def _wrong(report: PageReport, line: PageLine, decision: Decision) -> RenderableType:
    proof = decision.deciding
    claim = proof.claim if isinstance(proof, LineProof) else None
    span = proof.span if isinstance(proof, LineProof) and proof.span is not None else line.span
    found = proof.witness if isinstance(proof, LineProof) else None
    if proof.status == "undecided":
        where = f" (for {proof.sizes})" if proof.sizes else ""
        message = f"{report.page.source.at(span)}: {line.id} is undecided{_which(claim)}: "
        rows = textwrap.wrap(f"{message}{proof.reason}{where}", WIDTH - 1, subsequent_indent="  ")
        return Text("\n".join(rows), style="yellow")
    message = f"{line.id} is false{_which(claim)}"
    said = [proof.reason if found is None else str(found), f"read as: {line.as_read}"]
    return located(report.page.source, span, message, said)


def _which(claim: ClaimRead | None) -> str:
    """Which link of a chain."""
    if claim is None or claim.link[1] == 1:
        return ""
    ordinal = {1: "first", 2: "second", 3: "third"}.get(claim.link[0], f"{claim.link[0]}th")
    return f", in the {ordinal} of its {claim.link[1]} relations"


def located(source: Source, span: Span, message: str, said: Iterable[str]) -> RenderableType:
    """lecture.md:61:24: what is wrong, the row with carets, and what is said of it."""
    number, row, carets = source.shown(span, WIDTH - 9)
    head = textwrap.wrap(f"{source.at(span)}: {message}", WIDTH - 1, subsequent_indent="  ")
    text = Text("\n".join(head), style="bold red")
    text.append(f"\n{number:>5} | ", style="dim").append(row, style="default")
    text.append("\n      | ", style="dim").append(carets, style="bold red")
    for words in said:
        wrapped = textwrap.wrap(words, WIDTH - 4, subsequent_indent="  ", break_on_hyphens=False)
        text.append("\n" + "\n".join(f"  {row}" for row in wrapped), style="default")
    return text


def closing(report: PageReport) -> Text:
    """The last line: the verdict in words."""
    claims, shapes = report.claims
    took = f" · {report.seconds:.1f} s"
    if report.passed:
        lines = len(report.lines)
        words = f"{lines} line{'s hold' if lines > 1 else ' holds'}: "
        words += f"{claims} claim{'' if claims == 1 else 's'} proved"
        words += f", {shapes} of them by their shapes" if shapes else ""
        return Text.assemble((words, "bold green"), took)
    unread = [line.id for line, _ in report.lines if line.unread]
    open_ = [
        line.id
        for line, decision in report.lines
        if decision.status == "undecided" and not line.unread
    ]
    page, count = report.page, len(report.page.errors)
    some = page.displays_read < page.displays
    parts = [
        f"{page.displays_read} of {page.displays} displays are read" if some else "",
        f"false: {', '.join(report.false)}" if report.refuted else "",
        f"{count} error{'s' if count > 1 else ''}" if count else "",
        f"not read: {', '.join(unread)}" if unread else "",
        f"undecided: {', '.join(open_)}" if open_ else "",
    ]
    style = "bold red" if report.refuted or count else "bold yellow"
    return Text.assemble((" · ".join(filter(None, parts)), style), took)


# As data.


def as_data(report: PageReport) -> dict[str, Any]:
    """For `gradbook verify --json`: what stands where, and what was found of it."""
    source = report.page.source
    return {
        "name": report.page.title,
        "file": str(report.page.path),
        "passed": report.passed,
        "displays": report.page.displays,
        "displays_read": report.page.displays_read,
        "stated_once": [written(letter) for letter in stated_once(report.page)],
        "errors": [
            {
                "place": source.at(error.span),
                "message": error.message,
                "hint": error.hint,
                "line": error.line,
                "waits": error.waits,
            }
            for error in report.page.errors
        ],
        "lines": [_line_data(report, line, decision) for line, decision in report.lines],
        "seconds": round(report.seconds, 3),
    }


def _line_data(report: PageReport, line: PageLine, decision: Decision) -> dict[str, Any]:
    proof = decision.deciding
    span = proof.span if isinstance(proof, LineProof) and proof.span is not None else line.span
    found = proof.witness if isinstance(proof, LineProof) else None
    return {
        "id": line.id,
        "place": report.page.source.at(span),
        "written": line.latex,
        "read": line.as_read,
        "status": "not read" if line.unread else decision.status,
        "claims": len(line.claims),
        "reason": decision.reason,
        "counterexample": None if found is None else str(found),
        "methods": [
            {"method": p.method, "status": p.status, "sizes": p.sizes, "reason": p.reason}
            for p in decision.proofs
        ],
    }


# As HTML.


def as_html(report: PageReport) -> str:
    """The page's lines as they are written and as they are read, with what was found."""
    from gradbook.report.html import mathml

    rows = []
    for line, decision in report.lines:
        status = "not read" if line.unread else decision.status
        marks = " ".join(
            f"{_MARKS[proof.status]} {HEADS[method]}"
            for method in HEADS
            if (proof := decision.by(method)) is not None
        )
        wrong = _wrong_html(report, line, decision)
        rows.append(
            f'<tr><td class="id">{escape(line.id)}</td><td>{mathml(line.latex)}'
            f'<div class="title">{escape(line.as_read)}</div>{wrong}'
            f'</td><td><span class="{decision.status}">{status}</span>'
            f'<div class="soft">{marks}</div></td></tr>'
        )
    errors = "".join(f"<pre>{escape(_plain(_error(report, e)))}</pre>" for e in report.page.errors)
    return (
        f"<h1>{escape(report.page.title)}</h1><p>{escape(closing(report).plain)}</p>{errors}"
        f"<table>{''.join(rows)}</table>"
    )


def _wrong_html(report: PageReport, line: PageLine, decision: Decision) -> str:
    if decision.holds or line.unread:
        return ""
    words = escape(_plain(_wrong(report, line, decision)))
    return f'<pre class="{decision.status}">{words}</pre>'


def _plain(rendered: RenderableType) -> str:
    assert isinstance(rendered, Text)
    return rendered.plain
