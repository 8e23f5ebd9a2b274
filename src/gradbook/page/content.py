"""All that a line says, as text: where nothing in it has changed, nothing of the line has.

A line is its claims, with the definitions that they depend on, and what the letters of its page
are. What else stands on the page, other lines and prose, is not in it; nor is where something
stands, but for the places within the line itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache

from sympy import Basic, srepr

from gradbook.page.core import Key, Letter
from gradbook.page.page import Page, PageLine
from gradbook.page.source import Span


def content_of_letters(page: Page) -> str:
    """What each letter is, in the order of the page, but not as what it is defined."""
    writer = _Writer()
    known = [writer.letter(letter, ("span", "broken", "definition")) for letter in page.letters]
    kept = sorted(page.kept_letters)
    return "\n".join([*known, writer.said(page.letters.numbering), repr(kept)])


def content_of_line(line: PageLine) -> str:
    """What a line claims and defines, and every definition that it depends on."""
    writer = _Writer(line.span)
    said = [repr(line.unread), writer.said(line.claims), writer.said(line.definitions)]
    return "\n".join([*said, *writer.definitions()])


def content_of_definitions(page: Page) -> str:
    """As what every letter of the page is defined."""
    writer = _Writer()
    return "\n".join([writer.said(tuple(page.letters)), *writer.definitions()])


class _Writer:
    """Writes formulas of a page as text, with a letter by its key; and notes which letters it met.

    within: the line in which they stand; None where it does not matter where.
    """

    def __init__(self, within: Span | None = None) -> None:
        self._within = within
        self._met: dict[Key, Letter] = {}

    def definitions(self) -> Iterable[str]:
        """As what the letters are defined that were met, until none is new."""
        self._within, written = None, 0
        while written < len(self._met):
            yield self.letter(list(self._met.values())[written], ("span", "broken"))
            written += 1

    def letter(self, letter: Letter, without: tuple[str, ...]) -> str:
        return self._fields(letter, without) + f" {letter.broken is None}"

    def said(self, part: object) -> str:
        if isinstance(part, Letter):
            self._met.setdefault(part.key, part)
            return repr(part.key)
        if isinstance(part, Span):
            begin = self._within
            return f"{part.start - begin.start}+{part.end - part.start}" if begin else ""
        if isinstance(part, Basic):
            return _written(part)
        if isinstance(part, Mapping):
            return self.said(tuple(part.items()))
        if isinstance(part, tuple):
            return f"({', '.join(map(self.said, part))})"
        if is_dataclass(part):
            return self._fields(part)
        if part is None or isinstance(part, str | int):
            return repr(part)
        raise TypeError(f"a page has no {type(part).__name__} in its formulas")

    def _fields(self, part: object, without: tuple[str, ...] = ()) -> str:
        names = [each.name for each in fields(part) if each.name not in without]  # type: ignore[arg-type]
        said = (f"{name}={self.said(getattr(part, name))}" for name in names)
        return f"{type(part).__name__}({', '.join(said)})"


@lru_cache(maxsize=4096)
def _written(formula: Basic) -> str:
    return srepr(formula)
