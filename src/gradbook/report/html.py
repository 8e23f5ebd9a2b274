"""A report as one self-contained HTML page: no network, no script, mathematics as MathML.

It needs the extra `report` (latex2mathml, matplotlib).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import numpy as np

from gradbook.check import Check, Verdict
from gradbook.check.verdict import TOLD
from gradbook.emit import PageKernel
from gradbook.kernels import Kernel
from gradbook.page import PageLine
from gradbook.proof import Proof
from gradbook.prove.decision import Decision
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.properties import PropertyFound
from gradbook.report.page import code, listing, page, row, table
from gradbook.report.places import error, wrong
from gradbook.report.plots import as_svg, error_against_h
from gradbook.report.show import shown_at
from gradbook.report.terminal import (
    CHECKS,
    COLUMNS,
    HEADS,
    MARKS,
    agreement,
    checks_of,
    closing,
    figure,
    legend,
    status_of,
)
from gradbook.report.trust import KERNELS_HEAD, PROPERTIES_HEAD, linked, trust_section
from gradbook.verify import Report


def as_page(reports: Iterable[Report]) -> str:
    """The whole page, for one page or several."""
    reports = list(reports)
    title = " · ".join(report.page.title for report in reports)
    return page(title, "\n".join([*map(_report, reports), trust_section()]))


_ABOUT = (
    "This report says which lines of a page of mathematics are true, and whether the code that was "
    "made of it computes what the page says."
)
_LEGEND = (
    "✓ it holds, or agrees · ✗ it is false, or differs · ? it could not be decided. The words "
    "beside a mark are the methods: what each covers stands first. A line opens to show it for a "
    "small case, and what its proofs depend on."
)


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
            f"<p>{_ABOUT}</p>",
            f'<p class="verdict {state}">{escape(closing(report).plain)}</p>',
            f'<p class="soft">{_LEGEND}</p>',
            *(listing(error(report.page.source, e).plain) for e in report.page.errors),
            "<h2>The page, and the proof of each line</h2>",
            _methods(report),
            table(
                "The lines of the page, each with what was found of it",
                ("line", "statement"),
                (_line(report, line, decision) for line, decision in report.lines),
            ),
            _properties(report),
            *_kernels(report),
        ]
    )


def _kernels(report: Report) -> list[str]:
    if not report.kernels and not report.not_emitted and not report.not_checked:
        return []
    head = f"<h2>{linked(KERNELS_HEAD)}</h2>"
    if report.not_checked:
        return [head, f'<p class="not-run">not checked: {escape(report.not_checked)}</p>']
    found = [
        f"{verdict.kernel}: {item}" for _, verdict in report.kernels for item in verdict.findings
    ]
    return [
        head,
        _kernels_table(report),
        *(f'<p class="failed">{escape(words)}</p>' for words in found),
        _asked(report),
        _curve(report),
        *(_source(kernel, verdict) for kernel, verdict in report.kernels),
    ]


def _methods(report: Report) -> str:
    """What a ✓ of each method is about, in words."""
    rows = [
        row(linked(head), escape(f"{method}: {said}" if method else said))
        for head, method, said in legend(report)
    ]
    return table("The methods, and for which values a ✓ of each is said", (), rows) if rows else ""


def _line(report: Report, line: PageLine, decision: Decision) -> str:
    status = status_of(line, decision)
    said = [f'<div class="{decision.status}">{status}</div>', *map(_method, decision.proofs)]
    said.append(_second(report, line.id))
    bad = ""
    if not decision.holds and not line.unread:
        bad = listing(wrong(line, decision).plain, status)
    if decision.where:
        bad += f'<div class="title">proved where {escape(", ".join(decision.where))}</div>'
    return row(
        f"{escape(line.id)}{''.join(said)}",
        f'<td class="said">{_statement(line)}'
        f'<div class="title">read as: {escape(line.as_read)}</div>'
        f"{bad}{_instance(line)}{_assumptions(decision)}</td>",
    )


def _statement(line: PageLine) -> str:
    if line.code is not None:
        return code(line.code.text, "python")
    return f'<div class="wide" tabindex="0">{mathml(line.latex)}</div>'


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
    rows = (
        row(
            f'<div class="{found.decision.status}">{found.decision.status}</div>'
            f"{''.join(map(_method, found.decision.proofs))}{_second(report, found.name)}",
            f'{escape(found.statement)}<div class="title">{escape(found.assumptions)}</div>'
            f"{_wrong_property(found)}",
        )
        for found in report.properties
    )
    shown = table("What is proved of the loss beside the lines", ("status", "property"), rows)
    return f"<h2>{linked(PROPERTIES_HEAD)}</h2>{shown}"


def _wrong_property(found: PropertyFound) -> str:
    if found.holds:
        return ""
    status = found.decision.status
    return f'<p class="{status}">{escape(str(found.decision.deciding))}</p>'


def mathml(latex: str) -> str:
    """A formula as MathML."""
    from latex2mathml.converter import convert

    # MathML has a character of its own for the blackboard 1; of rows the converter knows align.
    latex = latex.replace(r"\mathbb{1}", "𝟙").replace("{aligned}", "{align*}")
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
    return f"<details><summary>for {where}</summary>{listing(body)}</details>"


def _kernels_table(report: Report) -> str:
    columns = checks_of(report, (*CHECKS, *TOLD))
    across = f'<td class="not-run" colspan="{len(columns)}">'
    rows = [_kernel_row(verdict, columns, across) for _, verdict in report.kernels]
    rows += (
        row(escape(missing.name), f"{across}not emitted: {escape(missing.why)}</td>")
        for missing in report.not_emitted
    )
    heads = ("kernel", *(linked(HEADS.get(name, name)) for name in columns))
    said = "Of each check: how many cases agree exactly, the largest difference, or the accuracy"
    return table(said, heads, rows)


def _kernel_row(verdict: Verdict, columns: Sequence[str], across: str) -> str:
    if not verdict.checks:
        return row(escape(verdict.kernel), f"{across}{escape(verdict.status)}</td>")
    checks = {check.name: check for check in verdict.checks}
    return row(escape(verdict.kernel), *(_cell(checks.get(name)) for name in columns))


def _cell(check: Check | None) -> str:
    if check is None or not check.applies:
        return "–"
    state, mark = ("passed", "✓") if check.passed else ("failed", "✗")
    return f'<span class="{state}">{mark}</span> {escape(figure(check))}'


def _asked(report: Report) -> str:
    """What each check was about, once for all the kernels of which the same is said."""
    said: dict[tuple[str, str], list[str]] = {}
    for _, verdict in report.kernels:
        for check in verdict.checks:
            said.setdefault((check.name, check.detail), []).append(verdict.kernel)
    order = (*CHECKS, *TOLD)
    rows = (
        row(
            escape(HEADS.get(name, name)),
            f'{escape(detail)}<div class="title">{escape(" · ".join(kernels))}</div>',
        )
        for (name, detail), kernels in sorted(said.items(), key=lambda one: order.index(one[0][0]))
    )
    return table("What was checked, and of which kernels", (), rows) if said else ""


def _source(kernel: Kernel | PageKernel, verdict: Verdict) -> str:
    source = code(kernel.source, kernel.language.lower())
    said = f"source of {verdict.kernel} ({kernel.language})"
    return f"<details><summary>{escape(said)}</summary>{source}</details>"


def _curve(report: Report) -> str:
    """The error of finite differences against the step, of the kernel that has the largest."""
    measured = [
        (check, verdict.kernel)
        for _, verdict in report.kernels
        for check in verdict.checks
        if np.size(check.data.get("h", ()))
    ]
    if not measured:
        return ""
    check, kernel = max(measured, key=lambda one: one[0].max_error)
    h = np.asarray(check.data["h"], dtype=float)
    below = "nowhere above" if check.passed else "not everywhere below"
    words = (
        f"The error of finite differences of “{kernel}”, which has the largest, for steps h from "
        f"{h.max():g} to {h.min():.0e}. It is {below} the bound that rounding allows, but where a "
        "step crosses a kink."
    )
    drawn = as_svg(error_against_h(check.data), words)
    return (
        f"<details><summary>error against step h</summary><p>{escape(words)}</p>{drawn}</details>"
    )
