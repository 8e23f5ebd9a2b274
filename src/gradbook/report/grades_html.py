"""Judgements as one self-contained HTML page, or as a fragment for a notebook."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from gradbook.judge import Finding, Judgement, Mend
from gradbook.report.grades import SANDBOXES, closing
from gradbook.report.judgement import HEADS, MARKS, change, facts, mend_head, said_first, verdict
from gradbook.report.page import code, page
from gradbook.submissions import Grades, Judged

#: Of the page's own classes, the one for each status.
_CLASSES = {"right": "passed", "wrong": "failed", "not judged": "not-run"}


def as_page(grades: Grades) -> str:
    """The whole page: one function in full; of several a table, and a section for each."""
    by = [f"judged by: {', '.join(grades.losses)}"] if grades.losses else []
    how = " · ".join([*by, f"sandbox: {SANDBOXES[grades.sandbox]}", f"seed {grades.seed}"])
    head = f'<p class="soft">{escape(how)}</p>'
    if len(grades.judged) == 1:
        (one,) = grades.judged
        return page(
            grades.asked,
            f"<h1>{escape(one.target.shown)}</h1>{head}{judgement_html(one.judgement, True)}",
        )
    state = {0: "passed", 1: "failed"}.get(grades.exit_code, "not-run")
    parts = [
        f"<h1>{escape(grades.asked)}</h1>{head}",
        f'<p class="verdict {state}">{escape(closing(grades).plain)}</p>',
        _overview(grades),
        _faults(grades),
        *(_section(number, one) for number, one in enumerate(grades.judged)),
        _passed_over(grades),
    ]
    return page(grades.asked, "\n".join(filter(None, parts)))


def fragment(grades: Grades) -> str:
    """For a notebook: the judgement of one function, or a table of several; without times."""
    grades = replace(grades, seconds=0.0)
    if len(grades.judged) == 1:
        return judgement_shown(grades.judged[0].judgement)
    rows = "".join(_overview_row(one) for one in grades.judged)
    return f"<p><b>{escape(closing(grades).plain)}</b></p><table>{rows}</table>"


def judgement_shown(judgement: Judgement) -> str:
    """One in a notebook: without the time it took, so that it shows the same at every run."""
    return judgement_html(replace(judgement, seconds=0.0))


def judgement_html(judgement: Judgement, opened: bool = False) -> str:
    """One judgement. It names no colours but by the classes of the page around it."""
    said = f"{MARKS[judgement.status]} {verdict(judgement)}"
    name = f"<b>{escape(judgement.name)}</b> " if judgement.name else ""
    return "".join(
        [
            f'<p>{name}<span class="{_CLASSES[judgement.status]}">{escape(said)}</span></p>',
            f"<p>{escape(judgement.reason)}</p>" if judgement.reason else "",
            _findings(judgement.findings),
            _mend(judgement.mend),
            _table(judgement),
            _details("what was asked", _facts(judgement), opened),
            _details("to see it, run this below the function", _example(judgement), opened),
        ]
    )


def _details(summary: str, content: str, opened: bool) -> str:
    if not content:
        return ""
    state = " open" if opened else ""
    return f"<details{state}><summary>{escape(summary)}</summary>{content}</details>"


def _findings(findings: tuple[Finding, ...]) -> str:
    items = "".join(
        f"<li>{escape(str(finding))}"
        + (f'<br><span class="soft">{escape(finding.example)}</span>' if finding.example else "")
        + "</li>"
        for finding in findings
    )
    return f"<ol>{items}</ol>" if items else ""


def _mend(mend: Mend | None) -> str:
    if mend is None:
        return ""
    lines = "\n".join(f"{mark} {line}" for mark, line in change(mend))
    return f"<p>{escape(mend_head(mend))}</p>{code(lines, 'diff')}"


def _table(judgement: Judgement) -> str:
    if all(row.agrees for row in judgement.table):
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
    return f"<table>{rows}</table>"


def _example(judgement: Judgement) -> str:
    return code(judgement.example, "python") if judgement.example else ""


def _overview(grades: Grades) -> str:
    rows = "".join(
        _overview_row(one, f"#function-{number}") for number, one in enumerate(grades.judged)
    )
    return f'<div class="wide"><table>{rows}</table></div>'


def _overview_row(one: Judged, link: str = "") -> str:
    judgement = one.judgement
    name = escape(judgement.name or one.target.shown)
    file = f'<div class="soft">{escape(one.target.shown)}</div>' if judgement.name else ""
    first = said_first(judgement)
    code = f'<div class="soft">{escape(judgement.code)}</div>' if judgement.code else ""
    return (
        '<tr><td style="text-align:left; width:35%; overflow-wrap:anywhere">'
        f"{f'<a href={link}>{name}</a>' if link else name}{file}</td>"
        f'<td style="white-space:nowrap"><span class="{_CLASSES[judgement.status]}">'
        f"{MARKS[judgement.status]} {escape(judgement.status)}</span>{code}</td>"
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


def _passed_over(grades: Grades) -> str:
    names = ", ".join(grades.passed_over)
    return f'<p class="soft">passed over: {escape(names)}</p>' if names else ""
