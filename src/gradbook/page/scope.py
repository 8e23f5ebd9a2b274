"""What a claim is about: the sizes that matter to it, and its indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from sympy import Symbol

from gradbook.page import core as c
from gradbook.page.core import ClaimRead, Condition, Core, Label, Letter, Range, Running
from gradbook.page.written import head_written


@dataclass(frozen=True)
class Scope:
    """sizes: the sizes that matter to a claim; free: its free indices; labels: its given indices;
    named: free indices that only say which example it is, where one is as good as another.
    """

    sizes: tuple[str, ...]
    free: Mapping[str, Range]
    labels: tuple[Letter, ...]
    named: frozenset[str]


def scope(claim: ClaimRead, letters: Mapping[str, Letter]) -> Scope:
    """What a claim is about; letters: the sizes."""
    found = _Found()
    for part in (claim.left, claim.right, *claim.given):
        found.walk(part)
    sizes = {symbol.name for symbol in found.sizes}
    named = frozenset(
        name
        for name, along in claim.free.items()
        if not {s.name for s in along.last.free_symbols} & sizes
        and _is_one_of_many(name, along, claim, found)
    )
    for name, along in claim.free.items():
        if name not in named:
            sizes |= {s.name for s in along.last.free_symbols | along.first.free_symbols}
    for label in found.labels.values():
        if label.range is not None:
            sizes |= {symbol.name for symbol in label.range.last.free_symbols}
    used = tuple(head for head in letters if head_written(head) in sizes)
    return Scope(used, claim.free, tuple(found.labels.values()), named)


def _is_one_of_many(name: str, along: Range, claim: ClaimRead, found: _Found) -> bool:
    """Whether an index only says which example it is, and nothing tells that one from the others:
    no second index of its range, no number, and no entry or condition that it stands in.
    """
    others = [other for each, other in claim.free.items() if each != name]
    labels = [label.range for label in found.labels.values()]
    return name not in found.indices and not found.fixed and along not in (*others, *labels)


@dataclass
class _Found:
    """Everything in a formula and in the definitions that it uses."""

    sizes: set[Symbol] = field(default_factory=set)
    indices: set[str] = field(default_factory=set)
    fixed: bool = False
    labels: dict[tuple[str, int, int], Letter] = field(default_factory=dict)
    seen: set[tuple[str, int, int]] = field(default_factory=set)

    def walk(self, part: object) -> None:
        if isinstance(part, c.Ref | Label):
            self.fixed = self.fixed or any(isinstance(slot, c.Fixed) for slot in part.slots)
        match part:
            case c.Value(value=value):
                self.sizes |= value.free_symbols
            case c.SumOver(range=along) | c.Each(range=along):
                self.sizes |= along.first.free_symbols | along.last.free_symbols
            case c.Ref(letter=letter, key=key) if key not in self.seen:
                self.seen.add(key)
                for size in (letter.shape.rows, letter.shape.columns):
                    self.sizes |= set() if size is None else size.free_symbols
                if letter.definition is not None:
                    self.walk(letter.definition.body)
            case Label(letter=letter, key=key):
                self.labels[key] = letter
            case c.At(row=row, column=column):
                self._index(row)
                self._index(column)
            case Condition(left=left, right=right):
                self._index(left)
                self._index(right)
        if isinstance(part, Core | Condition | Label):
            for each in fields(part):
                if each.name != "letter":
                    self.walk(getattr(part, each.name))
        elif isinstance(part, tuple):
            for each_part in part:
                self.walk(each_part)

    def _index(self, index: object) -> None:
        if isinstance(index, Running):
            self.indices.add(index.name)
