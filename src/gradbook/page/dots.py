"""Dots: the form that the first and the last have in common.

W_1, ⋮, W_C are W_k for each k, and x_1 + ⋯ + x_m is Σ_b x_b: the two parts around the dots differ
in an index only, and in one and the same. A second or a third entry must be of that form as well;
what stands in front of the entry that it begins with is none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from sympy import Expr, Integer

from gradbook.page import tree as t
from gradbook.page.conditions import at_indices
from gradbook.page.core import Condition, Core, Fixed, Label, Range, Running

if TYPE_CHECKING:
    from gradbook.page.elaborate import Elaboration


@dataclass(frozen=True)
class Dotted:
    """`of` for each index `name` of the range; None for one where first and last are the same.

    ahead: how many of the parts before the dots are none of its.
    """

    ahead: int
    name: str
    range: Range | None
    of: Core


def dotted(self: Elaboration, before: Sequence[t.Node], behind: t.Node) -> Dotted | None:
    """What the dots between these parts stand for; None for nothing."""
    for ahead in range(len(before)):
        with self.between_dots() as name:
            first, *more = map(self.of, before[ahead:])
            last = self.of(behind)
        ends: set[tuple[Expr, Expr]] = set()
        of = _general(first, last, Running(name, Range(Integer(0), Integer(0))), ends)
        if of is None or len(ends) > 1:
            continue
        found = Range(*ends.pop()) if ends else None
        if found is not None:
            of = at_indices(of, {name: Running(name, found)})
        forms = (at_indices(of, {name: nth(found, n)}) for n in range(1, len(more) + 1))
        if all(part == form for part, form in zip(more, forms, strict=True)):
            return Dotted(ahead, name, found, of)
    return None


def nth(along: Range | None, number: int) -> Fixed:
    """The index of an entry, counted from 0."""
    return Fixed(number if along is None else along.first + number)


def _general(one: Any, other: Any, index: Running, ends: set[tuple[Expr, Expr]]) -> Any:
    """What two formulas have in common, with the index where they differ; None for nothing."""
    if one == other:
        return one
    if isinstance(one, Fixed) and isinstance(other, Fixed):
        ends.add((one.value, other.value))
        return index
    if type(one) is not type(other):
        return None
    if isinstance(one, tuple):
        if len(one) != len(other):
            return None
        parts = [_general(a, b, index, ends) for a, b in zip(one, other, strict=True)]
        return None if any(part is None for part in parts) else tuple(parts)
    if not isinstance(one, Core | Condition | Label | Running):
        return None
    changed = {}
    for each in fields(one):
        a, b = getattr(one, each.name), getattr(other, each.name)
        if not each.compare or a is b is None:
            continue
        part = _general(a, b, index, ends)
        if part is None:
            return None
        changed[each.name] = part
    return replace(one, **changed)
