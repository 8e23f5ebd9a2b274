"""Rows, columns and matrices, with dots: what stands between the first and the last.

How many rows there are is said by the index in which the first and the last differ; where they do
not differ, by what stands around, or by a mark: ← row y. With dots in two directions a matrix is a
column of rows. A diagonal with nothing, or 0, beside it is diag.
"""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from sympy import Expr, Integer

from gradbook.page import core as c
from gradbook.page import tree as t
from gradbook.page.core import Core, Fixed, Index, Range, Shape
from gradbook.page.dots import between, dotted, require_form
from gradbook.page.source import Span, Unreadable

if TYPE_CHECKING:
    from gradbook.page.elaborate import Elaboration

#: A mark: its index, the row at which it stands, and where it is written.
Mark = tuple[Index, t.Node, t.Node]


def matrix(self: Elaboration, node: t.Matrix | t.Tuple, wanted: Shape) -> Core:
    """A matrix by its blocks, or by its dots."""
    if isinstance(node, t.Tuple):
        return _along(self, list(node.items), (), node.span, wanted, down=False)
    rows, marks = node.rows, node.marks
    if not rows:
        raise Unreadable(node.span, "a matrix with nothing in it")
    if all(len(row) == 1 for row in rows):
        return _along(self, [row[0] for row in rows], marks, node.span, wanted, down=True)
    if len(rows) == 1:
        return _along(self, list(rows[0]), marks, node.span, wanted, down=False)
    if any(isinstance(cell, t.Dots) for row in rows for cell in row):
        if (diagonal := _diagonal(rows)) is not None:
            column = _along(self, diagonal, marks, node.span, Shape(None, Integer(1)), down=True)
            return c.Function(Shape(column.shape.rows, column.shape.rows), "diag", column)
        return _along(self, list(map(_row, rows)), marks, node.span, wanted, down=True)
    if len({len(row) for row in rows}) > 1:
        raise Unreadable(node.span, "rows of different lengths")
    return _blocks(self, rows, wanted)


def by_entries(self: Elaboration, node: t.Entry) -> Core | None:
    """(a_i b_j)_{ij}: the matrix with these entries; None where it is an entry of a matrix."""
    heads = {name.head for name in t.names_in(node.of)}
    names = [each.head for each in node.below if isinstance(each, t.Name) and each.plain]
    ranges = [self.letters.known[n, 0, 0].range for n in names if (n, 0, 0) in self.letters.known]
    free = heads.issuperset(names) and not self.bound.keys() & set(names)
    if not free or not 0 < len(set(names)) == len(node.below) == len(ranges) < 3:
        return None
    with ExitStack() as stack:
        for name, along in zip(names, ranges, strict=True):
            if along is None:
                return None
            stack.enter_context(self.inside(name, along))
        found = self.of(node.of)
    if not found.shape.is_number:
        return None
    wide = Integer(1)
    for name, along, down in zip(names[::-1], ranges[::-1], (len(names) == 1, True), strict=False):
        assert along is not None
        shape = Shape(along.count, wide) if down else Shape(Integer(1), along.count)
        found, wide = c.Each(shape, name, along, found, (), down), along.count
    return found


def _diagonal(rows: tuple[tuple[t.Node, ...], ...]) -> list[t.Node] | None:
    """The diagonal of a square with nothing but 0 beside it."""
    if any(len(row) != len(rows) for row in rows):
        return None
    beside = (cell for i, row in enumerate(rows) for j, cell in enumerate(row) if i != j)
    return [row[i] for i, row in enumerate(rows)] if all(map(_is_empty, beside)) else None


def _is_empty(cell: t.Node) -> bool:
    return isinstance(cell, t.Dots | t.Blank) or (isinstance(cell, t.Number) and cell.text == "0")


def _row(cells: tuple[t.Node, ...]) -> t.Node:
    span = cells[0].span.to(cells[-1].span)
    if all(isinstance(cell, t.Dots | t.Blank) for cell in cells):
        return t.Dots(span)
    return t.Tuple(span, cells)


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
        if c.is_zero(part):
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
        wanted = Shape(None, wanted.columns) if down else Shape(wanted.rows, None)
        return _blocks(self, rows, wanted)
    found = dotted(self, items, span, "entry")
    marked = [(self.index(mark), items[row], mark) for row, mark in marks]
    if any(row < dots[0] or row > dots[-1] for row, _ in marks):
        raise Unreadable(items[dots[0]].span, "a mark stands on a row between dots")
    wide = _width(self, found.of, marked, wanted, down)
    block = Shape(Integer(1), wide) if down else Shape(wide, Integer(1))
    if found.range is None:
        size = wanted.rows if down else wanted.columns
        along = _length(self, marked, size, len(found.ahead), len(found.behind), span)
    else:
        along = found.range
        if not found.ahead and not found.behind:
            self.letters.number(along, span)
    of = _fitted(found.of, block, found.first, f"an entry of {found.of.shape}")
    unmarked = [item for row, item in enumerate(items) if row not in dict(marks)]
    require_form(self, between(unmarked), found, along, of)
    besides = []
    for index, item, mark in marked:
        if not isinstance(index, Fixed) and index.range != along:
            message = f"this mark is an index {index.range}, the rows are {along}"
            raise Unreadable(mark.span, message)
        other = self.of(item, block)
        besides.append((index, _fitted(other, block, item, f"a row of {other.shape}")))
    shape = Shape(along.count, wide) if down else Shape(wide, along.count)
    each = c.Each(shape, found.name, along, of, tuple(besides), down)
    others = (*found.ahead, *found.behind)
    parts = [_fitted(self.of(item, block), block, item, "this block") for item in others]
    parts.insert(len(found.ahead), each)
    return each if not others else _stacked(parts, wide, down)


def _fitted(part: Core, block: Shape, item: t.Node, what: str) -> Core:
    """A row as wide as the others. Raises Unreadable for another one."""
    if c.is_zero(part) and not block.is_number:
        return c.Zeros(block)
    if (part.shape.rows, part.shape.columns) != (block.rows, block.columns):
        raise Unreadable(item.span, f"{what} where one of {block} belongs")
    return part


def _stacked(parts: list[Core], wide: Expr, down: bool) -> Core:
    sizes = [part.shape.rows if down else part.shape.columns for part in parts]
    length = sum((size for size in sizes if size is not None), Integer(0)).expand()
    if down:
        return c.Stack(Shape(length, wide), tuple((part,) for part in parts))
    return c.Stack(Shape(wide, length), (tuple(parts),))


def _width(self: Elaboration, of: Core, marked: list[Mark], wanted: Shape, down: bool) -> Expr:
    """How wide the rows are: as wide as one that is not 0, or as what is wanted."""
    parts = [of, *(self.of(item) for _, item, _ in marked)]
    shapes = [part.shape for part in parts if not c.is_zero(part)] or [wanted]
    sizes = [shape.columns if down else shape.rows for shape in shapes]
    return next((size for size in sizes if size is not None and size != 1), Integer(1))


def _length(
    self: Elaboration,
    marked: list[Mark],
    size: Expr | None,
    ahead: int,
    behind: int,
    span: Span,
) -> Range:
    """How many rows there are that are all the same."""
    for index, _, _ in marked:
        if not isinstance(index, Fixed):
            return index.range
    if size is None or size == 1:
        raise Unreadable(
            span,
            "how many entries do the dots stand for?",
            r"say its shape: \in \mathbb{R}^{1 \times m} behind it",
        )
    found = self.letters.numbered(size)
    return Range(found.first + ahead, found.last - behind)
