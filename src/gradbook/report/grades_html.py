"""Judgements as one self-contained HTML page, or as a fragment for a notebook."""

from __future__ import annotations

from html import escape

from gradbook.judge import Finding, Judgement
from gradbook.report.grades import closing
from gradbook.report.judgement import HEADS, MARKS, facts, verdict
from gradbook.report.page import code, page
from gradbook.submissions import Grades, Judged

#: Of the page's own classes, the one for each status.
_CLASSES = {"right": "passed", "wrong": "failed", "not judged": "not-run"}


def as_page(grades: Grades) -> str:
    """The whole page: a table of all, and a section for each function."""
    state = {0: "passed", 1: "failed"}.get(grades.exit_code, "not-run")
    several = len(grades.judged) > 1
    parts = [
        f"<h1>{escape(grades.asked)}</h1>",
        f'<p class="soft">judged by the {escape(grades.loss)}</p>',
        f'<p class="verdict {state}">{escape(closing(grades).plain)}</p>' if several else "",
        _overview(grades) if several else "",
        _faults(grades),
        *(_section(number, one) for number, one in enumerate(grades.functions)),
        _without(grades),
    ]
    return page(grades.asked, "\n".join(filter(None, parts)))


def fragment(grades: Grades) -> str:
    """For a notebook: the judgement of one function, or a table of several."""
    if len(grades.judged) == 1:
        return judgement_html(grades.judged[0].judgement)
    rows = "".join(_overview_row(one) for one in grades.functions)
    return f"<p><b>{escape(closing(grades).plain)}</b></p><table>{rows}</table>"


def judgement_html(judgement: Judgement) -> str:
    """One judgement. It names no colours but by the classes of the page around it."""
    said = f"{MARKS[judgement.status]} {verdict(judgement)}"
    return "".join(
        [
            f'<p><b>{escape(judgement.name)}</b> <span class="{_CLASSES[judgement.status]}">'
            f"{escape(said)}</span></p>",
            f"<p>{escape(judgement.reason)}</p>" if judgement.reason else "",
            _findings(judgement.findings),
            _table(judgement),
            _facts(judgement),
            _example(judgement),
        ]
    )


def _findings(findings: tuple[Finding, ...]) -> str:
    items = "".join(
        f"<li>{escape(str(finding))}"
        + (f'<br><span class="soft">{escape(finding.example)}</span>' if finding.example else "")
        + "</li>"
        for finding in findings
    )
    return f"<ol>{items}</ol>" if items else ""


def _table(judgement: Judgement) -> str:
    if not judgement.table:
        return ""
    heads = "".join(f"<th>{escape(head)}</th>" for head in HEADS)
    rows = "".join(
        f"<tr><td>{escape(row.where)}</td><td>{escape(row.expected)}</td>"
        f"<td>{escape(row.measured)}</td>"
        f"<td>{'' if row.agrees else '<span class=failed>✗</span>'}</td></tr>"
        for row in judgement.table
    )
    return f'<div class="wide"><table><tr>{heads}</tr>{rows}</table></div>'


def _facts(judgement: Judgement) -> str:
    rows = "".join(
        f'<tr><td class="soft">{escape(head)}</td>'
        f'<td style="text-align:left">{escape(text)}</td></tr>'
        for head, text in facts(judgement)
    )
    return f"<details><summary>what was asked</summary><table>{rows}</table></details>"


def _example(judgement: Judgement) -> str:
    if not judgement.example:
        return ""
    return (
        "<details><summary>to see it, run this below the function</summary>"
        f"{code(judgement.example, 'python')}</details>"
    )


def _overview(grades: Grades) -> str:
    rows = "".join(
        _overview_row(one, f"#function-{number}") for number, one in enumerate(grades.functions)
    )
    heads = "<tr><th>file</th><th>function</th><th>verdict</th><th></th></tr>"
    return f'<div class="wide"><table>{heads}{rows}</table></div>'


def _overview_row(one: Judged, link: str = "") -> str:
    judgement = one.judgement
    name = escape(judgement.name or "–")
    first = judgement.reason or (str(judgement.findings[0]) if judgement.findings else "")
    return (
        f"<tr><td>{escape(one.target.shown)}</td>"
        f"<td>{f'<a href={link}>{name}</a>' if link else name}</td>"
        f'<td style="white-space:nowrap"><span class="{_CLASSES[judgement.status]}">'
        f"{escape(judgement.status)}</span></td>"
        f'<td style="text-align:left">{escape(first)}</td></tr>'
    )


def _faults(grades: Grades) -> str:
    shared = [(fault, count) for fault, count in grades.faults if count > 1]
    rows = "".join(
        f'<tr><td class="number">{count} ×</td><td>{escape(fault)}</td></tr>'
        for fault, count in shared
    )
    return (
        f'<h2>What several have in common</h2><table style="width:auto">{rows}</table>'
        if rows
        else ""
    )


def _section(number: int, one: Judged) -> str:
    return (
        f'<h2 id="function-{number}">{escape(one.target.shown)}</h2>{judgement_html(one.judgement)}'
    )


def _without(grades: Grades) -> str:
    names = "".join(
        f"<tr><td>{escape(one.target.shown)}</td><td>{escape(one.target.obstacle)}</td></tr>"
        for one in grades.without
    )
    return f"<h2>Without such a function</h2><table>{names}</table>" if names else ""
