"""A bar in a terminal, while the work goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


@contextmanager
def progress(console: Console, name: str) -> Iterator[Callable[[str, int, int], None]]:
    """A bar while the work goes on; it leaves nothing behind."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(
        *columns,
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}"),
        console=console,
        transient=True,
        auto_refresh=False,  # by a thread, which would keep this process from being copied
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task(name, total=None, last="")

        def advance(last: str, done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, last=last, refresh=True)

        yield advance
