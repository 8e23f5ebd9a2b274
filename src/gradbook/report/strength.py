"""What the edits of a page came to, for a terminal of 80 columns and as data."""

from __future__ import annotations

from collections import Counter
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from gradbook.report.places import located
from gradbook.report.plain import grid, plain
from gradbook.verify.strength import Noticed, Strength, Tried

_NOTICED: dict[Noticed, str] = {
    "unread": "cannot be read",
    "refuted": "refuted with values",
    "unproved": "no longer proved",
    "endless": "proved by nothing in the time there is",
}
_WHY = {
    "same": "reads the same",
    "equal": "the same value",
    "conditions": "it holds there too",
    "true": "it holds as well",
    "empty": "both sides are the same formula",
    "open": "undecided, as it was",
    "once": "its value is stated nowhere else",
}
_CUT = 25


def as_text(found: Strength) -> str:
    """The report as plain text."""
    return plain(render(found))


def render(found: Strength) -> RenderableType:
    """For a rich console: what was noticed, what was not and why, what has no reason."""
    page = found.page
    parts: list[RenderableType] = [
        Text.assemble((page.title, "bold"), (f" · {page.path.name}", "dim")),
        Text(f"{len(found.tried)} edits, one token each", style="dim"),
    ]
    counts = Counter(tried.noticed for tried in found.tried if tried.noticed)
    for noticed, words in _NOTICED.items():
        if counts[noticed]:
            parts.append(Text(f"{counts[noticed]:>6} {words}"))
    explained = [tried for tried in found.unnoticed if not tried.unexplained]
    if explained:
        parts += [Text(f"{len(explained):>6} true as well:"), _table(found, explained)]
    for tried in found.unexplained:
        message = f"{_edited(found, tried)}, and nothing notices it: {_WHY['once']}"
        hint = f"hint: state {tried.about} once more, in other words or for a small case"
        parts += [Text(), located(page.source, tried.edit.span, message, [hint])]
    return Group(*parts, Text(), _closing(found))


def _table(found: Strength, explained: list[Tried]) -> Table:
    place = {"no_wrap": True, "style": "dim", "min_width": 10, "justify": "right"}
    table = grid(place, *[{"no_wrap": True, "overflow": "ellipsis"}] * 3)
    for tried in explained:
        line, column = found.page.source.position(tried.edit.span.start)
        cell = found.page.source.cell(tried.edit.span.start)
        where = f"{cell.number}:{line}:{column}" if cell else f"{line}:{column}"
        why = _WHY[tried.reason or "same"]
        table.add_row(where, tried.about, _edited(found, tried), Text(why, style="dim"))
    return table


def _edited(found: Strength, tried: Tried) -> str:
    """What was written, and what stands there now."""
    written, now = (_short(part) for part in (_written(found, tried), tried.edit.text))
    if not written:
        return f"{now} put in"
    return f"{written} → {now}" if now else f"{written} left out"


def _written(found: Strength, tried: Tried) -> str:
    return found.page.source.text[tried.edit.span.start : tried.edit.span.end]


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _CUT else text[: _CUT - 1] + "…"


def _closing(found: Strength) -> Text:
    count = len(found.unexplained)
    if found.passed:
        return Text("no edit of a definition goes unnoticed", style="bold green")
    edits = {0: "another value would go", 1: "an edit goes"}.get(count, f"{count} edits go")
    letters = ", ".join(found.once)
    return Text(f"{edits} unnoticed: stated once only: {letters}", style="bold red")


def as_data(found: Strength) -> dict[str, Any]:
    """For `gradbook verify --strength --json`."""
    return {
        "name": found.page.title,
        "file": str(found.page.path),
        "passed": found.passed,
        "stated_once": list(found.once),
        "edits": [
            {
                "place": found.page.source.at(tried.edit.span),
                "kind": tried.edit.kind,
                "written": _written(found, tried),
                "changed": tried.edit.text,
                "noticed": tried.noticed,
                "reason": tried.reason,
                "about": tried.about,
            }
            for tried in found.tried
        ],
    }
