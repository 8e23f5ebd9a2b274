"""What two formulas have in common: the form that dots between them stand for.

W_1, ⋮, W_C are W_k for each k: two formulas that differ in an index only, and in one and the same.
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from sympy import Expr

from gradbook.page.core import Condition, Core, Fixed, Index, Label, Range, Running


def general(one: Any, other: Any, index: Running, ends: set[tuple[Expr, Expr]]) -> Any:
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
        parts = [general(a, b, index, ends) for a, b in zip(one, other, strict=True)]
        return None if any(part is None for part in parts) else tuple(parts)
    if not isinstance(one, Core | Condition | Label | Running):
        return None
    changed = {}
    for each in fields(one):
        if not each.compare:
            continue
        a, b = getattr(one, each.name), getattr(other, each.name)
        if a is None and b is None:
            continue
        part = general(a, b, index, ends)
        if part is None:
            return None
        changed[each.name] = part
    return replace(one, **changed)


def with_range(of: Any, name: str, found: Range) -> Any:
    """The same, once the range of its index is known."""
    if isinstance(of, Running):
        return Running(name, found) if of.name == name else of
    if isinstance(of, tuple):
        return tuple(with_range(part, name, found) for part in of)
    if isinstance(of, Core | Condition | Label):
        changed = {
            each.name: with_range(getattr(of, each.name), name, found)
            for each in fields(of)
            if each.name != "letter"
        }
        return replace(of, **changed)
    return of


def renamed(of: Any, name: str, index: Index) -> Any:
    if isinstance(of, Running):
        return index if of.name == name else of
    if isinstance(of, tuple):
        return tuple(renamed(part, name, index) for part in of)
    if isinstance(of, Core | Condition | Label):
        changed = {
            each.name: renamed(getattr(of, each.name), name, index)
            for each in fields(of)
            if each.name != "letter"
        }
        return replace(of, **changed)
    return of
