"""Dots: the form that the first and the last have in common.

W_1, ⋮, W_C are W_k for each k, and x_1 + ⋯ + x_m is Σ_b x_b: the two parts around the dots differ
in an index only, and in one and the same. A second or a third one must be of that form as well, and
so must one between dots; what stands in front of the one that it begins with is none of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from sympy import Expr, Integer

from gradbook.page import tree as t
from gradbook.page.conditions import at_indices
from gradbook.page.core import Condition, Core, Fixed, Label, Range, Running
from gradbook.page.source import Span, Unreadable

if TYPE_CHECKING:
    from gradbook.page.elaborate import Elaboration


@dataclass(frozen=True)
class Dotted:
    """`of` for each index `name` of the range; None for one where first and last are the same.

    ahead, behind: what stands in front of it and behind it; first: the part it begins with.
    """

    ahead: tuple[t.Node, ...]
    behind: tuple[t.Node, ...]
    first: t.Node
    name: str
    range: Range | None
    of: Core


def dotted(self: Elaboration, parts: Sequence[t.Node], span: Span, what: str) -> Dotted:
    """What the dots among these parts stand for. what: "entry" or "term". Raises Unreadable."""
    dots = [place for place, part in enumerate(parts) if isinstance(part, t.Dots)]
    for place in dots:
        if place in (0, len(parts) - 1) or place - 1 in dots:
            hint = "v_1, \\dots, v_m or x_1 + \\dots + x_m"
            raise Unreadable(parts[place].span, "dots stand between two others", hint)
    before, (end, *behind) = parts[: dots[0]], parts[dots[-1] + 1 :]
    for ahead in range(len(before)):
        with self.between_dots() as name:
            first, *more = map(self.of, before[ahead:])
            last = self.of(end)
        ends: set[tuple[Expr, Expr]] = set()
        of = _general(first, last, Running(name, Range(Integer(0), Integer(0))), ends)
        if of is None or len(ends) > 1:
            continue
        found = Range(*ends.pop()) if ends else None
        if found is not None:
            of = at_indices(of, {name: Running(name, found)})
        forms = (at_indices(of, {name: nth(found, n)}) for n in range(1, len(more) + 1))
        if all(part == form for part, form in zip(more, forms, strict=True)):
            around = tuple(before[:ahead]), tuple(behind), before[ahead]
            return Dotted(*around, name, found, of)
    raise Unreadable(
        span,
        f"the first and the last {what} have no form in common for the dots between them",
        "they differ in one index: W_1, ⋮, W_C or w_1 x_1 + \\dots + w_m x_m",
    )


def between(parts: Sequence[t.Node]) -> Sequence[t.Node]:
    """What stands between the first dots and the last."""
    dots = [place for place, part in enumerate(parts) if isinstance(part, t.Dots)]
    return [part for part in parts[dots[0] : dots[-1]] if not isinstance(part, t.Dots)]


def require_form(
    self: Elaboration, parts: Sequence[t.Node], found: Dotted, along: Range, of: Core
) -> None:
    """Raises Unreadable for a part between dots that is not the form once more, for an index k."""
    for part in parts:
        free = dict(self.free)
        said = self.of(part)
        new = [letter for letter in self.free if letter not in free]
        self.free = free
        forms = [at_indices(of, {found.name: Running(name, along)}) for name in (new or self.free)]
        if said != of and said not in forms:
            raise Unreadable(
                part.span,
                "this is not of the form of the first and the last",
                r"a row out of order is marked beside the matrix: \leftarrow \text{row } y",
            )


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
