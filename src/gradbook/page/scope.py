"""What a claim is about: the sizes that matter to it, and its indices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sympy import Basic

from gradbook.page import core as c
from gradbook.page.core import ClaimRead, Condition, Label, Letter, Range, Running, parts_of
from gradbook.page.written import head_written


@dataclass(frozen=True)
class Scope:
    """sizes: the sizes that matter to a claim; free: its free indices; labels: its given indices;
    named: free indices that only say which example it is, where one is as good as another: there is
    no second index of its range, no number, and no entry or condition that it stands in.
    """

    sizes: tuple[str, ...]
    free: Mapping[str, Range]
    labels: tuple[Letter, ...]
    named: frozenset[str]


def scope(claim: ClaimRead, letters: Mapping[str, Letter]) -> Scope:
    """What a claim is about; letters: the sizes."""
    parts = list(parts_of((claim.left, claim.right, claim.given), through=True))
    labels = {part.key: part.letter for part in parts if isinstance(part, Label)}
    sizes = {symbol.name for part in parts for symbol in _sizes(part)}
    sizes |= {s.name for label in labels.values() if label.range for s in _ends(label.range)}
    alone = not any(
        isinstance(part, c.Ref | Label) and any(isinstance(slot, c.Fixed) for slot in part.slots)
        for part in parts
    )
    compared = {index.name for part in parts for index in _indices(part)}
    ranges = [label.range for label in labels.values()]
    named = frozenset(
        name
        for name, along in claim.free.items()
        if alone
        and name not in compared
        and not {symbol.name for symbol in along.last.free_symbols} & sizes
        and along not in (*ranges, *(other for n, other in claim.free.items() if n != name))
    )
    free = (along for name, along in claim.free.items() if name not in named)
    sizes |= {symbol.name for along in free for symbol in _ends(along)}
    used = tuple(head for head in letters if head_written(head) in sizes)
    return Scope(used, claim.free, tuple(labels.values()), named)


def _ends(along: Range) -> Iterable[Basic]:
    return along.first.free_symbols | along.last.free_symbols


def _sizes(part: object) -> Iterable[Basic]:
    """The sizes that a part of a formula names."""
    match part:
        case c.Value(value=value):
            return value.free_symbols
        case c.Along(range=along) | c.Each(range=along):
            return _ends(along)
        case c.Ref(letter=letter):
            sizes = (letter.shape.rows, letter.shape.columns)
            return {symbol for size in sizes if size is not None for symbol in size.free_symbols}
    return ()


def _indices(part: object) -> Iterator[Running]:
    """The index letters that tell one entry or one case from another."""
    match part:
        case c.At(row=one, column=other) | Condition(left=one, right=other):
            yield from (index for index in (one, other) if isinstance(index, Running))
