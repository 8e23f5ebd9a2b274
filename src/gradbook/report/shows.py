"""How each type of value is shown: as text, HTML, Markdown or LaTeX."""

from __future__ import annotations

from importlib import import_module
from typing import Any

#: The function that shows a type in one way, and its module: none is loaded before it is needed.
_SHOWN = {
    ("AnySizeDerivation", "text"): ("show_any_size", "show_any_size"),
    ("AnySizeDerivation", "latex"): ("show_any_size", "latex_any_size"),
    ("Answers", "text"): ("answers", "as_text"),
    ("Answers", "markdown"): ("answers", "as_markdown"),
    ("Answers", "picture"): ("answers", "picture"),
    ("Grades", "text"): ("grades", "as_text"),
    ("Grades", "html"): ("grades_html", "fragment"),
    ("Judgement", "text"): ("judgement", "as_text"),
    ("Judgement", "html"): ("grades_html", "judgement_shown"),
    ("Report", "text"): ("terminal", "as_text"),
    ("Report", "html"): ("html", "summary"),
    ("Strength", "text"): ("strength", "as_text"),
    ("Verdict", "text"): ("verdicts", "as_text"),
    ("Verdict", "markdown"): ("markdown", "as_markdown"),
}


def show(value: object, how: str) -> Any:
    """The value as "text", "html", "markdown", "latex" or "picture"; None where it has no such."""
    found = _SHOWN.get((type(value).__name__, how))
    if found is None:
        return None
    module, function = found
    return getattr(import_module(f"gradbook.report.{module}"), function)(value)
