"""Counterexamples to a claim of a page: small values of its letters at which it is false."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice
from random import Random

from sympy import Expr, Symbol
from sympy.core.relational import Relational

from gradbook.page.cases import PageCase
from gradbook.page.core import Letter
from gradbook.page.letters import with_indices
from gradbook.prove.pages.values import NoValue, Number, Values, interval, sign, written
from gradbook.regions import letters_of

#: How many points are tried before a search is given up.
ATTEMPTS = 120
#: How many are enough where a search is one of many.
FEW = 20

Point = dict[Symbol, Fraction]
#: A number, a vector by its entries, a matrix by its rows.
Entries = Fraction | tuple[Fraction, ...] | tuple[tuple[Fraction, ...], ...]
_HOLDS = {
    "==": lambda s: s == 0,
    "!=": lambda s: s != 0,
    ">": lambda s: s > 0,
    ">=": lambda s: s >= 0,
    "<": lambda s: s < 0,
    "<=": lambda s: s <= 0,
}


@dataclass(frozen=True)
class PageCounterexample:
    """Values at which a claim is false.

    numbers: sizes and indices, in the page's letters.
    values:  given letters: a number, a vector by its entries, or a matrix by its rows.
    entry:   row and column, from 1, where the sides are matrices.
    """

    numbers: tuple[tuple[str, int], ...]
    values: tuple[tuple[str, Entries], ...]
    left: str
    right: str
    relation: str
    entry: tuple[int, int] | None = None

    def __str__(self) -> str:
        return f"with {self.data}: {self.found}"

    @property
    def data(self) -> str:
        parts = [f"{name} = {str(value).replace('-', '−')}" for name, value in self.numbers]
        return ", ".join(
            [*parts, *(f"{name} = {_listed(entries)}" for name, entries in self.values)]
        )

    @property
    def found(self) -> str:
        where = f" in row {self.entry[0]}, column {self.entry[1]}" if self.entry else ""
        return f"the left is {self.left}, the right is {self.right}{where}"

    @property
    def latex(self) -> str:
        words = str(self).replace("⁽", "^(")
        return rf"\text{{{words}}}"


def _listed(entries: Entries) -> str:
    if isinstance(entries, Fraction):
        return written(entries)
    return f"[{', '.join(map(_listed, entries))}]"


@dataclass(frozen=True)
class Sides:
    """A claim without derivatives and without defined letters."""

    left: tuple[Expr, ...]
    right: tuple[Expr, ...]
    relation: str
    given: tuple[Relational, ...]
    columns: int

    @property
    def letters(self) -> list[Symbol]:
        found = frozenset().union(
            *(letters_of(part) for part in (*self.left, *self.right, *self.given))
        )
        return sorted(found, key=_by_number)


def _by_number(letter: Symbol) -> tuple[str, list[int]]:
    head, _, numbers = letter.name.partition("_")
    return head, [int(number) for number in numbers.split(",") if number.isdigit()]


def points(letters: Sequence[Symbol]) -> Iterator[Point]:
    """0, one letter at a time, all 1, then small numbers at random."""
    yield from (_in_domain(values) for values in _points(letters))


def _points(letters: Sequence[Symbol]) -> Iterator[Point]:
    zero = dict.fromkeys(letters, Fraction(0))
    yield zero
    random = Random(0)
    for letter in letters[:8]:
        yield {**zero, letter: Fraction(1)}
    yield dict.fromkeys(letters, Fraction(1))
    for attempt in range(ATTEMPTS):
        size = 1 + attempt * 3 // ATTEMPTS
        below = 2 if attempt % 4 == 3 and 2 * attempt > ATTEMPTS else 1
        yield {letter: Fraction(random.randint(-size, size), below) for letter in letters}


def _in_domain(point: Point) -> Point:
    """Letters that are declared to be positive get the absolute value, and not 0."""
    return {
        letter: (abs(value) or Fraction(1))
        if letter.is_positive
        else abs(value)
        if letter.is_nonnegative
        else value
        for letter, value in point.items()
    }


def holds(conditions: Sequence[Relational], values: Values) -> bool:
    return all(_HOLDS[c.rel_op](sign(values.of(c.lhs - c.rhs))) for c in conditions)


def can_hold(sides: Sides) -> bool:
    """Whether the conditions hold at one of the points."""
    return not sides.given or any(_holds_at(sides, point) for point in points(sides.letters))


def _holds_at(sides: Sides, point: Point) -> bool:
    try:
        return holds(sides.given, Values(point))
    except NoValue:
        return False


def search(sides: Sides, case: PageCase, attempts: int | None = None) -> PageCounterexample | None:
    """The first point at which the claim is false."""
    found = told_apart(sides, attempts)
    return None if found is None else _described(sides, case, *found)


def told_apart(
    sides: Sides, attempts: int | None = None
) -> tuple[Point, int, Number, Number] | None:
    """The first point at which the claim is false, the entry, and what is left and right there."""
    for point in islice(points(sides.letters), attempts):
        values = Values(point)
        try:
            if not holds(sides.given, values):
                continue
        except NoValue:
            continue
        for place, (left, right) in enumerate(zip(sides.left, sides.right, strict=True)):
            try:
                a, b = values.of(left), values.of(right)
            except NoValue:
                continue
            if _differ(a, b, sides.relation):
                return point, place, a, b
    return None


def _differ(a: Number, b: Number, relation: str) -> bool:
    """Whether left relation right is false, for certain."""
    difference = (
        a - b
        if isinstance(a, Fraction) and isinstance(b, Fraction)
        else (interval(a) - interval(b))
    )
    try:
        found = sign(difference)
    except NoValue:
        return False
    return {"=": found != 0, "≥": found < 0, ">": found <= 0}[relation]


def _described(
    sides: Sides, case: PageCase, point: Point, place: int, left: Number, right: Number
) -> PageCounterexample:
    values = []
    for (_, slots), (letter, symbols) in case.at.given.items():
        entries = [point.get(symbol) for symbol in symbols]
        if all(entry is None for entry in entries):
            continue
        numbers = tuple(Fraction(0) if entry is None else entry for entry in entries)
        name = with_indices(letter, slots if _many(case, letter.key) else ())
        values.append((name, _entries(numbers, letter, symbols.cols)))
    values.sort(key=lambda named: named[0])
    columns = sides.columns
    entry = (place // columns + 1, place % columns + 1) if len(sides.left) > 1 else None
    a, b = written(left), written(right)
    relation = sides.relation
    return PageCounterexample(tuple(case.numbers()), tuple(values), a, b, relation, entry)


def _entries(numbers: tuple[Fraction, ...], letter: Letter, columns: int) -> Entries:
    """Numbers as what the letter is."""
    if letter.shape.is_number:
        return numbers[0]
    if letter.shape.columns == 1:
        return numbers
    return tuple(numbers[at : at + columns] for at in range(0, len(numbers), columns or 1))


def _many(case: PageCase, key: tuple[str, int, int]) -> bool:
    return sum(1 for other, _ in case.at.given if other == key) > 1
