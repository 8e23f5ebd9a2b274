"""`gradbook verify` of pages: lecture.md, lecture.ipynb."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from gradbook.report.progress import progress
from gradbook.writing import require_writable, write

if TYPE_CHECKING:
    from gradbook.page import Page

#: The endings of files that are pages.
ENDINGS = (".md", ".ipynb")


def is_page(target: str) -> bool:
    return Path(target).suffix in ENDINGS


def strengths(targets: Sequence[str], console: Console, json_file: Path | None, jobs: int) -> int:
    """Tries the edits of each page. Returns 0 if all are noticed or explained, else 1."""
    from gradbook.page import read
    from gradbook.report.strength import as_data, render
    from gradbook.strength import strength

    if not targets or not all(map(is_page, targets)):
        raise ValueError("--strength is of pages: name a page.md or a notebook.ipynb")
    if json_file:
        require_writable(json_file)
    found = []
    for target in targets:
        page = read(target)
        with progress(console, page.title) as advance:
            found.append(strength(page, jobs, advance))
        console.print(render(found[-1]), highlight=False)
    if json_file:
        data = {"pages": [as_data(each) for each in found]}
        write(json_file, json.dumps(data, indent=1, ensure_ascii=False) + "\n")
        console.print(f"report: {json_file}", style="dim", highlight=False, soft_wrap=True)
    return 0 if all(each.passed for each in found) else 1


def verify_pages(
    targets: Sequence[str],
    console: Console,
    json_file: Path | None,
    html_file: Path | None,
    model_file: Path | None = None,
) -> int:
    """Verifies each page, holds it against a model page if there is one, and prints what was found.

    Returns 0 if all holds, 1 if a line is false, or one of the model is not there, 2 where
    something cannot be read or is undecided. Raises ValueError for a target that is no page.
    """
    from gradbook.against import against
    from gradbook.page import read
    from gradbook.report import against as beside
    from gradbook.report.page import page as html_page
    from gradbook.report.pages import as_data, as_html, render
    from gradbook.verify_pages import verify_page

    if others := [target for target in targets if not is_page(target)]:
        raise ValueError(f"pages and derivations are verified apart: leave out {', '.join(others)}")
    for path in filter(None, (html_file, json_file)):
        require_writable(path)
    model = None if model_file is None else _model(model_file)
    reports, data, lacking = [], [], False
    for target in targets:
        page = read(target)
        with progress(console, page.title) as advance:
            reports.append(verify_page(page, advance))
        console.print(render(reports[-1]), highlight=False)
        data.append(as_data(reports[-1]))
        if model is not None:
            held = against(page, model, reports[-1].false)
            lacking = lacking or not held.passed
            console.print("", beside.render(held, page), sep="\n", highlight=False)
            data[-1]["against"] = beside.as_data(held, page)
    if json_file:
        write(json_file, json.dumps({"pages": data}, indent=1, ensure_ascii=False) + "\n")
    if html_file:
        title = " · ".join(report.page.title for report in reports)
        write(html_file, html_page(title, "\n".join(map(as_html, reports))))
    for path in filter(None, (html_file, json_file)):
        console.print(f"report: {path}", style="dim", highlight=False, soft_wrap=True)
    if all(report.passed for report in reports) and not lacking:
        return 0
    return 1 if lacking or any(report.refuted for report in reports) else 2


def _model(path: Path) -> Page:
    """A model page. Raises ValueError for one that cannot be read as a whole."""
    from gradbook.page import read

    model = read(path)
    if model.errors:
        where = model.source.at(model.errors[0].span)
        raise ValueError(f"the model is not read as a whole: {where}: {model.errors[0].message}")
    return model
