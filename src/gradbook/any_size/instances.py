"""Small instances: numbers for the sizes, the given letters and the indices, the smallest first.

With entries −1, 0 and 1 many a margin like s_j − s_y + 1 is exactly 0, and others are on either
side; thirds are almost never on a kink.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from itertools import count, product
from random import Random
from typing import Any, NamedTuple

import numpy as np
from sympy import Expr, IndexedBase, Integer, Symbol

from gradbook.any_size.binding import definition_of, letters_in, made_of
from gradbook.any_size.letters import domain_of, is_size, least_of, range_of
from gradbook.any_size.numbers import Number
from gradbook.domain import ANY_NUMBERS

#: A number, a vector by its entries, a matrix by its rows, …
Table = Any


@dataclass(frozen=True, eq=False)
class Instance:
    """sizes: of each letter of a size; values: of each given letter, a number or a table of them;
    labels are places, from 0 on. indices: of each free index. found: what was computed of letters
    that are defined, whatever the indices.
    """

    sizes: Mapping[Expr, int]
    values: Mapping[Expr, Table]
    indices: Mapping[Symbol, int]
    found: dict[Any, Number] = field(default_factory=dict)

    def size(self, size: Expr) -> int:
        """What a formula of sizes comes to."""
        return int(size.xreplace({letter: Integer(at) for letter, at in self.sizes.items()}))

    def at(self, indices: Mapping[Symbol, int]) -> Instance:
        """The same sizes and data, with other indices."""
        return replace(self, indices=indices)

    def of(self, values: Mapping[Expr, Table]) -> Instance:
        """The same sizes and indices, with other data."""
        return replace(self, values=values, found={})

    def __str__(self) -> str:
        parts = [*self.sizes.items(), *self.indices.items()]
        written = [f"{letter} = {number}" for letter, number in parts]
        written += [f"{letter} = {_listed(table)}" for letter, table in self.values.items()]
        return ", ".join(written)


def _listed(table: Table) -> str:
    return f"[{', '.join(map(_listed, table))}]" if isinstance(table, tuple) else str(table)


class Spread(NamedTuple):
    """Numbers p/q to draw from: |p| ≤ largest, 1 ≤ q ≤ below."""

    largest: int
    below: int = 1


#: Numbers that tie; larger ones; numbers that do not tie.
TIES, INTEGERS, THIRDS = Spread(1), Spread(3), Spread(4, 3)


@dataclass(frozen=True)
class Sizes:
    """So many values of each size, from its least on or so far beyond it, with data drawn with each
    of the spreads.
    """

    many: int
    spreads: tuple[Spread, ...]
    beyond: int = 0

    def chosen(self, count: int) -> list[tuple[int, ...]]:
        """How much larger than its least each size is, the smallest choices first; of two values
        for each of many sizes, those where all or all but one have the same.
        """
        values = range(self.beyond, self.beyond + self.many)
        found = sorted(product(values, repeat=count), key=lambda more: (sum(more), more))
        few = self.many == 2 and count > 2
        return [
            more for more in found if not few or sum(more) - count * self.beyond in (0, 1, count)
        ]


def given_in(formulas: Iterable[Expr]) -> list[Expr]:
    """The given letters that the formulas are made of, without indices."""
    of = (made_of(letter) for formula in formulas for letter in letters_in(formula))
    letters = frozenset[Expr]().union(*of)
    return sorted((t for t in letters if definition_of(_entry_of(t)) is None), key=str)


def sizes_in(formulas: Iterable[Expr], letters: Iterable[Expr]) -> list[Expr]:
    """The sizes in the formulas, of the letters, and of what the indices run over."""
    found = {size for formula in formulas for size in _sizes(formula)}
    for letter in letters:
        found |= {size for part in _shape(letter) for size in _sizes(part)}
        along = range_of(_entry_of(letter))
        found |= set() if along is None else _sizes(along.size)
    return sorted(found, key=str)


def _sizes(formula: Expr) -> set[Expr]:
    symbols = formula.atoms(Symbol)
    along = [known.size for letter in symbols if (known := range_of(letter)) is not None]
    return {t for t in symbols.union(*(size.free_symbols for size in along)) if is_size(t)}


def _shape(letter: Expr) -> tuple[Expr, ...]:
    return tuple(letter.shape) if isinstance(letter, IndexedBase) else ()


def _entry_of(letter: Expr) -> Expr:
    return letter[(0,) * len(_shape(letter))] if _shape(letter) else letter


def instances(formulas: Iterable[Expr], sizes: Sizes) -> Iterable[Instance]:
    """Data for all that is given in the formulas: for each choice of the sizes, small ones first,
    with the first spread every label, then one.
    """
    formulas = tuple(formulas)
    letters = tuple(given_in(formulas))
    of = tuple(sizes_in(formulas, letters))
    return (
        _known_instances(letters, of, sizes) if sizes.many < 3 else _instances(letters, of, sizes)
    )


@lru_cache(maxsize=32)
def _known_instances(
    letters: tuple[Expr, ...], of: tuple[Expr, ...], sizes: Sizes
) -> tuple[Instance, ...]:
    """So that what one claim has computed need not be computed for the next."""
    return tuple(_instances(letters, of, sizes))


def _instances(letters: tuple[Expr, ...], of: tuple[Expr, ...], sizes: Sizes) -> Iterator[Instance]:
    for more in sizes.chosen(len(of)):
        chosen = [least_of(size) + each for size, each in zip(of, more, strict=True)]
        random = Random(str(chosen))
        empty = Instance(dict(zip(of, chosen, strict=True)), {}, {})
        for draw, spread in enumerate(sizes.spreads):
            for shift in range(_most_labels(letters, empty) if draw == 0 else 1):
                drawn = {t: _drawn(t, empty, _numbers(t, spread, random), shift) for t in letters}
                yield empty.of(drawn)


def _most_labels(letters: Iterable[Expr], at: Instance) -> int:
    """Twice as many as there are labels: all alike, and all different."""
    ranges = [known for t in letters if (known := range_of(_entry_of(t))) is not None]
    return max((2 * at.size(known.size) for known in ranges), default=1)


def _drawn(letter: Expr, at: Instance, numbers: Iterator[Number], shift: int) -> Table:
    """The entries of a letter; of labels, each one more than the one before, or all the same."""
    along = range_of(_entry_of(letter))
    if along is not None:
        step = 1 - shift % 2
        numbers = ((shift // 2 + step * place) % at.size(along.size) for place in count())

    def table(shape: tuple[Expr, ...]) -> Table:
        if not shape:
            return next(numbers)
        return tuple(table(shape[1:]) for _ in range(at.size(shape[0])))

    domain = domain_of(letter)
    if domain == ANY_NUMBERS:
        return table(_shape(letter))
    return _as_tuples(domain.fitted(np.array(table(_shape(letter)), object)).tolist())


def _as_tuples(numbers: Any) -> Table:
    return tuple(map(_as_tuples, numbers)) if isinstance(numbers, list) else whole(numbers)


def _numbers(letter: Expr, spread: Spread, random: Random) -> Iterator[Number]:
    entry = _entry_of(letter)
    least = 1 if entry.is_positive else 0 if entry.is_nonnegative else -spread.largest
    while True:
        numerator = random.randint(least, spread.largest)
        yield whole(Fraction(numerator, random.randint(1, spread.below)))


def whole(number: Fraction) -> Fraction | int:
    """The number, as an int if it is whole."""
    return number.numerator if number.denominator == 1 else number


def simplified(instance: Instance, still: Callable[[Instance], bool]) -> Instance:
    """The instance with as many numbers 0, and then as many ±1, as can be while `still` holds."""
    for small in (lambda _: 0, lambda v: (v > 0) - (v < 0)):
        before = None
        while before is not instance:
            before, instance = instance, _simpler(instance, small, still)
    return instance


def _simpler(
    instance: Instance, small: Callable[[Number], Number], still: Callable[[Instance], bool]
) -> Instance:
    """One number after another made smaller, but for labels and numbers that may not be 0."""
    for letter, table in instance.values.items():
        entry = _entry_of(letter)
        domain = domain_of(letter)
        fixed = range_of(entry) is not None or entry.is_positive or domain.bounds or domain.which
        for place in () if fixed else _places(table):
            old = _at(instance.values[letter], place)
            if old not in (0, small(old)):
                changed = _put(instance.values[letter], place, small(old))
                smaller = instance.of({**instance.values, letter: changed})
                instance = smaller if still(smaller) else instance
    return instance


Place = tuple[int, ...]


def _places(table: Table) -> list[Place]:
    if not isinstance(table, tuple):
        return [()]
    return [(at, *rest) for at, part in enumerate(table) for rest in _places(part)]


def _at(table: Table, place: Place) -> Number:
    return _at(table[place[0]], place[1:]) if place else table


def _put(table: Table, place: Place, number: Number) -> Table:
    if not place:
        return number
    at, *rest = place
    return (*table[:at], _put(table[at], tuple(rest), number), *table[at + 1 :])


def with_indices(instance: Instance, letters: Iterable[Symbol]) -> Iterator[Instance]:
    """The instance with every choice of the free indices; none where a letter has no range."""
    letters = sorted(letters, key=str)
    ranges = [
        range(instance.size(known.size) if (known := range_of(letter)) is not None else 0)
        for letter in letters
    ]
    for chosen in product(*ranges):
        yield instance.at(dict(zip(letters, chosen, strict=True)))
