"""The regions of a loss: on which side of each kink the scores lie, or on it.

The arguments of `hinge` and `step` are affine forms of the scores. Their zeros cut the space of
scores into cells: open pieces, and the faces between them, where some forms are exactly 0. Within
one cell every hinge and step is a plain polynomial. Cells are found exactly, in rationals.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise, product

from sympy import Add, Basic, Expr, Integer, Poly, PolynomialError, QQ, Rational, Symbol
from sympy.polys.matrices import DomainMatrix
from sympy.solvers.simplex import InfeasibleLPError, UnboundedLPError, lpmax

from gradbook.notation import hinge, step


class NotAffine(ValueError):
    """A form that is not affine in the symbols with rational coefficients."""


@dataclass(frozen=True)
class Interval:
    """low < t < high, or t = low = high; None is infinity."""

    low: Fraction | None
    high: Fraction | None

    @property
    def is_point(self) -> bool:
        return self.low is not None and self.low == self.high

    def side(self, threshold: Fraction) -> int:
        """The sign of t − threshold everywhere in the interval."""
        if self.is_point and self.low == threshold:
            return 0
        return 1 if self.low is not None and self.low >= threshold else -1

    def samples(self) -> tuple[Fraction, ...]:
        """A few points inside, the simplest first."""
        match self.low, self.high:
            case None, None:
                return Fraction(0), Fraction(1), Fraction(-1)
            case None, high:
                return tuple(_simplest_first(high - step for step in (1, 2, 3, Fraction(1, 2))))
            case low, None:
                return tuple(_simplest_first(low + step for step in (1, 2, 3, Fraction(1, 2))))
            case low, high if low == high:
                return (low,)
            case low, high:
                return ((low + high) / 2, (3 * low + high) / 4, (low + 3 * high) / 4)


def _simplest_first(values: Iterable[Fraction]) -> list[Fraction]:
    return sorted(values, key=lambda value: (value.denominator, abs(value)))


@dataclass(frozen=True)
class Form:
    """scale · (direction · symbols) + constant, the direction's first non-zero entry being 1."""

    direction: tuple[Fraction, ...]
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
            raise NotAffine(f"{expr} does not depend on {', '.join(map(str, symbols))}")
        return Form(tuple(c / scale for c in coefficients), scale, constant)


def affine(expr: Expr, symbols: Sequence[Symbol]) -> tuple[tuple[Fraction, ...], Fraction]:
    """The coefficients of `symbols` and the constant. Raises NotAffine."""
    found = dict.fromkeys(symbols, Fraction(0))
    constant = Fraction(0)
    for term in Add.make_args(expr.expand()):
        coefficient, rest = term.as_coeff_Mul()
        if not coefficient.is_Rational or not (rest == 1 or rest in found):
            raise NotAffine(f"{expr} is not affine in {', '.join(map(str, symbols))}")
        value = Fraction(int(coefficient.p), int(coefficient.q))
        if rest == 1:
            constant += value
        else:
            found[rest] += value
    return tuple(found.values()), constant


@dataclass(frozen=True)
class Cell:
    """A non-empty set of score vectors on which every form keeps one sign.

    symbols:    the coordinates.
    directions: the distinct directions of the forms.
    intervals:  for each direction, where direction · symbols lies.
    """

    symbols: tuple[Symbol, ...]
    directions: tuple[tuple[Fraction, ...], ...]
    intervals: tuple[Interval, ...]

    def sign(self, expr: Expr) -> int:
        """−1, 0 or 1: the sign of one of the forms that made this cell."""
        form = Form.of(expr, self.symbols)
        interval = self.intervals[self.directions.index(form.direction)]
        return interval.side(form.threshold) * (1 if form.scale > 0 else -1)

    @property
    def is_open(self) -> bool:
        return not any(interval.is_point for interval in self.intervals)

    def restrict(self, expr: Expr) -> Expr:
        """`expr` as it reads inside the cell: hinges and steps replaced, equalities used."""
        pieces = {}
        for atom in expr.atoms(hinge, step):
            u, at_kink = atom.args
            sign = self.sign(u)
            if isinstance(atom, hinge):
                pieces[atom] = u if sign > 0 else Integer(0)
            else:
                pieces[atom] = (Integer(0), at_kink, Integer(1))[sign + 1]
        return expr.xreplace(pieces).xreplace(self.equalities)

    @cached_property
    def equalities(self) -> Mapping[Symbol, Expr]:
        """On a face: some coordinates in terms of the others."""
        rows = [
            [*direction, interval.low]
            for direction, interval in zip(self.directions, self.intervals, strict=True)
            if interval.is_point
        ]
        return {
            self.symbols[pivot]: _rational(row[-1])
            - sum(
                (
                    _rational(c) * t
                    for c, t in zip(row, self.symbols)
                    if c and t != self.symbols[pivot]
                ),
                Integer(0),
            )
            for pivot, row in _reduced(rows)
        }

    def points(self) -> Iterator[dict[Symbol, Rational]]:
        """Rational points of the cell, simple ones first; at least one."""
        if _independent(self.directions):
            samples = [interval.samples() for interval in self.intervals]
            for step_, values in product((0, 1), _diagonal(samples)):
                # Where the directions leave a coordinate free it is 0, or grows by `step_`.
                free = [Fraction(step_ * i) for i in range(len(self.symbols))]
                rows = [[*d, v] for d, v in zip(self.directions, values, strict=True)]
                point = list(free)
                for pivot, row in _reduced(rows):
                    fixed = sum(c * v for c, v in zip(row[:-1], free, strict=True)) - free[pivot]
                    point[pivot] = row[-1] - fixed
                yield dict(zip(self.symbols, map(_rational, point), strict=True))
        else:
            found = _interior_point(self)
            if found is not None:
                yield found

    def minimum(self, expr: Expr) -> Fraction | None:
        """The infimum of an affine `expr` over the cell; None where it is −∞.

        Raises NotAffine where that cannot be told: `expr` is not affine, or the directions are
        linearly dependent.
        """
        if not _independent(self.directions):
            raise NotAffine("the kinks are linearly dependent")
        coefficients, least = affine(expr, self.symbols)
        weights = _combination(self.directions, coefficients)
        if weights is None:
            return None
        for weight, interval in zip(weights, self.intervals, strict=True):
            end = interval.low if weight > 0 else interval.high
            if weight and end is None:
                return None
            least += weight * (end or 0)
        return least


