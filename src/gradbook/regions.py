"""The regions of a loss: on which side of each kink the scores lie, or on it.

The arguments of `hinge` and `step` are affine forms of the scores, or are so between kinks of their
own, as in max(u, v, w) = max(u, v) + max(0, w − max(u, v)). The zeros of the forms cut the space of
scores into cells: open pieces, and the faces between them, where some forms are exactly 0. Within
one cell every hinge and step is a plain polynomial. Cells are found exactly, in rationals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from itertools import count, islice, pairwise
from random import Random
from typing import Generic, TypeVar

from sympy import Add, Basic, Expr, Integer, Rational, Symbol

from gradbook.linear import Budget, Exhausted, Row, independent, reduced, solution
from gradbook.notation import hinge, step

Direction = tuple[Fraction, ...]


class NotAffine(ValueError):
    """A form that is not affine in the symbols: it, and why, written only where it is read."""

    def __str__(self) -> str:
        return " ".join(map(str, self.args))


@dataclass(frozen=True)
class Interval:
    """low < t < high, or t = low = high; None is infinity."""

    low: Fraction | None
    high: Fraction | None

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    def __contains__(self, t: Fraction) -> bool:
        if self.is_point:
            return t == self.low
        return (self.low is None or self.low < t) and (self.high is None or t < self.high)

    def side(self, threshold: Fraction) -> int:
        """The sign of t − threshold everywhere in the interval."""
        if self.is_point and self.low == threshold:
            return 0
        return 1 if self.low is not None and self.low >= threshold else -1


@dataclass(frozen=True)
class Form:
    """scale · (direction · symbols) + constant, the direction's first non-zero entry being 1."""

    direction: Direction
    scale: Fraction
    constant: Fraction

    @property
    def threshold(self) -> Fraction:
        """Where along the direction the form is 0."""
        return -self.constant / self.scale

    @staticmethod
    def of(expr: Expr, symbols: Sequence[Symbol]) -> Form:
        """Raises NotAffine unless `expr` is affine in `symbols` with rational coefficients."""
        coefficients, constant = affine(expr, symbols)
        scale = next((c for c in coefficients if c), Fraction(0))
        if not scale:
            raise NotAffine(expr, f"does not depend on {', '.join(map(str, symbols))}")
        return Form(tuple(c / scale for c in coefficients), scale, constant)


def affine(expr: Expr, symbols: Sequence[Symbol]) -> tuple[Direction, Fraction]:
    """The coefficients of `symbols` and the constant. Raises NotAffine."""
    found = dict.fromkeys((*symbols, Integer(1)), Fraction(0))
    for term in Add.make_args(expr.expand()):
        coefficient, rest = term.as_coeff_Mul()
        if not coefficient.is_Rational or rest not in found:
            raise NotAffine(expr, f"is not affine in {', '.join(map(str, symbols))}")
        found[rest] += Fraction(int(coefficient.p), int(coefficient.q))
    *coefficients, constant = found.values()
    return tuple(coefficients), constant


@dataclass(frozen=True)
class Arrangement:
    """The zeros of affine forms.

    symbols:    the coordinates.
    forms:      the forms, by the expression they were read from.
    directions: the distinct directions of the forms, `rank` independent ones first.
    """

    symbols: tuple[Symbol, ...]
    forms: Mapping[Expr, Form]
    directions: tuple[Direction, ...]
    rank: int

    @cached_property
    def places(self) -> Mapping[Expr, int]:
        """Which of the directions each form has."""
        return {expr: self.directions.index(form.direction) for expr, form in self.forms.items()}

    def intervals(self, direction: Direction, faces: bool) -> list[Interval]:
        """What the forms cut a direction into: larger values first."""
        cuts = {form.threshold for form in self.forms.values() if form.direction == direction}
        found = []
        for low, high in pairwise([None, *sorted(cuts), None]):
            found.append(Interval(low, high))
            if high is not None and faces:
                found.append(Interval(high, high))
        return found[::-1]

    def point(
        self,
        intervals: Sequence[Interval],
        inequalities: Iterable[Row] = (),
        equations: Iterable[Row] = (),
    ) -> list[Fraction] | None:
        """A point that lies in `intervals` along the first directions, or None.

        inequalities, equations: what it has to satisfy besides, as rows of `linear`.
        """
        equations, inequalities = list(equations), list(inequalities)
        for direction, interval in zip(self.directions, intervals, strict=False):
            low, high = interval.low, interval.high
            if low is not None and low == high:
                equations.append([*direction, low])
                continue
            if low is not None:
                inequalities.append([*direction, low])
            if high is not None:
                inequalities.append([*(-c for c in direction), -high])
        return solution(equations, inequalities, len(self.symbols))


