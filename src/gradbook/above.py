"""What a value offers that is worked out above it: found when it is asked for, and not before.

Data goes one way: nothing here depends on what shows it, proves it or mends it. `print(judgement)`
and `page["N3"].prove()` are doors all the same; this is the list of them, and the only one.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_DOORS = {
    "decide a line": "gradbook.verify:decide",
    "load the magics": "gradbook.magics:load",
    "loss of a page": "gradbook.any_size.loss_of_page:loss_of",
    "mend a function": "gradbook.mend:mended_function",
    "show": "gradbook.report.shows:show",
}


def above(door: str, *given: Any) -> Any:
    """What the function behind a door makes of what is given."""
    module, _, name = _DOORS[door].partition(":")
    return getattr(import_module(module), name)(*given)


class Shown:
    """A value that `report` shows, by its type: as text, in a notebook, as a picture."""

    def __str__(self) -> str:
        return str(above("show", self, "text"))

    def _repr_html_(self) -> str | None:
        return above("show", self, "html")

    def _repr_markdown_(self) -> str | None:
        return above("show", self, "markdown")

    def _repr_latex_(self) -> str | None:
        return above("show", self, "latex")
