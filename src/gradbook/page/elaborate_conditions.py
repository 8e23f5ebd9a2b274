"""Conditions, indicators of them, and cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from gradbook.page import core as c
from gradbook.page import tree as t
from gradbook.page.conditions import mirrored
from gradbook.page.core import NUMBER, Condition, Core, Fixed, Index, Range, Shape
from gradbook.page.declare import range_of, shape_of
from gradbook.page.letters import shown
from gradbook.page.shapes import fits
from gradbook.page.source import Unreadable

if TYPE_CHECKING:
    from gradbook.page.elaborate import Elaboration


def conditions(self: Elaboration, found: Sequence[t.Node]) -> tuple[Condition, ...]:
    return tuple(condition for each in found for condition in ranges(self, each))


def ranges(self: Elaboration, node: t.Node) -> list[Condition]:
    """“for all i”, “i = 1, …, n” and “v ∈ ℝ^m” say nothing new, “j = 2, …, C” that j ≥ 2."""
    assert isinstance(node, t.Chain)
    if not node.relations:
        running(self, node.sides[0])
        return []
    where = node.sides[1]
    if isinstance(where, t.Space) and not (where.sign or where.which):
        shape = shape_of(where, self.letters)
        for letter in t.listed(node.sides[0]):
            self.same(shape, self.of(letter).shape, letter.span, "the space is", "this")
        return []
    if not isinstance(where, t.Numbered):
        return [condition(self, node)]
    said = range_of(where, self.letters)
    found = []
    for letter in t.listed(node.sides[0]):
        index, wanted = running(self, letter)
        for sign, end, usual in (
            ("≥", said.first, wanted.first),
            ("≤", said.last, wanted.last),
        ):
            if end != usual:
                bound = self.fixed(end, wanted, where)
                found.append(Condition(index, sign, bound, node.span))
        for other in where.without:
            found.append(Condition(index, "≠", self.index(other, wanted), node.span))
    return found


def running(self: Elaboration, node: t.Node) -> tuple[Index, Range]:
    """An index letter, and what it is declared for."""
    if self.is_index(node):
        found = self.index(node)
        if not isinstance(found, Fixed):
            return found, found.range
    raise Unreadable(
        node.span,
        f"{shown(node, 'this')} is no index: “for all” is said of an index",
        r"a condition compares two things, with =, \ne, <, >, \le or \ge",
    )


def condition(self: Elaboration, node: t.Node) -> Condition:
    """Of two indices of one range, or two formulas of one shape."""
    assert isinstance(node, t.Chain)
    sign = {r"\ne": "≠", r"\le": "≤", r"\ge": "≥"}.get(node.relations[0].sign)
    sign = sign or node.relations[0].sign
    left, right = node.sides
    if sign in (":=", r"\in"):
        raise Unreadable(node.span, f"{sign} is no condition here", "compare with =, ≠, <, >")
    if self.is_index(left) or self.is_index(right):
        first, second = self.index(left), self.index(right)
        known = [part.range for part in (first, second) if not isinstance(part, Fixed)]
        for side, part in zip(node.sides, (first, second), strict=True):
            if isinstance(part, Fixed) and not part.value.is_Integer:
                self.fixed(part.value, known[0], side)
        if len(known) == 2 and known[0] != known[1]:
            one, other = (shown(side, "this") for side in node.sides)
            message = f"{one} is an index {known[0]}, {other} one of {known[1]}"
            raise Unreadable(node.span, f"{message}: they cannot be compared")
        return Condition(first, sign, second, node.span)
    a = self.of(left)
    b = self.of(right, a.shape)
    a = self.fitted(a, b.shape)
    if fits(a.shape, b.shape) is None:
        raise Unreadable(node.span, f"{a.shape} is compared with {b.shape}")
    return Condition(a, sign, b, node.span)


def counted(found: tuple[Condition, ...]) -> tuple[Condition, ...]:
    """Conditions of 1{…} and of a Σ. Raises Unreadable where numbers are equal or not."""
    for part in found:
        if isinstance(part.left, Core) and part.sign in ("=", "≠"):
            raise Unreadable(
                part.span,
                f"1{{… {part.sign} …}} of numbers: an indicator compares with <, >, ≤ or ≥",
                "indices are compared with = and ≠",
            )
    return found


def indicator(self: Elaboration, node: t.Indicator) -> Core:
    found = counted(conditions(self, node.conditions))
    shapes = [part.left.shape for part in found if isinstance(part.left, Core)]
    shape = next((shape for shape in shapes if not shape.is_number), NUMBER)
    if shape != NUMBER and len(found) > 1:
        raise Unreadable(node.span, "an indicator of matrices has one condition")
    return c.Ones(shape, found)


def cases(self: Elaboration, node: t.Cases, wanted: Shape) -> Core:
    branches: list[tuple[tuple[Condition, ...], Core]] = []
    shape = wanted
    before = self.known
    for value, said_of in node.branches:
        given = () if said_of is None else conditions(self, said_of)
        for part in given:
            if isinstance(part.left, Core) and part.sign in ("=", "≠"):
                raise Unreadable(part.span, "a case of numbers is told by <, >, ≤ or ≥")
        if any(given == each for each, _ in branches):
            raise Unreadable(value.span, "this case is the same as one above", r"\text{else}?")
        self.known = (*before, *given)
        found = self.of(value, shape)
        self.known = before
        shape = self.same(shape, found.shape, value.span, "the branch above is", "this one")
        branches.append((given, found))
    of_indices = not any(isinstance(each.left, Core) for given, _ in branches for each in given)
    if len(branches) == 2 and _are_all(*(given for given, _ in branches)):
        branches[1] = ((), branches[1][1])
    elif node.branches[-1][1] is not None and not (self.partial and of_indices):
        raise Unreadable(node.span, "what is it in all other cases?", r"end with & \text{else}")
    fitted = tuple((given, self.fitted(found, shape)) for given, found in branches)
    return c.Choice(shape, fitted)


def _are_all(first: tuple[Condition, ...], second: tuple[Condition, ...]) -> bool:
    """i = k, and i ≠ k: whether one of the two holds always. Of v > 0, v ≤ 0 neither need hold."""
    opposite = {"=": "≠", "≠": "=", "<": "≥", "≥": "<", ">": "≤", "≤": ">"}
    if len(first) != 1 or len(second) != 1:
        return False
    if isinstance(first[0].left, Core) and not first[0].left.shape.is_number:
        return False
    other = replace(first[0], sign=opposite[first[0].sign])
    return second[0] in (other, mirrored(other))
