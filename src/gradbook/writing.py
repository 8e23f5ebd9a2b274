"""Files that are written whole, or not at all; reports that are written as they grow."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def require_writable(path: Path) -> None:
    """Makes the folder of the file. Raises OSError, with its path, where it cannot be written."""
    with _about(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.is_dir():
            os.open(path, os.O_WRONLY)  # says why not
        if path.is_file() or not path.exists():
            with tempfile.NamedTemporaryFile(dir=path.resolve().parent):
                pass


def write_json(path: Path, data: Any) -> None:
    """The data as JSON, to be read by people too. Raises OSError, with the path."""
    write(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")


def write(path: Path, text: str) -> None:
    """The whole text; until it is there, what stood there before. Raises OSError, with the path."""
    require_writable(path)
    with _about(path):
        if path.exists() and not path.is_file():  # a pipe, or a terminal
            path.write_text(text, encoding="utf-8")
            return
        place = path.resolve()
        beside = place.with_name(f".{place.name}.{os.getpid()}")
        try:
            beside.write_text(text, encoding="utf-8")
            os.replace(beside, place)
        finally:
            beside.unlink(missing_ok=True)


def as_it_grows(keep: Callable[[], object]) -> Callable[[int], None]:
    """What is told how much there is, and keeps it whenever there is a tenth more than when it was
    kept last: so all of it costs what the last does, a few times.
    """
    kept = 0

    def told(there: int) -> None:
        nonlocal kept
        if 1.1 * kept <= there:
            kept = there
            keep()

    return told


@contextmanager
def _about(path: Path) -> Iterator[None]:
    """What goes wrong is said of this path."""
    try:
        yield
    except OSError as error:
        raise type(error)(error.errno, error.strerror, str(path)) from error
