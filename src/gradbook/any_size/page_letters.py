"""The letters, sizes and indices of a page as those of formulas in entries, from 0 on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, count

from sympy import Add, Expr, Symbol

from gradbook.any_size.letters import Defined, Given, Index, Size, with_shape
from gradbook.notation import equal
from gradbook.page import Page
from gradbook.page.core import Fixed, Label, Letter, Running
from gradbook.page.core import Index as PageIndex
from gradbook.page.core import Range as PageRange
from gradbook.page.letters import size_symbol
from gradbook.page.written import head_written

#: More terms are not written one by one.
FEW = 8

Key = tuple[str, int, int]
#: What the index letters of a page are here.
At = Mapping[str, Expr]


class NotInEntries(ValueError):
    """What has no formula in entries; says what it lacks."""


@dataclass
class PageLetters:
    """What each letter of a page is here. _taken: the names of the indices around.

    which: what a condition says of a letter, as that it is symmetric.
    """

    page: Page
    which: dict[Key, str] = field(default_factory=dict, init=False)
    _letters: dict[Key, Expr] = field(default_factory=dict, init=False)
    _taken: set[str] = field(default_factory=set, init=False)

    def _index(self, name: str, size: Expr) -> Index:
        """A letter for an index, named as nothing else around; it is taken from now on."""
        name = name.strip("#") or "j"
        names = chain([name], (f"{name}{number}" for number in count(1)))
        free = next(each for each in names if each not in self._taken)
        self._taken.add(free)
        return Index(free, size)

    @contextmanager
    def running(self, name: str, size: Expr) -> Iterator[Index]:
        """An index that runs within a formula."""
        by = self._index(name, size)
        try:
            yield by
        finally:
            self._taken.remove(by.name)

    # Sizes and indices.

    @cached_property
    def _sizes(self) -> Mapping[Expr, Expr]:
        sizes = (letter for letter in self.page.letters if letter.kind == "size")
        return {size_symbol(t.head): Size(head_written(t.head), t.least) for t in sizes}

    def size(self, value: Expr) -> Expr:
        """A formula of the page's sizes."""
        return value.xreplace(self._sizes)

    def index(self, index: PageIndex, at: At, first: Expr | None = None, step: int = 1) -> Expr:
        """A place, from 0 on. first: the number of the first place, where a number is meant, and
        step what lies between two: of −1 and 1, the second is place 1.
        """
        match index:
            case Running(name=name):
                return at[name]
            case Label(letter=letter, slots=slots):
                places = self.slots(letter.slots, slots, at)
                of = self.letter(letter)
                return of[places] if places else of
            case Fixed(value=value) if first is not None:
                return self.size(((value - first) / step).expand())
        raise NotInEntries(f"it has the index {index}, of which the first is not known")

    def fixed(self, index: PageIndex, at: At, size: Expr) -> Expr:
        return self.index(index, at, self.page.letters.numbered(size).first)

    def slots(
        self, ranges: tuple[PageRange, ...], slots: tuple[PageIndex, ...], at: At
    ) -> tuple[Expr, ...]:
        pairs = zip(ranges, slots, strict=True)
        return tuple(self.index(slot, at, along.first) for along, slot in pairs)

    def number_of(self, index: PageIndex, at: At) -> Expr:
        """An index as the number that the page gives it."""
        if isinstance(index, Fixed):
            return self.size(index.value)
        along, place = index.range, self.index(index, at)
        if along.count.is_Integer and along.count <= FEW:
            count, last = int(along.count), self.size(along.last)
            others = ((count - 1 - at) * equal(place, at) for at in range(count - 1))
            return last - along.step * Add(*others)
        return self.size(along.first) + along.step * place

    # Letters.

    def letter(self, letter: Letter) -> Expr:
        """A letter without its indices."""
        if letter.key not in self._letters:
            self._letters[letter.key] = self._new(letter)
        return self._letters[letter.key]

    def _new(self, letter: Letter) -> Expr:
        sizes = [self.size(slot.count) for slot in letter.slots]
        sizes += [
            self.size(size) for size in (letter.shape.rows, letter.shape.columns) if size != 1
        ]
        heads = [other for other in self.page.letters if other.head == letter.head]
        name = head_written(letter.head)
        name += "^" * letter.above + "_" * letter.below if len(heads) > 1 else ""
        if letter.kind == "size":
            return self._sizes[size_symbol(letter.head)]
        if letter.range is not None:
            symbol: Symbol = Index(name, self.size(letter.range.count))
        elif letter.definition is not None:
            symbol = self._defined(name, letter, sizes)
        else:
            which = self.which.get(letter.key, letter.which)
            symbol = Given(name, replace(letter.domain, which=which))
        return with_shape(symbol, tuple(sizes)) if sizes else symbol

    def _defined(self, name: str, letter: Letter, sizes: list[Expr]) -> Defined:
        raise NotImplementedError(type(self).__name__)


def known(size: Expr | None) -> Expr:
    """A size that is told."""
    assert size is not None
    return size
