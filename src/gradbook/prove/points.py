"""Counterexamples: small values of the letters of a claim at which it is false."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from random import Random
from typing import Protocol

from sympy import Expr, ImmutableMatrix, Symbol
from sympy.core.relational import Relational

from gradbook.domain import Interval
from gradbook.proof import Counterexample, Entries
from gradbook.prove.values import NoValue, Number, Values, as_fraction, interval, sign, written
from gradbook.regions import kinks_of, letters_of

#: How many points are tried before a search is given up.
ATTEMPTS = 120
OF_OTHERS = 40
#: How many are enough where a search is one of many.
FEW = 20
#: One of so many, of those, is enough where a claim is proved already.
SPARSE = 6

Point = dict[Symbol, Fraction]
_HOLDS = {
    "==": lambda s: s == 0,
    "!=": lambda s: s != 0,
    ">": lambda s: s > 0,
    ">=": lambda s: s >= 0,
    "<": lambda s: s < 0,
    "<=": lambda s: s <= 0,
}


class Case(Protocol):
    """A case of a claim: what its sizes and indices are, and which letters have values.

    numbers: C = 2, y = 1. letters: the name of a given letter, its symbols, and whether it is a
    number, a vector or a matrix.
    """

    def numbers(self) -> Iterable[tuple[str, int]]: ...

    def letters(self) -> Iterable[tuple[str, ImmutableMatrix, str]]: ...


@dataclass(frozen=True)
class Sides:
    """A claim without derivatives and without defined letters.

    domain: where it has a value, as far as that is not seen by itself.
    """

    left: tuple[Expr, ...]
    right: tuple[Expr, ...]
    relation: str
    given: tuple[Relational, ...]
    columns: int
    domain: tuple[Relational, ...] = ()

    @property
    def conditions(self) -> tuple[Relational, ...]:
        """What holds wherever the claim says something."""
        return self.given + self.domain

    @property
    def letters(self) -> list[Symbol]:
        found = frozenset().union(
            *(letters_of(part) for part in (*self.left, *self.right, *self.conditions))
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
    for _ in range(FEW):  # shares of 1
        yield {letter: Fraction(random.randint(-4, 4), 16) for letter in letters}
    for size in (99, 9999):
        yield {letter: Fraction(random.randint(-size, size)) for letter in letters}


def solved_for(zero: Expr) -> tuple[Symbol, Expr] | None:
    """A letter that has a number before it in the formula, and what it is where that is 0."""
    kinked = frozenset().union(*map(letters_of, kinks_of(zero)))
    letters = sorted(letters_of(zero) - kinked, key=_by_number)
    for letter in sorted(letters, key=lambda letter: bool(letter.is_nonnegative)):
        slope = zero.diff(letter)
        if slope.is_Rational and slope != 0 and not letter.is_positive:
            return letter, letter - (zero / slope).expand()
    return None


def _fulfilling(points: Iterable[Point], sides: Sides) -> Iterator[Point]:
    """The points, changed so that what is given holds: bounds of one letter alone, and equalities
    that are affine in a letter.
    """
    solved = [solved_for(c.lhs - c.rhs) for c in sides.given if c.rel_op == "=="]
    intervals = _intervals(sides.given)
    for point in points:
        found = {**point, **{t: ends.nearest(point[t]) for t, ends in intervals.items()}}
        for letter, value in filter(None, solved):
            try:
                number = Values(found).of(value)
            except NoValue:
                continue
            if isinstance(number, Fraction):
                found[letter] = number
        yield found


_SIGNS = {">": ">", ">=": "≥", "<": "<", "<=": "≤"}
_TURNED = {">": "<", "≥": "≤", "<": ">", "≤": "≥"}


def _intervals(given: Iterable[Relational]) -> dict[Symbol, Interval]:
    """What bounds one letter alone: x − 3 < 0, 2 − x ≥ 0."""
    found: dict[Symbol, list[tuple[str, Fraction]]] = {}
    for each in given:
        u = each.lhs - each.rhs
        if each.rel_op not in _SIGNS or len(u.free_symbols) != 1 or not u.is_polynomial():
            continue
        (letter,) = u.free_symbols
        slope, rest = u.diff(letter), u.subs(letter, 0)
        if slope.is_Rational and slope != 0 and rest.is_Rational:
            sign = _SIGNS[each.rel_op]
            limit = sign if slope > 0 else _TURNED[sign], as_fraction(-rest / slope)
            found.setdefault(letter, _of_sign(letter)).append(limit)
    return {letter: Interval.of(limits) for letter, limits in found.items()}


def _of_sign(letter: Symbol) -> list[tuple[str, Fraction]]:
    above = ">" if letter.is_positive else "≥"
    return [(above, Fraction(0))] if letter.is_nonnegative else []


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
    return not sides.conditions or any(
        _holds_at(sides, Values(point)) for point in _fulfilling(points(sides.letters), sides)
    )


def _holds_at(sides: Sides, values: Values) -> bool:
    try:
        return holds(sides.conditions, values)
    except NoValue:
        return False


def search(
    sides: Sides,
    case: Case,
    others: Iterable[Point] = (),
    meaning: Callable[[Symbol], Expr] = lambda letter: letter,
    attempts: int | None = None,
    every: int = 1,
) -> Counterexample | None:
    """The first point at which the claim is false: of so many small ones, or one of `every` so
    many, or of `others`.

    meaning: what a defined letter, which a point of `others` may name, is in given letters.
    """
    letters = sides.letters
    there = (
        _realised(other, meaning, point)
        for other in others
        for point in islice(points(letters), OF_OTHERS)
    )
    few = _fulfilling(islice(points(letters), 0, attempts, every), sides)
    found = (tried(sides, case, point) for point in chain(few, there))
    return next(filter(None, found), None)


def _realised(wanted: Point, meaning: Callable[[Symbol], Expr], point: Point) -> Point:
    """The point, changed so that the defined letters have the values that are wanted: each by a
    given letter that stands in it with a number before it, as a bias does in a score.
    """
    found = {**point, **{letter: v for letter, v in wanted.items() if meaning(letter) == letter}}
    for letter, value in wanted.items():
        formula = meaning(letter)
        slopes = ((t, formula.diff(t)) for t in sorted(letters_of(formula), key=str))
        free = next(((t, slope) for t, slope in slopes if slope.is_Rational and slope != 0), None)
        if formula == letter or free is None or not letters_of(formula) <= found.keys():
            continue
        t, slope = free
        rest = Values({**found, t: Fraction(0)}).of(formula)
        found[t] = (value - rest) / as_fraction(slope)
    return found


def tried(sides: Sides, case: Case, point: Point) -> Counterexample | None:
    """The counterexample that this point is, if it is one."""
    found = _apart(sides, point)
    return None if found is None else _described(sides, case, *found)


#: A point, the entry, and what is left and right there.
Apart = tuple[Point, int, Number, Number]


def told_apart(sides: Sides) -> Apart | None:
    """The first of the small points at which the claim is false."""
    return next(filter(None, (_apart(sides, point) for point in points(sides.letters))), None)


def _apart(sides: Sides, point: Point) -> Apart | None:
    values = Values(point)
    if _in_domain(point) != point or not _holds_at(sides, values):
        return None
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
    sides: Sides, case: Case, point: Point, place: int, left: Number, right: Number
) -> Counterexample:
    values = []
    for name, symbols, kind in case.letters():
        entries = [point.get(symbol) for symbol in symbols]
        if any(entry is not None for entry in entries):
            numbers = tuple(entry or Fraction(0) for entry in entries)
            values.append((name, _entries(numbers, kind, symbols.cols)))
    values.sort(key=lambda named: named[0])
    columns = sides.columns
    entry = (place // columns + 1, place % columns + 1) if len(sides.left) > 1 else None
    a, b = written(left, right)
    return Counterexample(tuple(case.numbers()), tuple(values), a, b, sides.relation, entry)


def _entries(numbers: tuple[Fraction, ...], kind: str, columns: int) -> Entries:
    if kind == "number":
        return numbers[0]
    if kind == "vector":
        return numbers
    return tuple(numbers[at : at + columns] for at in range(0, len(numbers), columns or 1))
