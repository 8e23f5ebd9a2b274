"""Functions of higher layers that values offer as methods: imported when they are called.

No module imports what is built on it, and yet a reader writes `print(judgement)` and
`page["N3"].prove()`. All such calls go through this list.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_FUNCTIONS = {
    "decide a line": "gradbook.verify:decide",
    "load the magics": "gradbook.magics:load",
    "loss of a page": "gradbook.any_size.loss_of_page:loss_of",
    "mend a function": "gradbook.mend:mended_function",
    "show": "gradbook.report.shows:show",
}


def deferred(name: str, *given: Any) -> Any:
    """Calls the function of that name in `_FUNCTIONS`."""
    module, _, function = _FUNCTIONS[name].partition(":")
    return getattr(import_module(module), function)(*given)


class Shown:
    """A value that `report` shows, by its type: as text, in a notebook, as a picture."""

    def __str__(self) -> str:
        return str(deferred("show", self, "text"))

    def _repr_html_(self) -> str | None:
        return deferred("show", self, "html")

    def _repr_markdown_(self) -> str | None:
        return deferred("show", self, "markdown")

    def _repr_latex_(self) -> str | None:
        return deferred("show", self, "latex")
