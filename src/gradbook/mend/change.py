"""A small change of a text of Python: other words in one place or two, and what it costs."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from gradbook.subjects.source import Piece

#: start and end of what is replaced, in characters, and what stands there instead.
Splice = tuple[int, int, str]


@dataclass(frozen=True)
class Change:
    """splices: in no order, none inside another. cost: the likelier a slip, the lower."""

    splices: tuple[Splice, ...]
    cost: float

    def of(self, text: str) -> str:
        """The text with the change made."""
        for start, end, new in sorted(self.splices, reverse=True):
            text = text[:start] + new + text[end:]
        return text


@dataclass(frozen=True)
class Text:
    """The text of one statement, whose first line is in the first column, and its syntax tree."""

    text: str
    tree: ast.stmt

    @classmethod
    def read(cls, text: str) -> Text:
        """Raises SyntaxError."""
        return cls(text, ast.parse(text).body[0])

    @cached_property
    def _starts(self) -> list[int]:
        """Where each line starts."""
        starts = [0]
        for line in self.lines:
            starts.append(starts[-1] + len(line))
        return starts

    @cached_property
    def lines(self) -> list[str]:
        """With their ends."""
        return [f"{line}\n" for line in self.text.split("\n")]

    def start(self, node: ast.AST) -> int:
        """Where the text of a node starts."""
        return self._place(node.lineno, node.col_offset)  # type: ignore[attr-defined]

    def end(self, node: ast.AST) -> int:
        """Where it ends."""
        return self._place(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]

    def _place(self, line: int, column: int) -> int:
        """Columns are counted in bytes of UTF-8."""
        before = self.lines[line - 1].encode()[:column]
        return self._starts[line - 1] + len(before.decode())

    def of(self, node: ast.AST) -> str:
        """The text of a node."""
        return self.text[self.start(node) : self.end(node)]

    def line_start(self, node: ast.AST) -> int:
        """Where the line starts on which a node starts."""
        return self._starts[node.lineno - 1]  # type: ignore[attr-defined]

    def line_end(self, node: ast.AST) -> int:
        """Where the line ends on which a node ends, its end of line included."""
        return min(self._starts[node.end_lineno], len(self.text))  # type: ignore[attr-defined]

    def instead(self, node: ast.AST, new: str, cost: float) -> Change:
        """The change that puts a text in the place of a node."""
        return Change(((self.start(node), self.end(node), new),), cost)


def shown(piece: Piece, text: str) -> tuple[str, list[str], list[str], str]:
    """How a statement with another text is told: place, before, after and where of a `Mend`."""
    line, before, after, above = changed_lines(piece.text, text)
    if len(after) > 1 and _stripped(before[1:]) == _stripped(after):
        before, after = before[:1], []  # a condition is left out: its lines are the same
    where = ""
    if above is not None:
        up = above < line
        where = f"{'above' if up else 'below'} {piece.place_of(above if up else above - 1)}"
    return piece.place_of(line), before, after, where


def _stripped(lines: Sequence[str]) -> list[str]:
    return [line.strip() for line in lines]


def changed_lines(before: str, after: str) -> tuple[int, list[str], list[str], int | None]:
    """The number of the first line that goes, from 0, and the lines that go and that come.

    Last, of lines that only move, the number of the old line above which they belong; else None.
    """
    old, new = before.splitlines(), after.splitlines()
    blocks = [
        block
        for block in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if block[0] != "equal"
    ]
    gone = [line for _, start, end, _, _ in blocks for line in old[start:end]]
    come = [line for _, _, _, start, end in blocks for line in new[start:end]]
    first = next((start for _, start, end, _, _ in blocks if end > start), None)
    if first is None:
        return blocks[0][1] if blocks else 0, gone, come, None
    moved = len(blocks) == 2 and [*map(str.strip, gone)] == [*map(str.strip, come)]
    above = next((start for _, start, end, _, _ in blocks if end == start), None)
    return first, gone, come, above if moved else None


def distinct(changes: Iterable[Change], text: str) -> list[Change]:
    """Of those that make the same text the cheapest, and none that makes the old one; in order."""
    made: dict[str, Change] = {text: Change((), 0.0)}
    for change in sorted(changes, key=lambda one: one.cost):
        made.setdefault(change.of(text), change)
    return list(made.values())[1:]
