"""What a terminal of 80 columns would show, as plain text."""

from __future__ import annotations

from rich.console import Console, RenderableType

WIDTH = 80


def plain(shown: RenderableType) -> str:
    """What a console would show, as text whose lines end where their words do."""
    console = Console(width=WIDTH, color_system=None, force_terminal=False)
    with console.capture() as capture:
        console.print(shown, crop=False)
    return "\n".join(line.rstrip() for line in capture.get().rstrip().splitlines())