@lru_cache(maxsize=1024)
def _arrangement(forms: tuple[Expr, ...], symbols: tuple[Symbol, ...]) -> Arrangement:
    found = {expr: Form.of(expr, symbols) for expr in forms}
    first: list[Direction] = []
    others: list[Direction] = []
    for direction in dict.fromkeys(form.direction for form in found.values()):
        (first if independent([*first, direction]) else others).append(direction)
    return Arrangement(symbols, found, (*first, *others), len(first))


@dataclass(frozen=True)
class Cell:
    """A non-empty set of score vectors on which every form keeps one sign.

    intervals: for each direction of the arrangement, where direction · symbols lies.
    """

    arrangement: Arrangement
    intervals: tuple[Interval, ...]

    @property
    def symbols(self) -> tuple[Symbol, ...]:
        return self.arrangement.symbols

    def sign(self, expr: Expr) -> int:
        """−1, 0 or 1: the sign of a number, or of one of the forms that made this cell."""
        if expr.is_Rational:
            return bool(expr > 0) - bool(expr < 0)
        form = self.arrangement.forms[expr]
        side = self.intervals[self.arrangement.places[expr]].side(form.threshold)
        return side if form.scale > 0 else -side

    @property
    def is_open(self) -> bool:
        return not any(interval.is_point for interval in self.intervals)

    def __contains__(self, point: Sequence[Fraction]) -> bool:
        """Whether the point with these coordinates lies in the cell."""
        return all(
            _along(direction, point) in interval
            for direction, interval in zip(self.arrangement.directions, self.intervals, strict=True)
        )

    def piece(self, atom: Expr) -> Expr:
        """What a hinge or a step is inside the cell."""
        u, at_kink = self.inside(atom.args[0]), atom.args[1]
        sign = self.sign(u)
        if isinstance(atom, hinge):
            return u if sign > 0 else Integer(0)
        return (Integer(0), at_kink, Integer(1))[sign + 1]

    def inside(self, expr: Expr) -> Expr:
        """`expr` with what its hinges and steps are inside the cell."""
        kinks = kinks_of(expr)
        if kinks and expr not in self._inside:
            pieces = {atom: self.piece(atom) for atom in kinks}
            self._inside[expr] = expr.xreplace(pieces).expand()
        return self._inside[expr] if kinks else expr

    @cached_property
    def _inside(self) -> dict[Expr, Expr]:
        """What was asked for before: a cell is gone through for every entry of a claim."""
        return {}

    def restrict(self, expr: Expr) -> Expr:
        """`expr` as it reads inside the cell: hinges and steps replaced, equalities used."""
        return self.inside(expr).xreplace(self.equalities)

    @cached_property
    def equalities(self) -> Mapping[Symbol, Expr]:
        """On a face: some coordinates in terms of the others."""
        return {
            self.symbols[pivot]: Add(
                Rational(row[-1]),
                *(
                    -Rational(c) * t
                    for i, (c, t) in enumerate(zip(row[:-1], self.symbols, strict=True))
                    if c and i != pivot
                ),
            )
            for pivot, row in self._equations.items()
        }

    @cached_property
    def _equations(self) -> Mapping[int, list[Fraction]]:
        return reduced(
            [*direction, interval.low]
            for direction, interval in zip(self.arrangement.directions, self.intervals, strict=True)
            if interval.is_point and interval.low is not None
        )

    def points(self) -> Iterator[Mapping[Symbol, Rational]]:
        """Rational points of the cell: simple ones first, the last ones in general position."""
        start = self.arrangement.point(self.intervals)
        if start is None:
            return
        yield self._named(start)
        for shift in _shifts(len(start)):
            for power in range(0, 20, 4):
                moved = self._on_face(
                    [t + by / 2**power for t, by in zip(start, shift, strict=True)]
                )
                if moved in self:
                    yield self._named(moved)
                    break

    def negative_point(self, expr: Expr, or_zero: bool = False) -> Mapping[Symbol, Rational] | None:
        """A point of the cell at which an affine `expr` is below 0, or is 0; None: there is none.

        Raises NotAffine for another expression.
        """
        coefficients, constant = affine(expr, self.symbols)
        turned = [*(-c for c in coefficients), constant]
        found = self.arrangement.point(self.intervals, [turned])
        if found is None and or_zero:
            found = self.arrangement.point(self.intervals, equations=[turned])
        return None if found is None else self._named(found)

    def _on_face(self, point: Sequence[Fraction]) -> list[Fraction]:
        """The point, moved so that the equalities of the cell hold."""
        moved = list(point)
        for pivot, row in self._equations.items():
            others = sum(c * t for c, t in zip(row[:-1], point, strict=True)) - point[pivot]
            moved[pivot] = row[-1] - others
        return moved

    def _named(self, point: Sequence[Fraction]) -> Mapping[Symbol, Rational]:
        return dict(zip(self.symbols, map(Rational, point), strict=True))


