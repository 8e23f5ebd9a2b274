"""A page: its letters, its lines with what they claim, and what on it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from gradbook.page.core import ClaimRead, Letter
from gradbook.page.letters import Letters
from gradbook.page.read_statements import Read
from gradbook.page.source import PageError, Source, Span


@dataclass(frozen=True)
class PageLine:
    """One line of a page.

    id:          its tag; "line 12" where it has none.
    latex:       as it is written, without the tag.
    claims:      what it says of letters that are known; definitions: the letters it defines.
    unread:      whether a part of it could not be read.
    """

    id: str
    span: Span
    latex: str
    claims: tuple[ClaimRead, ...] = ()
    definitions: tuple[Letter, ...] = ()
    statements: tuple[Read, ...] = ()
    unread: bool = False


@dataclass(frozen=True)
class Page:
    """title: the first heading. displays: how many there are, on lines of their own."""

    source: Source
    title: str
    letters: Letters
    lines: tuple[PageLine, ...]
    errors: tuple[PageError, ...]
    displays: int

    @property
    def name(self) -> str:
        return self.title

    @property
    def path(self) -> Path:
        return self.source.path

    def __getitem__(self, id: str) -> PageLine:
        """The line with this id. Raises KeyError, with the ids there are."""
        for line in self.lines:
            if line.id == id:
                return line
        raise KeyError(f"no line {id} on this page: it has {', '.join(l.id for l in self.lines)}")

    def __iter__(self) -> Iterator[PageLine]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)
