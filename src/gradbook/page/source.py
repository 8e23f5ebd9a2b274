"""Where something stands on a page, and what is said of it there.

A page is one text: a Markdown file, or the Markdown cells of a notebook, one after another. A
`Span` is a stretch of that text; a `Source` turns it into file, line and column.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

_LETTERS = re.compile(r"\\[a-zA-Z]+|(?<![_^])(?<![_^]\{)[a-zA-Z]{2,}")


@dataclass(frozen=True, order=True)
class Span:
    """From the character `start` of the text up to, and without, the character `end`."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """From here to the end of the other."""
        return Span(min(self.start, other.start), max(self.end, other.end))

    def meets(self, other: Span) -> bool:
        """Whether they have a character in common."""
        return self.start < other.end and other.start < self.end


class Unreadable(Exception):
    """What cannot be read, where, and what would help. It costs one statement, never the page."""

    def __init__(self, span: Span, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.span, self.message, self.hint = span, message, hint


class Waits(Exception):
    """A statement with a letter whose own definition cannot be read: said there, not again here."""

    def __init__(self, cause: PageError) -> None:
        super().__init__(cause.message)
        self.cause = cause


@dataclass
class PageError:
    """An error on the page.

    code:  what kind it is: "page", or "waits" for none of its own.
    waits: how many lines cannot be read because of it.
    """

    span: Span
    message: str
    hint: str = ""
    line: str = ""
    waits: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Cell:
    """A Markdown cell of a notebook: its number among all cells, from 1, and where it begins."""

    number: int
    start: int


class NoPage(ValueError):
    """There is no page at this path, or its text cannot be had."""


@dataclass(frozen=True)
class Source:
    """The text of a page. cells: empty for a Markdown file."""

    path: Path
    text: str
    cells: tuple[Cell, ...] = ()

    @staticmethod
    def read(path: Path, cell: str | None = None) -> Source:
        """Of a notebook, its Markdown cells; or the one that begins with `%%page` and a name.

        Raises NoPage for a file that is not there, is no text or no notebook, or has no such cell.
        """
        try:
            text = path.read_text("utf-8")
        except FileNotFoundError:
            raise NoPage(f"there is no page {path}") from None
        except (OSError, UnicodeDecodeError) as error:
            raise NoPage(f"{path} cannot be read: {error}") from None
        if path.suffix != ".ipynb":
            return Source(path, text)
        try:
            cells = list(_cells(json.loads(text), cell))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise NoPage(f"{path} is no notebook: {error}") from None
        if cell and not cells:
            raise NoPage(f"{path.name} has no cell that begins with %%page {cell}")
        return Source._of_cells(path, cells[-1:] if cell else cells)

    @staticmethod
    def _of_cells(path: Path, cells: list[tuple[int, str]]) -> Source:
        found, text = [], ""
        for number, written in cells:
            found.append(Cell(number, len(text)))
            text += written.rstrip("\n") + "\n\n"
        return Source(path, text, tuple(found))

    def replaced(self, span: Span, text: str) -> Source:
        """The same page with this text in place of what stands in the span."""
        longer = len(text) - (span.end - span.start)
        cells = tuple(
            Cell(cell.number, cell.start + longer * (cell.start > span.start))
            for cell in self.cells
        )
        return Source(self.path, self.text[: span.start] + text + self.text[span.end :], cells)

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line begins."""
        return [0, *(place + 1 for place, sign in enumerate(self.text) if sign == "\n")]

    def cell(self, place: int) -> Cell | None:
        """The cell of a notebook in which this character stands."""
        before = [cell for cell in self.cells if cell.start <= place]
        return before[-1] if before else None

    def position(self, place: int) -> tuple[int, int]:
        """Line and column, from 1; in a notebook, of the cell."""
        row = bisect_right(self._starts, place) - 1
        cell = self.cell(place)
        first = bisect_right(self._starts, cell.start) - 1 if cell else 0
        return row - first + 1, place - self._starts[row] + 1

    def word(self, span: Span) -> Span | None:
        """The letters side by side, as of max without its backslash, in which the span begins."""
        row = self._starts[bisect_right(self._starts, span.start) - 1]
        words = (Span(*found.span()) for found in _LETTERS.finditer(self.text, row, span.end + 40))
        found = next((each for each in words if each.start <= span.start < each.end), None)
        return None if found is None or self.text[found.start] == "\\" else found

    def at(self, span: Span) -> str:
        """lecture.md:61:24, or lecture.ipynb, cell 3:5:24."""
        line, column = self.position(span.start)
        cell = self.cell(span.start)
        return f"{self.path.name}{f', cell {cell.number}' if cell else ''}:{line}:{column}"

    def shown(self, span: Span, width: int = 74) -> tuple[str, str, str]:
        """The number of the line on which the span begins, the line, and carets under the span."""
        row = bisect_right(self._starts, span.start) - 1
        begins = self._starts[row]
        line = self.text[begins:].split("\n", 1)[0].rstrip()
        first, last = span.start - begins, min(span.end - begins, len(line))
        if len(line) > width:  # a window on a long line, with what is meant in it
            left = max(0, min(first - 12, len(line) - width)) if last > width - 1 else 0
            line = ("…" if left else "") + line[left + bool(left) :]
            line = line if len(line) <= width else line[: width - 1] + "…"
            first, last = first - left, min(last - left, len(line))
        number = str(self.position(span.start)[0])
        return number, line, " " * first + "^" * max(1, last - first)


def _cells(
    notebook: dict[str, list[dict[str, str]]], named: str | None
) -> Iterator[tuple[int, str]]:
    for number, cell in enumerate(notebook["cells"], 1):
        text = "".join(cell["source"])
        magic, _, page = text.partition("\n")
        if named and cell["cell_type"] == "code":
            if magic.startswith("%%page") and named in magic.split():
                yield number, "\n" + page
        elif not named and cell["cell_type"] == "markdown":
            yield number, text
