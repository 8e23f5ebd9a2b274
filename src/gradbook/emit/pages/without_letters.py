"""Arrays that a formula needs and no letter names: inverses, and where the largest is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradbook.emit.pages.algebra import times, with_index
from gradbook.emit.pages.names import NotEmitted, free, identifier
from gradbook.emit.pages.terms import (
    LEAST,
    ONE,
    Array,
    Axis,
    FirstLargest,
    Inverse,
    LabelAt,
    Term,
    Where,
)
from gradbook.page import core as c
from gradbook.page.core import Core

if TYPE_CHECKING:
    from gradbook.emit.pages.lowered import Lowering, Place


def inverse(lowering: Lowering, inner: Core, at: Place) -> tuple[str, tuple[Axis, Axis]]:
    """The array that is the inverse of a matrix, and its axes."""
    row, column = lowering.sides(inner.shape)
    if row is None or column is None:
        raise NotEmitted("an inverse or a determinant of a number is not emitted")
    of = lowering.entry(inner, at.at(row, column))
    if of.axes - {row, column}:
        raise NotEmitted("an inverse or a determinant for each index is not emitted")
    ends = Axis("row", row.range), Axis("column", column.range)
    key = with_index(with_index(of, row, ends[0]), column, ends[1])
    if key not in lowering.inverses:
        name = f"{identifier(inner.letter.head)}_inv" if isinstance(inner, c.Ref) else "inverse"
        name = lowering.inverses[key] = free(name, lowering.arrays)
        lowering.arrays[name] = Array(name, (row, column), None, Inverse(of, row, column, name))
    return lowering.inverses[key], (row, column)


def largest(lowering: Lowering, part: c.MaxOver, at: Place) -> Term:
    """The value where the first of the largest is, as at a label: the slope is that one's."""
    axis = lowering.axis(part.range)
    within = at.where({part.index: axis})
    value = lowering.entry(part.of, within)
    chosen = times(*(lowering.condition(each, within) for each in part.conditions))
    place = FirstLargest(value if chosen == ONE else Where(chosen, value, LEAST), axis)
    axes = tuple(sorted(place.axes, key=lambda each: each.name))
    name = free(f"{identifier(part.index)}_max", lowering.arrays)
    lowering.arrays[name] = Array(name, axes, None, place)
    return with_index(value, axis, LabelAt(name, axes, axis.range.first))
