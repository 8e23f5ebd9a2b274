"""A report in a terminal of 80 columns: a row for each line, a row for each kernel."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gradbook.any_size.lines import METHOD as ANY_SIZE
from gradbook.check import Check, Verdict
from gradbook.page import Page, PageLine
from gradbook.page.cases import sizes_written
from gradbook.proof import Proof, Status
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.decision import Decision
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.methods import METHODS, method_named
from gradbook.prove.second_solver import UNITS, Agreement
from gradbook.report.in_unicode import in_unicode
from gradbook.report.places import error, says_less, wrong
from gradbook.report.plain import WIDTH, grid, plain, wrapped
from gradbook.verify import Report

_STATEMENT = 36
CHECKS = ("exact", "50 digits", "by hand", "finite differences", "magnitudes", "digits", "training")
HEADS = {"finite differences": "differences", "training": "accuracy"}
#: The methods that have a column of their own, and its head: the smallest sizes, any, and the rest.
COLUMNS = {METHODS[0].name: METHODS[0].head, ANY_SIZE: "any"}
COLUMNS |= {method.name: method.head for method in METHODS[1:]}
#: How a mark stands for what a second solver says of the queries of a line: the worst of them.
AGREEMENTS: dict[Agreement, Status] = {
    "disagreed": "refuted",
    "not answered": "undecided",
    "agreed": "proved",
}
#: The methods that are asked of a property of the loss.
OF_LOSS = {METHODS[0].name: METHODS[0].head, SOLVER: COLUMNS[SOLVER], INDUCTION: "every C"}
_STYLES = {"proved": "green", "definition": "cyan", "refuted": "bold red", "undecided": "yellow"}
_STYLES |= {"not read": "bold red"}
HANGING: dict[str, Any] = {"initial_indent": " ", "subsequent_indent": "   "}
MARKS = {"proved": "✓", "definition": "✓", "refuted": "✗", "undecided": "?"}


def as_text(report: Report) -> str:
    """The report as plain text."""
    return plain(render(report))


def render(report: Report) -> RenderableType:
    """The report for a rich console."""
    page = report.page
    parts: list[RenderableType] = [
        Text.assemble((page.title, "bold"), (f" · {_short(report)}", "dim")),
        *(part for found in page.errors for part in (error(page.source, found), Text())),
        *([lines_table(report), *_legend(report)] if report.lines else []),
        *_where(report),
        *_wrong_lines(report),
        *_says_less(page),
        *_properties(report),
        *_kernels(report),
        *(_finding(v) for _, v in report.kernels if v.checks and not v.passed),
        Text(),
        closing(report),
    ]
    return Group(*parts)


def _short(report: Report) -> str:
    """The file, and its folder where that says something."""
    path = report.page.path
    return f"{path.parent.name}/{path.name}" if path.parent.name else path.name


def lines_table(report: Report) -> Table:
    """id, statement, status, a mark for each method, seconds; the legend says what the marks mean.

    ✓ proved, ✗ refuted, ? undecided, – not asked.
    """
    second = [report.second] if report.second else []
    wide = _STATEMENT - max(max(map(len, report.page.ids)) - len("N14"), 0) - 6 * len(second)
    widths = (wide, 10, *(len(head) for head in (*COLUMNS.values(), *second)))
    table = grid(
        {"no_wrap": True, "style": "bold"},
        *({"no_wrap": True, "width": width} for width in widths),
        {"no_wrap": True, "style": "dim", "justify": "right", "min_width": 6},
    )
    heads = ("statement", "status", *COLUMNS.values(), *second, "time")
    table.add_row(" line", *(Text(head, style="dim") for head in heads))
    for line, decision in report.lines:
        table.add_row(
            f" {line.id}",
            _cut(statement(line), wide),
            Text(status_of(line, decision), style=_STYLES[status_of(line, decision)]),
            *(_mark(_status(decision.by(method))) for method in COLUMNS),
            *(_mark(agreement(report, line.id)) for _ in second),
            f"{decision.seconds:.1f} s",
        )
    return table


def statement(line: PageLine) -> str:
    """The line as it is written, in Unicode."""
    return line.as_read if line.code is not None else in_unicode(line.latex)


def status_of(line: PageLine, decision: Decision) -> str:
    return "not read" if line.unread else decision.status


def agreement(report: Report, of: str) -> Status | None:
    """What a second solver says of a line or a property, as a status; None for nothing."""
    counted = report.agreement(of)
    return next((status for found, status in AGREEMENTS.items() if counted[found]), None)


def _status(proof: Proof | None) -> Status | None:
    return None if proof is None else proof.status


def _mark(status: Status | None) -> Text:
    if status is None:
        return Text("–", style="dim")
    return Text(MARKS[status], style=_STYLES[status].replace("cyan", "green"))


def legend(report: Report) -> Iterator[tuple[str, str, str]]:
    """The head of a column, its method, and the sizes and inputs that a ✓ of it is about."""
    for method, head in {**COLUMNS, INDUCTION: "induction"}.items():
        if said := covered(report, method):
            yield head, method, said
    if report.second:
        yield report.second, "", rechecked(report)
    for name, why in report.not_asked:
        yield COLUMNS.get(name, name), "", f"not asked: {why}"


def _legend(report: Report) -> list[RenderableType]:
    heads = {"no_wrap": True, "style": "dim", "min_width": 12, "justify": "right"}
    table = grid(heads, {"style": "dim", "width": WIDTH - 16})
    for head, _, said in legend(report):
        table.add_row(head, said)
    return [table] if table.row_count else []


def rechecked(report: Report) -> str:
    """What a second solver says of all queries, in words."""
    counted = report.agreement()
    parts = [f"{counted['agreed']:,} of the {counted.total():,} queries of z3 answered alike"]
    if counted["not answered"]:
        parts.append(f"{counted['not answered']:,} not answered within {UNITS:,} units")
    if counted["disagreed"]:
        parts.append(f"{counted['disagreed']:,} answered otherwise")
    return ", ".join(parts)


def covered(report: Report, method: str) -> str:
    """For which sizes and inputs the lines were proved by this method; "" where none was."""
    proofs = [(line, decision.by(method)) for line, decision in report.lines]
    held = [(line, proof) for line, proof in proofs if proof is not None and proof.holds]
    if not held:
        return ""
    if method == ANY_SIZE:
        return "every size that the page allows: sums over letters, no number"
    if method == INDUCTION:
        line, proof = held[0]
        return f"{line.id}: {proof.sizes}; base and step each decided by z3"
    claims = tuple(claim for line, _ in held for claim in line.claims if not claim.shape)
    asked = method_named(method)
    sizes = sizes_written(report.page, claims, asked.thorough if report.thorough else asked.sizes)
    regions = sum(proof.regions for _, proof in held)
    words = f"{asked.covers}; {regions:,} regions" if regions else asked.covers
    return f"{sizes}; {words}" if sizes else ""


def _where(report: Report) -> list[RenderableType]:
    """Where alone a line is proved, as it has no value elsewhere and does not say so itself."""
    said = ((line, decision.where) for line, decision in report.lines if decision.holds)
    rows = [f"{line.id} is proved where {', '.join(where)}" for line, where in said if where]
    return [Text(), *(Text(_wrapped(row)) for row in rows)] if rows else []


def _wrong_lines(report: Report) -> list[RenderableType]:
    """What is wrong with a line, or why a method could not decide it."""
    parts: list[RenderableType] = []
    for line, decision in report.lines:
        if line.unread:
            continue  # its errors were shown
        if not decision.holds:
            parts += [Text(), wrong(line, decision)]
            continue
        parts += [
            Text(_wrapped(f"{line.id} is not decided by {proof.method}: {proof.reason}"), "yellow")
            for proof in decision.undecided
        ]
    return parts


def _says_less(page: Page) -> list[RenderableType]:
    found = [Text(_wrapped(each), "yellow") for each in says_less(page)]
    return [Text(), *found] if found else []


def _wrapped(text: str) -> str:
    return textwrap.fill(text, WIDTH, **HANGING)


def _properties(report: Report) -> list[RenderableType]:
    """What the page says of its loss as a whole."""
    if not report.properties:
        return []
    second = [report.second] if report.second else []
    heads = (Text(head, style="dim") for head in (*OF_LOSS.values(), *second))
    rows = [_in_columns(Text(" the loss", style="bold"), *heads)]
    for found in report.properties:
        marks = [_mark(_status(found.decision.by(method))) for method in OF_LOSS]
        marks += [_mark(agreement(report, found.name)) for _ in second]
        rows.append(_in_columns(Text(f" {_cut(found.statement, WIDTH - 31)}"), *marks))
        assumed = textwrap.wrap(found.assumptions, WIDTH - 4)
        rows.append(Text("\n".join(f"   {row}" for row in assumed), style="dim"))
    return [Text(), *rows, *_about_properties(report)]


def _about_properties(report: Report) -> list[RenderableType]:
    """For which sizes a ✓ is, what a method did not decide, and what is wrong."""
    parts: list[RenderableType] = []
    for method, head in OF_LOSS.items():
        proofs = [found.decision.by(method) for found in report.properties]
        if held := [proof for proof in proofs if proof is not None and proof.holds]:
            parts.append(Text(f"{head:>12}  {held[0].sizes}", style="dim"))
    parts += [
        wrapped(f"by {COLUMNS.get(name, name)} and for every C nothing was decided: {why}", 6)
        for name, why in report.not_asked
    ]
    for found in report.properties:
        if not found.holds:
            parts.append(wrapped(f"{found.statement}: {found.decision.deciding}", 6))
            continue
        parts += [
            wrapped(f"{found.statement} is not decided by {proof.method}: {proof.reason}", 6)
            for proof in found.decision.undecided
        ]
    return parts


def _in_columns(statement: Text, few: Text, z3: Text, *others: Text) -> Text:
    """A statement, and what each of the methods found of it."""
    statement.pad_right(WIDTH - 28 - cell_len(statement.plain))
    for mark, width in ((few, 7), (z3, 6), (others[0], 9)):
        mark.pad_right(width - len(mark))
    return Text.assemble(statement, few, z3, *others)


def _cut(text: str, width: int) -> str:
    """`text` on one line; what does not fit ends in …"""
    if cell_len(text) <= width:
        return text
    while cell_len(text) > width - 1:
        text = text[:-1]
    return text.rstrip() + "…"


def kernels_table(report: Report) -> Table:
    """One row a kernel, one column a check: ✓ or ✗, with the largest error where there is one."""
    table, columns = grid(), checks_of(report)
    heads = (Text(HEADS.get(name, name), style="dim") for name in columns)
    table.add_row(Text(" kernel", style="bold"), *heads)
    for _, verdict in report.kernels:
        if verdict.checks:
            checks = {check.name: check for check in verdict.checks}
            table.add_row(f" {verdict.kernel}", *(_cell(checks.get(name)) for name in columns))
        else:
            table.add_row(f" {verdict.kernel}", *([Text("–", style="dim")] * len(columns)))
    return table


def checks_of(report: Report, among: Sequence[str] = CHECKS) -> list[str]:
    """The checks that any of the kernels was subjected to."""
    asked = {check.name for _, verdict in report.kernels for check in verdict.checks}
    return [name for name in among if name in asked]


def _kernels(report: Report) -> list[RenderableType]:
    """The table, and why a kernel was not run; one line where none was."""
    if report.not_checked:
        return [Text(), Text(_wrapped(f"kernels: not checked: {report.not_checked}"), "yellow")]
    said = [
        Text(_wrapped(f"{', '.join(targets)}: not emitted: {why}"))
        for why, targets in _by_reason(report).items()
    ]
    texts = (f" {kernel}: {found}" for kernel, found in report.texts)
    said += [Text(_wrapped(each), "dim") for each in texts]
    not_run = [verdict for _, verdict in report.kernels if not verdict.checks]
    said += [Text(f" {verdict.kernel}: {verdict.status}", "yellow") for verdict in not_run]
    return (
        [Text(), *([kernels_table(report)] if report.kernels else []), *said]
        if said or report.kernels
        else []
    )


def _by_reason(report: Report) -> dict[str, list[str]]:
    """Why nothing was emitted ↦ for what."""
    found: dict[str, list[str]] = {}
    for missing in report.not_emitted:
        found.setdefault(missing.why, []).append(missing.name)
    return found


def _cell(check: Check | None) -> Text:
    if check is None:
        return Text("–", style="dim")
    if not check.applies:
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
    digits = {"ulp": ".1g", "u": ",.0f"}.get(unit, ".0e")
    error = f"{check.max_error:{digits}} {unit}".rstrip()
    return error.replace("e-0", "e-")


def _finding(verdict: Verdict) -> RenderableType:
    said = [wrapped(str(finding), 6) for finding in verdict.findings[:3]]
    style = "bold red" if verdict.failed else "yellow"
    summary = textwrap.fill(verdict.summary, WIDTH, initial_indent="  ", subsequent_indent="    ")
    return Group(Text(), Text(summary, style=style), *said)


def closing(report: Report) -> Text:
    """The last lines: the verdict in words, how many lines are said in Python, what was known."""
    took = f" · {report.seconds:.1f} s" + (" · interrupted" if report.interrupted else "")
    if report.in_python:
        said = report.in_python
        read = len(report.lines) - said
        took += f"\n{read} of {len(report.lines)} lines are read, {said} said in Python"
    if report.kept:
        all_ = report.kept + report.decided
        took += f"\n{report.kept} of {all_} findings are from before: --fresh decides all anew"
    if report.passed:
        words = _many(len(report.lines), "line holds", "lines hold")
        claims, shapes = report.claims
        words += f": {_many(claims, 'claim')} proved" if claims else ""
        words += f", {shapes} of them by their shapes" if shapes else ""
        if report.kernels:
            words += f"\n{_many(len(report.kernels), 'kernel agrees', 'kernels agree')}"
        return Text.assemble((words, "bold green"), took)
    lines = [(line, decision) for line, decision in report.lines if not line.unread]
    false = list(report.false)
    false += [f.statement for f in report.properties if f.decision.status == "refuted"]
    open_ = [line.id for line, decision in lines if decision.status == "undecided"]
    open_ += [f.statement for f in report.properties if f.decision.status == "undecided"]
    failed = [verdict.kernel for _, verdict in report.kernels if not verdict.passed]
    errors = len(report.page.errors)
    parts = {
        "the solvers disagree": list(report.disputed),
        "false": false,
        "not read": [line.id for line, _ in report.lines if line.unread],
        "undecided": open_,
        "not passed": failed,
    }
    words = " · ".join(f"{what}: {', '.join(ids)}" for what, ids in parts.items() if ids)
    page = report.page
    some = f"{page.displays_read} of {page.displays} displays are read"
    first = [some if page.displays_read < page.displays else ""]
    first += [_many(errors, "error") if errors else ""]
    words = " · ".join(filter(None, [*first, words]))
    style = "bold red" if report.refuted or errors else "bold yellow"
    return Text.assemble((words or "nothing is decided", style), took)


def _many(count: int, one: str, many: str = "") -> str:
    return f"{count} {one if count == 1 else many or one + 's'}"
