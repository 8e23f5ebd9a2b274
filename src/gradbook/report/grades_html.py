"""Judgements as one self-contained HTML page, or as a fragment for a notebook."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from gradbook.judge import Finding, Judgement, Mend
from gradbook.report.grades import SANDBOXES, closing
from gradbook.report.judgement import HEADS, MARKS, change, facts, mend_head, said_first, verdict
from gradbook.report.page import code, page, row, table
from gradbook.submissions import Grades, Judged

#: Of the page's own classes, the one for each status.
_CLASSES = {"right": "passed", "wrong": "failed", "not judged": "not-run"}


_ABOUT = (
    "This report says of each function whether it computes the loss and the gradient of its page, "
    "and if not, what is wrong with it."
)
_LEGEND = (
    "✓ it gave the exact answers to all that it was asked · ✗ it did not: the first sentence names "
    "the cause, with the line of the page and the code that gradbook explain knows · – it could "
    "not be judged"
)


def as_page(grades: Grades) -> str:
    """The whole page: one function in full; of several a table, and a section for each."""
    by = [f"judged by: {', '.join(grades.losses)}"] if grades.losses else []
    how = " · ".join([*by, f"sandbox: {SANDBOXES[grades.sandbox]}", f"seed {grades.seed}"])
    head = f'<p>{_ABOUT}</p><p class="soft">{_LEGEND}</p><p class="soft">{escape(how)}</p>'
    if len(grades.judged) == 1:
        (one,) = grades.judged
        return page(
            grades.asked,
            f"<h1>{escape(one.target.shown)}</h1>{head}{judgement_html(one.judgement, True)}"
            f"{_left_out(grades)}",
        )
    state = {0: "passed", 1: "failed"}.get(grades.exit_code, "not-run")
    parts = [
        f'<h1>{len(grades.judged)} functions</h1><p class="title">{escape(grades.asked)}</p>{head}',
        f'<p class="verdict {state}">{escape(closing(grades).plain)}</p>',
        _overview(grades),
        _faults(grades),
        *(_section(number, one) for number, one in enumerate(grades.judged)),
        _left_out(grades),
        _passed_over(grades),
    ]
    return page(grades.asked, "\n".join(filter(None, parts)))


def fragment(grades: Grades) -> str:
    """For a notebook: the judgement of one function, or a table of several; without times."""
    grades = replace(grades, seconds=0.0)
    if len(grades.judged) == 1:
        return judgement_shown(grades.judged[0].judgement)
    rows = [_overview_row(one) for one in grades.judged]
    shown = table("Every function, and the first that was found of it", (), rows)
    return f"<p><b>{escape(closing(grades).plain)}</b></p>{shown}"


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
    if all(one.agrees for one in judgement.table):
        return ""
    heads = [escape(head) for head in HEADS[:3]]
    wrong = ' <span class="failed">✗</span>'
    rows = (
        row(
            escape(one.where),
            escape(one.expected),
            f"{escape(one.measured)}{'' if one.agrees else wrong}",
        )
        for one in judgement.table
    )
    return table("By what x̃ is multiplied in each row of the gradient", heads, rows)


def _facts(judgement: Judgement) -> str:
    rows = [row(escape(head), escape(text)) for head, text in facts(judgement)]
    return table("The function, and what it was asked", (), rows)


def _example(judgement: Judgement) -> str:
    return code(judgement.example, "python") if judgement.example else ""


def _overview(grades: Grades) -> str:
    return table(
        "Every function, and the first that was found of it",
        ("function", "finding"),
        (_overview_row(one, f"#function-{number}") for number, one in enumerate(grades.judged)),
    )


def _overview_row(one: Judged, link: str = "") -> str:
    judgement = one.judgement
    name = escape(judgement.name or one.target.shown)
    file = f'<div class="soft">{escape(one.target.shown)}</div>' if judgement.name else ""
    first = said_first(judgement)
    code = f'<div class="soft">{escape(judgement.code)}</div>' if judgement.code else ""
    status = (
        f'<div class="{_CLASSES[judgement.status]}">{MARKS[judgement.status]} '
        f"{escape(judgement.status)}</div>"
    )
    shown = f'<a href="{link}">{name}</a>' if link else name
    return row(f"{shown}{status}{code}", f"{escape(first)}{file}")


def _faults(grades: Grades) -> str:
    shared = [(fault, count) for fault, count in grades.faults if count > 1]
    rows = [row(f"{count} ×", escape(fault)) for fault, count in shared]
    return table("What several have in common", (), rows) if rows else ""


def _section(number: int, one: Judged) -> str:
    return (
        f'<h2 id="function-{number}">{escape(one.target.shown)}</h2>{judgement_html(one.judgement)}'
    )


def _left_out(grades: Grades) -> str:
    rows = [_overview_row(one) for one in grades.left_out]
    return table("Left out beside these", ("function", "why"), rows) if rows else ""


def _passed_over(grades: Grades) -> str:
    names = ", ".join(grades.passed_over)
    return f'<p class="soft">passed over: {escape(names)}</p>' if names else ""
