"""Matrices that are written block by block: which formula an entry of one has."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from sympy import Eq, Expr, Integer, Piecewise, true

from gradbook.any_size.letters import Range
from gradbook.any_size.page_letters import At, known
from gradbook.notation import equal
from gradbook.page import core as c
from gradbook.page.core import Core, Letter

if TYPE_CHECKING:
    from gradbook.any_size.entries import InEntries

ZERO = Integer(0)


def has_sizes(part: Core) -> bool:
    """Whether it is blocks of sizes that are letters."""
    blocks = [block for row in part.blocks for block in row] if isinstance(part, c.Stack) else []
    return any(not block.shape.is_number for block in blocks)


def is_in_blocks(letter: Letter) -> bool:
    """Whether its entries are given by more than one formula, as those of (1, x_1, …, x_m)."""
    body = letter.definition.body if letter.definition is not None else None
    while isinstance(body, c.Function) and body.name == "transpose":
        body = body.of
    return isinstance(body, c.Stack) and has_sizes(body)


def each(self: InEntries, part: c.Each, at: At, a: Expr, b: Expr) -> Expr:
    place = a if part.down else b
    rest = (ZERO, b) if part.down else (a, ZERO)
    first = part.range.first
    branches = [
        (self.entry(other, at, *rest), Eq(place, self.index(index, at, first), evaluate=False))
        for index, other in part.besides
    ]
    found = self.entry(part.of, {**at, part.index: place}, *rest)
    return Piecewise(*branches, (found, true)) if branches else found


def stacked(self: InEntries, part: c.Stack, at: At, a: Expr, b: Expr) -> Expr:
    """The entry of blocks that are side by side and one under the other, by cases."""
    cases, numbers = [], ZERO
    for block, row, column, rows, columns in _placed(self, part):
        entry = self.entry(
            block, at, ZERO if rows == 1 else a - row, ZERO if columns == 1 else b - column
        )
        if _is_within(a, row, rows) and _is_within(b, column, columns):
            return entry
        numbers += equal(a, row) * equal(b, column) * entry
        cases.append((entry, (a < row + rows) & (b < column + columns)))
    return Piecewise(*cases, evaluate=False) if has_sizes(part) else numbers


def _placed(self: InEntries, part: c.Stack) -> Iterator[tuple[Core, Expr, Expr, Expr, Expr]]:
    """Each block, where it begins, and its size."""
    row = ZERO
    for blocks in part.blocks:
        column, rows = ZERO, self.size(known(blocks[0].shape.rows))
        for block in blocks:
            columns = self.size(known(block.shape.columns))
            yield block, row, column, rows, columns
            column += columns
        row += rows


def _is_within(place: Expr, first: Expr, size: Expr) -> bool:
    """Whether it is one of the places first … first + size − 1, for every size."""
    beyond = place - first
    return bool(beyond.is_Integer and 0 <= beyond < Range(size).least)
