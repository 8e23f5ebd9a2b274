"""A report as one self-contained HTML page: no network, no script, mathematics as MathML.

It needs the extra `report` (latex2mathml, matplotlib).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from gradbook.check import Check, Verdict
from gradbook.emit import PageKernel
from gradbook.kernels import Kernel
from gradbook.page import PageLine
from gradbook.proof import Proof
from gradbook.prove.decision import Decision
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.properties import PropertyFound
from gradbook.report.page import code, page
from gradbook.report.places import error, wrong
from gradbook.report.plots import as_svg, error_against_h
from gradbook.report.show import shown_at
from gradbook.report.terminal import (
    COLUMNS,
    HEADS,
    MARKS,
    agreement,
    checks_of,
    closing,
    covered,
    figure,
    rechecked,
    status_of,
)
from gradbook.report.trust import KERNELS_HEAD, PROPERTIES_HEAD, linked, trust_section
from gradbook.verify import Report


def as_page(reports: Iterable[Report]) -> str:
    """The whole page, for one page or several."""
    reports = list(reports)
    title = " · ".join(report.page.title for report in reports)
    return page(title, "\n".join([*map(_report, reports), trust_section()]))


def summary(report: Report) -> str:
    """A short fragment for a notebook: the verdict, a row for each line and each kernel."""
    lines = "".join(
        f"<tr><td>{escape(line.id)}</td><td style='text-align:left'>{_shown(line)}</td>"
        f"<td>{status_of(line, decision)}</td></tr>"
        for line, decision in report.lines
    )
    return (
        f"<p><b>{escape(closing(report).plain)}</b></p><table>{lines}</table>"
        f"{_kernels_table(report) if report.kernels else ''}"
    )


def _shown(line: PageLine) -> str:
    return escape(line.as_read) if line.code is not None else f"${escape(line.latex)}$"


def _report(report: Report) -> str:
    state = "passed" if report.passed else "failed" if report.refuted else "not-run"
    return "\n".join(
        [
            f"<h1>{escape(report.page.title)}</h1>",
            f'<p class="soft">{escape(report.page.path.name)}</p>',
            f'<p class="verdict {state}">{escape(closing(report).plain)}</p>',
            *(
                f"<pre>{escape(error(report.page.source, e).plain)}</pre>"
                for e in report.page.errors
            ),
            "<h2>The page, and the proof of each line</h2>",
            _methods(report),
            '<div class="wide"><table><tr><th>line</th><th>statement</th><th>status</th></tr>',
            *(_line(report, line, decision) for line, decision in report.lines),
            "</table></div>",
            _properties(report),
            *_kernels(report),
            *(_kernel(kernel, verdict) for kernel, verdict in report.kernels),
        ]
    )


def _kernels(report: Report) -> list[str]:
    if not report.kernels and not report.not_emitted and not report.not_checked:
        return []
    table = f'<div class="wide">{_kernels_table(report)}</div>'
    why = f'<p class="not-run">not checked: {escape(report.not_checked)}</p>'
    head = f"<h2>{linked(KERNELS_HEAD)}</h2>"
    return [head, why if report.not_checked else table]


def _methods(report: Report) -> str:
    """What a ✓ of each method is about, in words."""
    rows = []
    for method, head in {**COLUMNS, INDUCTION: "induction"}.items():
        if said := covered(report, method):
            words = f"{escape(method)}: {escape(said)}"
            rows.append(f'<tr><td class="id">{linked(head)}</td><td>{words}</td></tr>')
    if report.second:
        head = linked(report.second)
        rows.append(f'<tr><td class="id">{head}</td><td>{rechecked(report)}</td></tr>')
    for name, why in report.not_asked:
        head = linked(COLUMNS.get(name, name))
        rows.append(f'<tr><td class="id">{head}</td><td>not asked: {escape(why)}</td></tr>')
    return f'<table class="soft">{"".join(rows)}</table>' if rows else ""


def _line(report: Report, line: PageLine, decision: Decision) -> str:
    status = status_of(line, decision)
    said = [f'<span class="{decision.status}">{status}</span>', *map(_method, decision.proofs)]
    said.append(_second(report, line.id))
    shown = mathml(line.latex) if line.code is None else code(line.code.text, "python")
    bad = ""
    if not decision.holds and not line.unread:
        bad = f'<pre class="{status}">{escape(wrong(line, decision).plain)}</pre>'
    if decision.where:
        bad += f'<div class="title">proved where {escape(", ".join(decision.where))}</div>'
    return (
        f'<tr><td class="id">{escape(line.id)}</td><td>{shown}'
        f'<div class="title">read as: {escape(line.as_read)}</div>{bad}{_instance(line)}'
        f"{_assumptions(decision)}</td><td>{''.join(said)}</td></tr>"
    )


def _method(proof: Proof) -> str:
    head = COLUMNS.get(proof.method, "induction" if proof.method == INDUCTION else proof.method)
    mark = MARKS[proof.status]
    why = f" {escape(proof.reason)}" if proof.status == "undecided" else ""
    return f'<div class="soft">{mark} {escape(head)} · {proof.seconds:.1f}&nbsp;s{why}</div>'


def _second(report: Report, of: str) -> str:
    """What a second solver says of it."""
    found = agreement(report, of)
    return "" if found is None else f'<div class="soft">{MARKS[found]} {report.second}</div>'


def _assumptions(decision: Decision) -> str:
    """What each proof depends on."""
    parts = [
        f"<li>{escape(proof.method)}: {escape('; '.join(proof.assumptions))}</li>"
        for proof in decision.proofs
        if proof.assumptions
    ]
    if not parts:
        return ""
    return (
        f"<details><summary>what the proofs depend on</summary><ul>{''.join(parts)}</ul></details>"
    )


def _properties(report: Report) -> str:
    if not report.properties:
        return ""
    rows = "".join(
        f'<tr><td>{escape(found.statement)}<div class="title">{escape(found.assumptions)}</div>'
        f"{_wrong_property(found)}</td>"
        f'<td><span class="{found.decision.status}">{found.decision.status}</span>'
        f"{''.join(map(_method, found.decision.proofs))}{_second(report, found.name)}</td></tr>"
        for found in report.properties
    )
    return f'<h2>{linked(PROPERTIES_HEAD)}</h2><div class="wide"><table>{rows}</table></div>'


def _wrong_property(found: PropertyFound) -> str:
    if found.holds:
        return ""
    status = found.decision.status
    return f'<p class="{status}">{escape(str(found.decision.deciding))}</p>'


def mathml(latex: str) -> str:
    """A formula as MathML."""
    from latex2mathml.converter import convert

    # MathML has a character of its own for the blackboard 1.
    latex = latex.replace(r"\mathbb{1}", "𝟙")
    return str(convert(latex)).replace("<math ", '<math displaystyle="true" ', 1)


def _instance(line: PageLine) -> str:
    """What the line claims at the small example; nothing where it cannot be written down."""
    try:
        example = shown_at(line)
    except Exception:  # a wrong line may fail in any way; its row says so already
        return ""
    if example is None:
        return ""
    where, body = example
    return f"<details><summary>for {where}</summary><pre>{escape(body)}</pre></details>"


def _kernels_table(report: Report) -> str:
    columns = checks_of(report)
    heads = "".join(f"<th>{linked(HEADS.get(name, name))}</th>" for name in columns)
    rows = "".join(_kernel_row(verdict, columns) for _, verdict in report.kernels)
    rows += "".join(
        f'<tr><td>{escape(missing.name)}</td><td class="not-run" colspan="{len(columns)}">'
        f"not emitted: {escape(missing.why)}</td></tr>"
        for missing in report.not_emitted
    )
    return f"<table><tr><th>kernel</th>{heads}</tr>{rows}</table>"


def _kernel_row(verdict: Verdict, columns: Sequence[str]) -> str:
    name = f'<td class="id">{escape(verdict.kernel)}</td>'
    if not verdict.checks:
        cells = f'<td class="not-run" colspan="{len(columns)}">{escape(verdict.status)}</td>'
        return f"<tr>{name}{cells}</tr>"
    checks = {check.name: check for check in verdict.checks}
    return f"<tr>{name}{''.join(_cell(checks.get(name)) for name in columns)}</tr>"


def _cell(check: Check | None) -> str:
    if check is None or not check.applies:
        return "<td>–</td>"
    state, mark = ("passed", "✓") if check.passed else ("failed", "✗")
    return (
        f'<td title="{escape(check.detail)}"><span class="{state}">{mark}</span> '
        f"{escape(figure(check))}</td>"
    )


def _kernel(kernel: Kernel | PageKernel, verdict: Verdict) -> str:
    found = "".join(f'<li class="failed">{escape(str(item))}</li>' for item in verdict.findings)
    checks = "".join(
        f'<tr><td class="id">{escape(check.name)}</td><td>{escape(check.detail)}</td>'
        f'<td class="number">{check.cases:,} comparisons</td></tr>'
        for check in verdict.checks
    )
    source = code(kernel.source, kernel.language.lower())
    return (
        f"<h3>{escape(verdict.kernel)}</h3><ul>{found}</ul><table>{checks}</table>{_curve(verdict)}"
        f"<details><summary>source ({escape(kernel.language)})</summary>{source}</details>"
    ).replace("<ul></ul>", "")


def _curve(verdict: Verdict) -> str:
    for check in verdict.checks:
        if "h" in check.data and np.size(check.data["h"]):
            drawn = as_svg(error_against_h(check.data))
            return f"<details><summary>error against step h</summary>{drawn}</details>"
    return ""
