"""What a page has of a model page, for a terminal of 80 columns and as data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gradbook.page import Page
from gradbook.page.as_read import text
from gradbook.page.core import Letter
from gradbook.page.letters import written
from gradbook.report.places import located
from gradbook.report.plain import grid
from gradbook.verify.against import Against, Differs, Held, Status

_STATEMENT = 46
_WORDS: dict[Status, tuple[str, str]] = {
    "there": ("there", "green"),
    "follows": ("not stated, follows", "cyan"),
    "other": ("another claim", "yellow"),
    "depends": ("as above", "yellow"),
    "false": ("false", "bold red"),
    "unread": ("not read", "bold red"),
    "missing": ("missing", "yellow"),
}


def render(found: Against, page: Page) -> RenderableType:
    """For a rich console: what differs, what is missing, and how much is there."""
    parts: list[RenderableType] = [Text(f"Against {found.model.path.name}", style="bold")]
    for differs in found.definitions:
        said = [f"here:      {_defined(differs.letter)}", f"the model: {_defined(differs.model)}"]
        message = f"{written(differs.letter)} is another value than in {found.model.path.name}"
        parts += [located(page.source, differs.letter.span, message, said), Text()]
    rest = [held for held in found.lines if held.status != "there"]
    if rest:
        parts.append(_table(rest))
    return Group(*parts, *_closing(found))


def _table(rest: list[Held]) -> Table:
    wide = _STATEMENT - max(max(len(held.model.id) for held in rest) - len("N14"), 0)
    statement = {"no_wrap": True, "width": wide, "overflow": "ellipsis"}
    table = grid({"style": "bold", "no_wrap": True}, statement, {"no_wrap": True})
    table.add_row(" line", Text("the model says", style="dim"), Text("here", style="dim"))
    for held in rest:
        words, style = _WORDS[held.status]
        table.add_row(f" {held.model.id}", Text(held.model.as_read), Text(words, style=style))
    return table


def _closing(found: Against) -> Iterator[Text]:
    kept = [held for held in found.lines if held.status in ("there", "follows")]
    words = f"{len(kept)} of {len(found.lines)} lines of {found.model.path.name} are there"
    missing = [held.model.id for held in found.lines if held.status == "missing"]
    words += f" · missing: {', '.join(missing)}" if missing else ""
    yield Text(words, style="bold green" if found.passed else "bold yellow")


def _defined(letter: Letter) -> str:
    body = letter.definition.body if letter.definition is not None else None
    return f"{written(letter)} := {'…' if body is None else text(body)}"


def as_data(found: Against, page: Page) -> dict[str, Any]:
    """For `gradbook verify --against --json`."""
    return {
        "model": str(found.model.path),
        "passed": found.passed,
        "lines": [
            {
                "id": held.model.id,
                "status": held.status,
                "model": held.model.as_read,
                "place": None if held.line is None else page.source.at(held.line.span),
            }
            for held in found.lines
        ],
        "definitions": [_differs(differs, page) for differs in found.definitions],
    }


def _differs(differs: Differs, page: Page) -> dict[str, Any]:
    return {
        "letter": written(differs.letter),
        "place": page.source.at(differs.letter.span),
        "here": _defined(differs.letter),
        "model": _defined(differs.model),
    }
