"""A graded class: a table for the terminal, files for grade books, a page for each student."""

from __future__ import annotations

import csv
import io
from html import escape
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gradbook.grade import Answer, GradedClass, Submission
from gradbook.grade.assignment import Part
from gradbook.judge import Judgement
from gradbook.report.page import page, row, table

_LINES = {
    "there": "proved",
    "follows": "follows from other lines",
    "other": "says something else",
    "depends": "a letter in it is defined otherwise",
    "false": "false",
    "unread": "cannot be read",
    "missing": "not there",
}


def render_class(graded: GradedClass) -> RenderableType:
    """A row for each submission, and which faults several share."""
    table = Table(box=None, pad_edge=False, expand=False)
    table.add_column("id", overflow="fold")
    table.add_column("points", justify="right")
    table.add_column("of the parts", overflow="fold")
    for one in graded.submissions:
        parts = " · ".join(_points(answer.points) for answer in one.answers)
        table.add_row(one.id, _points(one.points), parts + " · to be read" * _unread(one))
    asked = ", ".join(f"{part.name} ({_points(part.points)})" for part in graded.assignment.parts)
    shared = [
        Text(f"  {code} in {count} submissions · {part.name}", style="dim")
        for part in graded.assignment.parts
        for code, count in graded.faults(part)
        if count > 1
    ]
    head = Text(f"{graded.assignment.title}: {asked}; seed {graded.seed}")
    return Group(head, Text(), table, *([Text(), *shared] if shared else []))


def as_csv(graded: GradedClass) -> str:
    """For a grade book: id, name, all points, those of each part, faults, and who is to be read."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    names = [part.name for part in graded.assignment.parts]
    writer.writerow(["id", "name", "points", *names, "faults", "to be read"])
    for one in graded.submissions:
        faults = " ".join(dict.fromkeys(code for each in one.answers for code in each.faults))
        points = [_points(answer.points) for answer in one.answers]
        unread = "yes" if _unread(one) else ""
        writer.writerow([one.id, one.name, _points(one.points), *points, faults, unread])
    return text.getvalue()


def as_results(one: Submission) -> dict[str, Any]:
    """What Gradescope reads from results.json, and what otter writes for it."""
    return {
        "score": one.points,
        "visibility": "visible",
        "tests": [
            {
                "name": answer.part.name,
                "score": answer.points,
                "max_score": answer.part.points,
                "status": "passed" if answer.points == answer.part.points else "failed",
                "output": "\n".join(said(answer)),
                "tags": list(answer.faults),
            }
            for answer in one.answers
        ],
    }


def said(answer: Answer) -> list[str]:
    """What is told to who handed it in: what is wrong, where it shows, and no solution."""
    if answer.missing:
        return [answer.missing]
    if answer.judgement is not None:
        found = answer.judgement
        if found.status == "not judged":
            return [f"not judged: {found.reason}"]
        told = [_right(answer, found)] if found.passed else []
        for one in found.findings:
            told.append(str(one))
            told += [f"  {one.example}"] if one.example else []
        return told
    assert answer.held is not None
    lines = [f"{held.model.id} of the model: {_LINES[held.status]}" for held in answer.asked]
    lines += [
        f"{each.letter.head} is defined otherwise than in the model"
        for each in answer.held.definitions
    ]
    assert answer.page is not None
    source = answer.page.source
    return [*(f"{source.at(each.span)}: {each.message}" for each in answer.page.errors), *lines]


def _right(answer: Answer, found: Judgement) -> str:
    """What is said of a function that is: where it returns less than was asked, what it lacks."""
    if not answer.lacking:
        return "right"
    alone = f"it returns the {found.convention.returns} alone, and " if found.convention else ""
    return f"right, as far as it goes: {alone}the {answer.lacking} was asked for"


def student_page(graded: GradedClass, one: Submission, mends: bool = False) -> str:
    """One HTML page for who handed it in. mends: whether changes that make it right are shown."""
    from gradbook.report.grades_html import judgement_shown

    title = f"{graded.assignment.title} · {one.name or one.id}"
    parts = [
        f"<h1>{escape(title)}</h1>",
        "<p>What was found of what you handed in: where it is wrong, and numbers that show it.</p>",
        f'<p class="verdict">{_points(one.points)} of {_points(graded.most)} points</p>',
    ]
    for answer in one.answers:
        parts.append(
            f"<h2>{escape(answer.part.name)}: {_points(answer.points)} of "
            f"{_points(answer.part.points)}</h2>"
        )
        if mends and answer.judgement is not None:
            parts.append(judgement_shown(answer.judgement))
        else:
            parts.append("".join(f"<p>{escape(line)}</p>" for line in said(answer)))
    return page(title, "\n".join(parts))


def class_page(graded: GradedClass) -> str:
    """One HTML page for who teaches: everybody, and which faults how many share."""
    from gradbook.judge.faults import faults

    titles = {fault.code: fault.title for fault in faults()}
    names = (part.name for part in graded.assignment.parts)
    heads = [escape(name) for name in ("id", "name", "points", "faults", *names)]
    handed_in = sum(one.path is not None for one in graded.submissions)
    points = f"Points, of {_points(graded.most)}"
    shared = "".join(_shared(graded, part, titles) for part in graded.assignment.parts)
    body = (
        f"<h1>{escape(graded.assignment.title)}</h1>"
        "<p>What a class handed in: the points of everybody, and the faults that several share.</p>"
        f'<p class="soft">{handed_in} submissions · seed {graded.seed} · a code such '
        "as GB304 is a fault, which gradbook explain knows · what is to be read could not be "
        "judged, and waits for a person</p>"
        f"{table(points, heads, map(_row, graded.submissions))}{shared}"
        f"{_to_be_read(graded)}"
    )
    return page(graded.assignment.title, body)


def _row(one: Submission) -> str:
    faults = " ".join(dict.fromkeys(code for each in one.answers for code in each.faults))
    unread = ' <span class="not-run">to be read</span>' if _unread(one) else ""
    link = f'<a href="students/{escape(one.id)}.html">{escape(one.id)}</a>'
    numbers = [one.points, *(answer.points for answer in one.answers)]
    points, *parts = (f'<td class="number">{_points(each)}</td>' for each in numbers)
    return row(link, escape(one.name), points, f"{escape(faults)}{unread}", *parts)


def _shared(graded: GradedClass, part: Part, titles: dict[str, str]) -> str:
    counted = graded.faults(part)
    if not counted:
        return ""
    rows = (
        row(code, escape(titles.get(code, "")), f'<td class="number">{count}</td>')
        for code, count in counted
    )
    heads = ("fault", "what it is", "submissions")
    return table(f"{part.name}: how many submissions have a fault", heads, rows)


def _to_be_read(graded: GradedClass) -> str:
    rows = [
        row(escape(one.id), escape(answer.part.name), escape(said(answer)[0]))
        for one in graded.submissions
        for answer in one.answers
        if one.path is not None and answer.to_be_read
    ]
    heads = ("id", "part", "why it has no points")
    return table("To be read by a person", heads, rows) if rows else ""


def _unread(one: Submission) -> bool:
    return one.path is not None and any(answer.to_be_read for answer in one.answers)


def _points(number: float) -> str:
    return f"{number:g}"
