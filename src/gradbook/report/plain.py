"""What a terminal of 80 columns would show, as plain text; tables and paragraphs for it."""

from __future__ import annotations

import textwrap
from typing import Any

from rich.console import Console, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

WIDTH = 80


def plain(shown: RenderableType) -> str:
    """What a console would show, as text whose lines end where their words do."""
    console = Console(width=WIDTH, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(shown, crop=False)
    return "\n".join(line.rstrip() for line in capture.get().rstrip().splitlines())


def grid(*columns: dict[str, Any], gap: int = 2) -> Table:
    """An empty table without lines, with so wide a gap behind each of its columns."""
    table = Table.grid(padding=(0, gap, 0, 0))
    for column in columns:
        table.add_column(**column)
    return table


def wrapped(text: str, indent: int, style: str = "") -> RenderableType:
    """A text within the width, indented."""
    lines = textwrap.wrap(text, WIDTH - indent, break_on_hyphens=False)
    return Padding(Text("\n".join(lines), style=style), (0, 0, 0, indent), expand=False)
