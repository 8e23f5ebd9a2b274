"""The formulas of a page, each with its place: what stands between dollars, and in environments.

markdown-it-py says which lines of the page are what; the columns are found in those lines again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

from gradbook.page.source import Source, Span, Unreadable

#: A formula in the text, or one on lines of its own.
Kind = Literal["inline", "display"]

_DISPLAYS = ("math_block", "math_block_label", "math_inline_double", "amsmath")
_OPENED = re.compile(r"\$\$|\\begin\{(equation|align|gather|multline)\*?\}|\\\[")


@dataclass(frozen=True)
class Formula:
    """LaTeX, and where it stands. label: that of `$$ … $$ (label)`, or ""."""

    kind: Kind
    latex: str
    start: int
    label: str = ""


@dataclass(frozen=True)
class Read:
    """What stands on a page: its title, its formulas in their order, and what is not closed."""

    title: str
    formulas: tuple[Formula, ...]
    unclosed: tuple[Unreadable, ...]


def formulas(source: Source) -> Read:
    """The formulas of the page. A display that is never closed is an error, not prose."""
    tokens = _parser().parse(source.text)
    lines = _Lines(source)
    found: list[Formula] = []
    unclosed: list[Unreadable] = []
    title = ""
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and not title:
            title = tokens[place + 1].content
        if token.map is None:
            continue
        start, end = lines.between(*token.map)
        if token.type in _DISPLAYS:
            found.append(_display(token, lines, start, end))
        elif token.type == "fence" and token.info.split() and token.info.split()[0] in _FENCES:
            found.append(lines.formula("display", token.content, start, end))
        elif token.type == "inline":
            found += _of_paragraph(token, lines, start, end)
            unclosed += _never_closed(token, lines, start, end)
    return Read(title or source.path.stem, tuple(found), tuple(unclosed))


_FENCES = ("math", "{math}")


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark").use(dollarmath_plugin, double_inline=True).use(amsmath_plugin)


def _display(token: Token, lines: _Lines, start: int, end: int) -> Formula:
    formula = lines.formula("display", token.content, start, end)
    label = token.info.strip() if token.type == "math_block_label" else ""
    return Formula("display", formula.latex, formula.start, label)


def _of_paragraph(token: Token, lines: _Lines, start: int, end: int) -> Iterator[Formula]:
    for child in token.children or []:
        if child.type in ("math_inline", *_DISPLAYS):
            kind: Kind = "inline" if child.type == "math_inline" else "display"
            formula = lines.formula(kind, child.content, start, end, opened=child.markup or "$")
            start = formula.start + len(formula.latex)
            yield formula


def _never_closed(token: Token, lines: _Lines, start: int, end: int) -> Iterator[Unreadable]:
    for child in token.children or []:
        opened = _OPENED.search(child.content) if child.type == "text" else None
        if opened is not None:
            place = lines.text.find(opened[0], start, end)
            place = start if place < 0 else place
            yield Unreadable(
                Span(place, place + len(opened[0])),
                f"a display begins with {opened[0]} and is never closed",
                "close it with the same sign, on a line of its own",
            )


class _Lines:
    """The text by its lines; signs of a quotation are blank, so that a formula reads on."""

    def __init__(self, source: Source) -> None:
        self.text = re.sub(
            r"^(?: {0,3}>)+", lambda found: " " * len(found[0]), source.text, flags=re.M
        )
        self._starts = [0, *(found.end() for found in re.finditer("\n", self.text))]

    def between(self, first: int, last: int) -> tuple[int, int]:
        """The characters of some lines."""
        starts = [*self._starts, len(self.text)]
        return starts[first], starts[min(last, len(starts) - 1)]

    def formula(self, kind: Kind, content: str, start: int, end: int, opened: str = "") -> Formula:
        """The formula whose text the parser gives as `content`, somewhere from start to end."""
        rows = [re.escape(row.strip()) for row in content.strip().split("\n")]
        found = re.search(re.escape(opened) + r"\s*(" + r"\s*".join(rows) + ")", self.text[start:])
        if found is None:  # an odd indent: the lines as they are, so that nothing is skipped
            return Formula(kind, self.text[start:end], start)
        return Formula(kind, found[1], start + found.start(1))
