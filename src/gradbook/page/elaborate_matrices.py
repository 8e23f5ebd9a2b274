"""Rows, columns and matrices, with dots: what stands between the first and the last.

Dots are what first and last have in common: parts that differ must be one index each, the first and
the last of its range. Where they do not differ, every row is the same, and how many there are is
said by what stands around, or by a mark: ← row y.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sympy import Expr, Integer

from gradbook.page import core as c
from gradbook.page import tree as t
from gradbook.page.core import Core, Fixed, Index, Range, Running, Shape
from gradbook.page.dots import general, renamed, with_range
from gradbook.page.source import Span, Unreadable

if TYPE_CHECKING:
    from gradbook.page.elaborate import Elaboration


def matrix(self: Elaboration, node: t.Matrix | t.Tuple, wanted: Shape) -> Core:
    """A matrix by its blocks, or by its dots."""
    if isinstance(node, t.Tuple):
        return _along(self, list(node.items), (), node.span, wanted, down=False)
    rows = node.rows
    if not rows:
        raise Unreadable(node.span, "a matrix with nothing in it")
    if all(len(row) == 1 for row in rows):
        return _along(self, [row[0] for row in rows], node.marks, node.span, wanted, down=True)
    if len(rows) == 1:
        return _along(self, list(rows[0]), node.marks, node.span, wanted, down=False)
    dots = next((cell for row in rows for cell in row if isinstance(cell, t.Dots)), None)
    if dots is not None:
        raise Unreadable(
            dots.span, "dots in two directions are not read", "write the rows: W_1, ⋮, W_C"
        )
    if len({len(row) for row in rows}) > 1:
        raise Unreadable(node.span, "rows of different lengths")
    return _blocks(self, rows, wanted)


def _blocks(self: Elaboration, rows: tuple[tuple[t.Node, ...], ...], wanted: Shape) -> Core:
    found = [[self.of(cell) for cell in row] for row in rows]
    heights = [_common(self, row, cells, "rows") for row, cells in zip(found, rows, strict=True)]
    across, down = zip(*found, strict=True), zip(*rows, strict=True)
    widths = [
        _common(self, column, cells, "columns") for column, cells in zip(across, down, strict=True)
    ]
    blocks = tuple(
        tuple(self.of(cell, Shape(height, width)) for cell, width in zip(row, widths, strict=True))
        for row, height in zip(rows, heights, strict=True)
    )
    return c.Stack(Shape(sum(heights, Integer(0)), sum(widths, Integer(0))), blocks)


def _common(self: Elaboration, parts: object, cells: object, side: str) -> Expr:
    """The height of a row of blocks, or the width of a column."""
    size: Expr | None = None
    for part, cell in zip(parts, cells, strict=True):  # type: ignore[call-overload]
        if isinstance(part, c.Value) and part.value == 0:
            continue
        found = getattr(part.shape, side)
        if size is not None and found is not None and (size - found).expand() != 0:
            raise Unreadable(cell.span, f"a block of {found} {side} beside one of {size}")
        size = size if found is None else found
    return Integer(1) if size is None else size


def _along(
    self: Elaboration,
    items: list[t.Node],
    marks: tuple[tuple[int, t.Node], ...],
    span: Span,
    wanted: Shape,
    down: bool,
) -> Core:
    """Blocks one under the other, or side by side."""
    dots = [place for place, item in enumerate(items) if isinstance(item, t.Dots)]
    if not dots:
        if marks:
            raise Unreadable(marks[0][1].span, "a mark beside a matrix without dots")
        rows = tuple((item,) for item in items) if down else (tuple(items),)
        return _blocks(self, rows, _across(wanted, down))
    for place in dots:
        if place in (0, len(items) - 1) or place - 1 in dots:
            raise Unreadable(items[place].span, "dots stand between two entries")
    head, rest = _before_dots(items, dots, marks)
    if head and down and marks:
        raise Unreadable(items[dots[0]].span, "a mark stands on a row between dots")
    each = _dotted(self, rest, marks, span, wanted, down, ahead=len(head))
    if not head:
        return each
    width = each.shape.columns if down else each.shape.rows
    first = [
        self.of(item, Shape(Integer(1), width) if down else Shape(width, Integer(1)))
        for item in head
    ]
    for part, item in zip(first, head, strict=True):
        if not part.shape.is_number and (part.shape.columns if down else part.shape.rows) != width:
            raise Unreadable(item.span, f"this block is {part.shape}, the ones behind it are not")
    blocks = (*first, each)
    length: Expr = Integer(0)
    for part in blocks:
        size = part.shape.rows if down else part.shape.columns
        if size is None:
            raise Unreadable(span, "how many entries do the dots stand for?")
        length += size
    if down:
        return c.Stack(Shape(length.expand(), width), tuple((part,) for part in blocks))
    return c.Stack(Shape(width, length.expand()), (blocks,))


def _before_dots(
    items: list[t.Node], dots: list[int], marks: tuple[tuple[int, t.Node], ...]
) -> tuple[list[t.Node], list[t.Node]]:
    """(1, x_1, …, x_m): what stands ahead of the entry that the dots begin with."""
    if marks or len(dots) > 1:
        return [], items
    return items[: dots[0] - 1], items[dots[0] - 1 :]


def _dotted(
    self: Elaboration,
    items: list[t.Node],
    marks: tuple[tuple[int, t.Node], ...],
    span: Span,
    wanted: Shape,
    down: bool,
    ahead: int,
) -> Core:
    first, last = items[0], items[-1]
    before, self.at_ends = self.at_ends, True
    try:
        ends = [self.of(first), self.of(last)]
    finally:
        self.at_ends = before
    size = ends[0].shape.columns if down else ends[0].shape.rows
    size = (
        size if not _is_zero(ends[0]) else (ends[1].shape.columns if down else ends[1].shape.rows)
    )
    marked = [(self.index(mark), items[row], mark) for row, mark in marks]
    name, found, of = _between(self, ends[0], ends[1], span, wanted, down, marked, ahead)
    across = _width(self, items, marked, size, wanted, down)
    block = Shape(Integer(1), across) if down else Shape(across, Integer(1))
    of = c.Zeros(block) if _is_zero(of) and not block.is_number else of
    if of.shape.rows != block.rows or of.shape.columns != block.columns:
        raise Unreadable(first.span, f"an entry of {of.shape} where one of {block} belongs")
    _middle(self, items, marks, name, found, of)
    besides = []
    for index, item, mark in marked:
        if not isinstance(index, Fixed) and index.range != found:
            raise Unreadable(
                mark.span, f"this mark is an index {index.range}, the rows are {found}"
            )
        other = self.of(item, block)
        if not _is_zero(other) and (other.shape.rows, other.shape.columns) != (
            block.rows,
            block.columns,
        ):
            raise Unreadable(item.span, f"this row is {other.shape}, the others are {block}")
        besides.append(
            (index, c.Zeros(block) if _is_zero(other) and not block.is_number else other)
        )
    count = found.count
    shape = Shape(count, across) if down else Shape(across, count)
    return c.Each(shape, name, found, of, tuple(besides), down)


def _across(wanted: Shape, down: bool) -> Shape:
    return Shape(None, wanted.columns) if down else Shape(wanted.rows, None)


def _is_zero(part: Core) -> bool:
    return isinstance(part, c.Value) and part.value == 0


def _width(
    self: Elaboration,
    items: list[t.Node],
    marked: list[tuple[Index, t.Node, t.Node]],
    size: Expr | None,
    wanted: Shape,
    down: bool,
) -> Expr:
    """How wide the rows are: as wide as one that is not 0, or as what is wanted."""
    for _, item, _ in marked:
        part = self.of(item)
        if not _is_zero(part) and (size is None or size == 1):
            size = part.shape.columns if down else part.shape.rows
    if size == 1 and all(_written_zero(item) for item in items):
        size = wanted.columns if down else wanted.rows
    return Integer(1) if size is None else size


def _written_zero(item: t.Node) -> bool:
    return isinstance(item, t.Dots) or (isinstance(item, t.Number) and item.text == "0")


def _between(
    self: Elaboration,
    first: Core,
    last: Core,
    span: Span,
    wanted: Shape,
    down: bool,
    marked: list[tuple[Index, t.Node, t.Node]],
    ahead: int,
) -> tuple[str, Range, Core]:
    """An index letter, its range, and the entry for it."""
    ends: set[tuple[Expr, Expr]] = set()
    name = self.fresh()
    of = general(first, last, Running(name, Range(Integer(0), Integer(0))), ends)
    if of is None or len(ends) > 1:
        raise Unreadable(
            span,
            "the first and the last entry have no form in common for the dots between them",
            "they differ in one index: W_1, ⋮, W_C",
        )
    if ends:
        low, high = ends.pop()
        found = Range(low, high)
        self.letters.number(found, span)
        return name, found, with_range(of, name, found)
    for index, _, _ in marked:
        if not isinstance(index, Fixed):
            return name, index.range, of
    size = wanted.rows if down else wanted.columns
    if size is None or size == 1:
        raise Unreadable(
            span,
            "how many entries do the dots stand for?",
            r"say its shape: \in \mathbb{R}^{1 \times m} behind it",
        )
    found = self.letters.numbered(size)
    return name, Range(found.first + ahead, found.last), of


def _middle(
    self: Elaboration,
    items: list[t.Node],
    marks: tuple[tuple[int, t.Node], ...],
    name: str,
    found: Range,
    of: Core,
) -> None:
    """A row between dots without a mark says the form once more, for an index k."""
    marked = {row for row, _ in marks}
    for place, item in enumerate(items[1:-1], 1):
        if isinstance(item, t.Dots) or place in marked:
            continue
        free = dict(self.free)
        said = self.of(item)
        new = [letter for letter in self.free if letter not in free]
        self.free = free
        forms = [renamed(of, name, Running(letter, found)) for letter in (new or self.free)]
        if said == of or said in forms:
            continue
        if place in (1, len(items) - 2) and _is_entry(said, of, name, found):
            continue
        raise Unreadable(
            item.span,
            "this row is not of the form of the first and the last",
            r"a row out of order is marked beside the matrix: \leftarrow \text{row } y",
        )


def _is_entry(said: Core, of: Core, name: str, found: Range) -> bool:
    """(x_1, x_2, …, x_m): the second entry, as a number."""
    ends: set[tuple[Expr, Expr]] = set()
    common = general(renamed(of, name, Fixed(found.first)), said, Running(name, found), ends)
    return (
        common is not None and len(ends) == 1 and ends.pop()[1] in (found.first + 1, found.last - 1)
    )
