"""Indices and the conditions between them: for other indices, the other way round, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields, replace
from typing import Any

from gradbook.page import tree as t
from gradbook.page.core import Condition, Core, Fixed, Index, Label, Ref, Running, parts_of
from gradbook.page.written import head_written, with_indices


def digits(indices: Sequence[t.Node], wanted: int) -> Sequence[t.Node]:
    """W_{12} is the entry in row 1 and column 2."""
    if wanted != 2 or len(indices) != 1:
        return indices
    (only,) = indices
    if not isinstance(only, t.Number) or len(only.text) != 2:
        return indices
    return [t.Number(only.span, digit) for digit in only.text]


def at_indices(part: Any, at: Mapping[str, Index]) -> Any:
    """A formula, a condition or an index, with other indices in the place of some letters."""
    if isinstance(part, Running):
        return at.get(part.name, part)
    if isinstance(part, tuple):
        return tuple(at_indices(each, at) for each in part)
    if not isinstance(part, Core | Condition | Label):
        return part
    names = [each.name for each in fields(part) if each.name not in ("letter", "shape", "span")]
    return replace(part, **{name: at_indices(getattr(part, name), at) for name in names})


def mirrored(condition: Condition) -> Condition:
    """y ≠ j for j ≠ y."""
    signs = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
    sign = signs.get(condition.sign, condition.sign)
    return replace(condition, left=condition.right, sign=sign, right=condition.left)


def follows(condition: Condition, known: Sequence[Condition]) -> bool:
    """Whether it is among those that are known, either way round; j ≠ y is where j < y."""
    said = {*known, *(replace(each, sign="≠") for each in known if each.sign in "<>")}
    return condition in said or mirrored(condition) in said


def names_of(condition: Condition) -> Iterator[str]:
    """The index letters of a condition."""
    return (part.name for part in parts_of(condition) if isinstance(part, Running))


def index_written(index: object) -> str:
    match index:
        case Running(name=name):
            return head_written(name)
        case Fixed(value=value):
            return str(value).replace("-", "−")
        case Label(letter=letter, slots=slots):
            written = list(map(index_written, slots))
            return with_indices(letter.head, written[letter.above :], written[: letter.above])
    return "…"


def arguments_at(ref: Ref) -> tuple[Core, ...]:
    """The arguments of f, for the indices that it has here."""
    definition = ref.letter.definition
    slots = () if definition is None else definition.slots
    return at_indices(ref.letter.arguments, dict(zip(slots, ref.slots, strict=False)))