def cells(forms: Iterable[Expr], symbols: Sequence[Symbol]) -> Iterator[Cell]:
    """Every cell that the zeros of `forms` cut out of the space of `symbols`, faces included.

    Raises NotAffine for a form that is not affine in the symbols.
    """
    symbols = tuple(symbols)
    thresholds: dict[tuple[Fraction, ...], set[Fraction]] = {}
    for expr in forms:
        form = Form.of(expr, symbols)
        thresholds.setdefault(form.direction, set()).add(form.threshold)
    directions = tuple(thresholds)
    all_feasible = _independent(directions)
    for intervals in product(*(_intervals(sorted(cuts)) for cuts in thresholds.values())):
        cell = Cell(symbols, directions, intervals)
        if all_feasible or _interior_point(cell) is not None:
            yield cell


def _intervals(cuts: Sequence[Fraction]) -> list[Interval]:
    """Below the first cut, on it, between it and the next, …: larger values first."""
    ends = [None, *cuts, None]
    found = []
    for low, high in pairwise(ends):
        found.append(Interval(low, high))
        if high is not None:
            found.append(Interval(high, high))
    return found[::-1]


def _diagonal(choices: Sequence[Sequence[Fraction]]) -> Iterator[tuple[Fraction, ...]]:
    """The first choice everywhere, then the second, …, then mixtures."""
    longest = max((len(choice) for choice in choices), default=1)
    for i in range(longest):
        yield tuple(choice[min(i, len(choice) - 1)] for choice in choices)
    for shift in range(1, longest):
        yield tuple(choice[(i * shift) % len(choice)] for i, choice in enumerate(choices))


def _independent(directions: Sequence[Sequence[Fraction]]) -> bool:
    return len(_reduced([list(direction) for direction in directions])) == len(directions)


def _reduced(rows: list[list[Fraction]]) -> list[tuple[int, list[Fraction]]]:
    """Gauss–Jordan: (pivot column, row) for each non-zero row."""
    if not rows:
        return []
    matrix = DomainMatrix(
        [[QQ(v.numerator, v.denominator) for v in row] for row in rows],
        (len(rows), len(rows[0])),
        QQ,
    )
    reduced, pivots = matrix.rref()
    dense = reduced.to_list()
    return [
        (pivot, [Fraction(int(v.numerator), int(v.denominator)) for v in dense[i]])
        for i, pivot in enumerate(pivots)
    ]


def _combination(
    directions: Sequence[Sequence[Fraction]], target: Sequence[Fraction]
) -> list[Fraction] | None:
    """The weights with Σ weight · direction = target, or None."""
    if not directions:
        return [] if not any(target) else None
    rows = [[*column, goal] for column, goal in zip(zip(*directions), target)]
    solved = dict(_reduced(rows))
    if len(directions) in solved:
        return None
    return [solved[i][-1] if i in solved else Fraction(0) for i in range(len(directions))]


def _interior_point(cell: Cell) -> dict[Symbol, Rational] | None:
    """A point of the cell by linear programming: the slack of every strict side made large."""
    slack = Symbol("slack")
    constraints = [slack <= 1]
    for direction, interval in zip(cell.directions, cell.intervals, strict=True):
        value = sum((_rational(c) * t for c, t in zip(direction, cell.symbols)), Integer(0))
        if interval.is_point:
            constraints += [value <= _rational(interval.low), value >= _rational(interval.low)]
            continue
        if interval.low is not None:
            constraints.append(value >= _rational(interval.low) + slack)
        if interval.high is not None:
            constraints.append(value <= _rational(interval.high) - slack)
    try:
        largest, point = lpmax(slack, constraints)
    except (InfeasibleLPError, UnboundedLPError):
        return None
    return {t: point.get(t, Integer(0)) for t in cell.symbols} if largest > 0 else None


def _rational(value: Fraction) -> Rational:
    return Rational(value.numerator, value.denominator)


def forms_of(*expressions: Basic) -> tuple[Expr, ...]:
    """The arguments of every hinge and step in `expressions`."""
    atoms = (atom for expr in expressions for atom in expr.atoms(hinge, step))
    return tuple(dict.fromkeys(atom.args[0] for atom in sorted(atoms, key=str)))