def _along(direction: Direction, point: Sequence[Fraction]) -> Fraction:
    return sum((c * t for c, t in zip(direction, point, strict=True)), Fraction(0))


def cells(
    forms: Iterable[Expr],
    symbols: Sequence[Symbol],
    faces: bool = True,
    budget: Budget | None = None,
) -> Iterator[Cell]:
    """The cells that the zeros of `forms` cut out of the space of `symbols`; open ones or all.

    Raises NotAffine for a form that is not affine in the symbols, Exhausted as the budget does and
    where one of them takes too long to find.
    """
    for cell in _cells(tuple(dict.fromkeys(forms)), tuple(symbols), faces):
        if budget is not None:
            budget.spend()
        if cell is not None:
            yield cell


@lru_cache(maxsize=32)
def _cells(forms: tuple[Expr, ...], symbols: tuple[Symbol, ...], faces: bool) -> Kept[Cell | None]:
    """Found once: the entries of a claim, and many claims, have the same kinks. None: no point."""
    arrangement = _arrangement(forms, symbols)
    choices = [arrangement.intervals(direction, faces) for direction in arrangement.directions]
    found = _signs(arrangement, choices, ())
    return Kept(None if signs is None else Cell(arrangement, signs) for signs in found)


T = TypeVar("T")


class Kept(Generic[T]):
    """What an iterator yields, when it is asked for, and kept to be gone through again.

    Where it raised Exhausted, it does so each time.
    """

    def __init__(self, items: Iterable[T]) -> None:
        self._rest = iter(items)
        self._kept: list[T] = []
        self._exhausted: Exhausted | None = None

    def __iter__(self) -> Iterator[T]:
        for place in count():
            if place == len(self._kept) and self._exhausted is None:
                try:
                    self._kept.extend(islice(self._rest, 1))
                except Exhausted as error:
                    self._exhausted = error
            if place == len(self._kept):
                if self._exhausted is not None:
                    raise self._exhausted
                return
            yield self._kept[place]


def _signs(
    arrangement: Arrangement,
    choices: Sequence[Sequence[Interval]],
    chosen: tuple[Interval, ...],
    point: Sequence[Fraction] | None = None,
) -> Iterator[tuple[Interval, ...] | None]:
    """One interval for each direction; None for a beginning that has no point in common.

    point: one that those chosen have in common, where it is known: one of the next has it too.
    """
    if len(chosen) == len(choices):
        yield chosen
        return
    direction, dependent = arrangement.directions[len(chosen)], len(chosen) >= arrangement.rank
    at = None if point is None else _along(direction, point)
    for interval in choices[len(chosen)]:
        longer, there = (*chosen, interval), point
        if dependent and (at is None or at not in interval):
            there = arrangement.point(longer)
        if there is None and dependent:
            yield None
        else:
            yield from _signs(arrangement, choices, longer, there)


def _shifts(size: int) -> Iterator[list[Fraction]]:
    """Ways to leave a point: all coordinates at different speeds, one alone, at random."""
    yield [Fraction(i) for i in range(size)]
    for sign in (1, -1):
        yield from ([Fraction(sign * (i == moved)) for i in range(size)] for moved in range(size))
    random = Random(0)
    for largest in (3, 3, 99, 99, 99):
        yield [Fraction(random.randint(-largest, largest)) for _ in range(size)]


def forms_of(*expressions: Basic) -> tuple[Expr, ...]:
    """What the arguments of the hinges and steps in `expressions` are between their own kinks."""
    arguments = (atom.args[0] for expr in expressions for atom in kinks_of(expr))
    return tuple(dict.fromkeys(form for u in arguments for form in values_of(u)))


@lru_cache(maxsize=100_000)
def values_of(expr: Expr) -> tuple[Expr, ...]:
    """What `expr` is between its kinks and on them, but for numbers: itself where it has none."""
    inner = next((kink for kink in kinks_of(expr) if not kinks_of(kink.args[0])), None)
    if inner is None:
        return () if expr.is_number else (expr,)
    u, at_kink = inner.args
    pieces = (Integer(0), u) if isinstance(inner, hinge) else (Integer(0), at_kink, Integer(1))
    values = (expr.xreplace({inner: piece}).expand() for piece in dict.fromkeys(pieces))
    return tuple(dict.fromkeys(form for value in values for form in values_of(value)))


@lru_cache(maxsize=100_000)
def kinks_of(expr: Basic) -> tuple[Expr, ...]:
    """The hinges and steps in `expr`, in the order of their names."""
    return tuple(sorted(expr.atoms(hinge, step), key=str))


@lru_cache(maxsize=100_000)
def letters_of(expr: Basic) -> frozenset[Symbol]:
    """The free symbols of `expr`, which SymPy would collect anew each time."""
    return frozenset(expr.free_symbols)
