"""Holds a printed source against the page, before anybody gets it.

A source in Python runs in arithmetic of 50 digits, one in C in floats, at small sizes and at points
where kinks and ties are. The page is unfolded at the same sizes into formulas of single numbers,
which SymPy differentiates. The two ways share no rule: what differs is a fault of the printing, or
of the slopes, and not rounding.

How far rounding leads in C is not chosen: a text in Python with the same operations is run in
intervals a few bits wider than a float, and what they enclose is the bound.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import inf
from random import Random
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, ImmutableMatrix

from gradbook.domain import Domain
from gradbook.emit.compared import WrongSource
from gradbook.emit.pages.chain_rule import slopes_of
from gradbook.emit.pages.kernel import PageKernel
from gradbook.emit.pages.names import NotEmitted, at_sizes, sizes_of
from gradbook.emit.pages.program import Program
from gradbook.emit.pages.run import INTERVALS, run
from gradbook.emit.pages.terms import Array
from gradbook.page.at_sizes import AtSizes
from gradbook.page.core import ClaimRead, Ref
from gradbook.page.page import Page
from gradbook.prove.derivatives import meaning_of
from gradbook.prove.values import NoValue, Number, Values, apart, decimal

Sizes = tuple[tuple[str, int], ...]

DIGITS = 50
#: What is worked out with 50 digits is right to so much, where it is no sum of large numbers.
_DIGITS_RIGHT = 1e-40
#: What is nearer to 0 is 0 in a float, or nearly.
_UNDERFLOW = 2.0**-1000
#: A quotient of two sizes is rounded as a float, in the source: so much of it is rounding.
_WITHIN = mpmath.mpf(10) ** -13
#: So many sizes, each with labels of its own; at each, points of small whole numbers, where kinks
#: and ties are, and others; of so many at least both must have a value.
_SIZES, _KINDS, _LEAST = 3, ("small", "any") * 4, 4
#: What the numbers of a point are, of each kind.
KINDS = {
    "small": [Fraction(n) for n in (-1, 0, 1)],
    "any": [Fraction(n, 4) for n in range(-6, 7)],
    "far": [Fraction(n) for n in (-1000, 0, 1, 1000)],
    "odd": [Fraction(95 * n + 7, 1024) for n in range(-16, 17)],
}
_POSITIVE = [Fraction(n, 4) for n in (1, 2, 3, 4, 6)]


@dataclass(frozen=True, eq=False)
class Derived:
    """What is printed: an objective of a page, or the right side of a line, and its program."""

    page: Page
    of: Ref | ClaimRead
    program: Program
    _unfolded: dict[Sizes, tuple[Unfolded, ...]] = field(default_factory=dict, repr=False)

    def unfolded(self, sizes: Sizes = ()) -> tuple[Unfolded, ...]:
        """The page with labels: at a few small sizes, or at these."""
        if sizes not in self._unfolded:
            letters, given = sizes_of(self.page), dict(sizes)
            self._unfolded[sizes] = tuple(
                Unfolded.at(
                    self,
                    {
                        each.head: given.get(name, each.least + 1 + number % 2)
                        for name, each in letters.items()
                    },
                    Random(number),
                )
                for number in range(_SIZES)
            )
        return self._unfolded[sizes]


def name_of_kernel(of: str, target: str, sizes: Sizes) -> str:
    """J, numpy, any size; or J, codegen, n = 2."""
    return f"{of}, {target}, {at_sizes(dict(sizes)) or 'any size'}"


@dataclass(frozen=True)
class Printed:
    """A kernel of a page, and what it was printed from. twin: its text in Python."""

    derived: Derived
    kernel: PageKernel
    twin: str

    @property
    def name(self) -> str:
        """J, c, any size."""
        of, _, _ = self.kernel.name.partition(" ")
        return name_of_kernel(of, self.kernel.target, self.kernel.sizes)

    def unfolded(self) -> tuple[Unfolded, ...]:
        """The page at sizes that the kernel takes."""
        return self.derived.unfolded(self.kernel.sizes)

    def floats(self, point: Sequence[Any]) -> list[list[float]]:
        """What the kernel returns, each result as a list. Raises ValueError where it is none."""
        found = self.kernel(
            *(np.asarray(v, None if np.asarray(v).dtype.kind == "i" else float) for v in point)
        )
        objective, slopes = found if self.kernel.by else (found, {})
        return [np.ravel(part).tolist() for part in (objective, *slopes.values())]

    def bounds(self, point: Sequence[Any]) -> list[list[float]]:
        """How wide the intervals are that enclose the results; next to 0 for whole numbers.

        Raises ArithmeticError where rounding may lead to the other side of a kink.
        """
        found = run(self.twin, point, INTERVALS)
        return [[_width(INTERVALS.mpf(value)) for value in part] for part in found]


def require_right(printed: Printed) -> None:
    """Raises WrongSource where the source computes something else than the page says."""
    told = 0
    for unfolded in printed.unfolded():
        told += sum(_agrees(printed, unfolded, unfolded.point(kind)) for kind in _KINDS)
    if told < _LEAST:
        title = printed.derived.program.title
        raise NotEmitted(f"{title} has a value at too few points to compare its code at")


@dataclass(frozen=True)
class Unfolded:
    """A page at sizes and labels. symbols: of the entries of each array that is given,
    domains: and what these are declared to be.

    of: the objective, or the entries of a right side, None for what is not claimed. by: the arrays
    by which it is differentiated. names: of what a call gives, in order. rng: draws the points.
    """

    labels: Mapping[str, np.ndarray]
    symbols: Mapping[str, np.ndarray]
    domains: Mapping[str, Domain]
    of: tuple[Expr | None, ...]
    by: tuple[str, ...]
    names: tuple[str, ...]
    rng: Random

    @classmethod
    def at(cls, derived: Derived, sizes: Mapping[str, int], rng: Random) -> Unfolded:
        page, program, of = derived.page, derived.program, derived.of
        kept = frozenset() if isinstance(of, Ref) else page.kept_letters
        at = AtSizes(sizes, {}, kept, page.letters.numbering)
        given = {name: array for name, array in program.arrays.items() if array.body is None}
        labels = {n: _labels(at, a, rng) for n, a in given.items() if n in program.labels}
        symbols = {n: _symbols(at, a) for n, a in given.items() if n not in program.labels}
        if isinstance(of, Ref):
            entries = [at.value(of, {})]
        else:
            meaning = meaning_of(at.meant)
            entries = [e and meaning.unfolded(meaning.worked_out(e)) for e in _each(at, of)]
        names = tuple(array.name for array in program.given)
        domains = {n: given[n].domain for n in symbols}
        by = tuple(name for name, _ in program.results[1:])
        return cls(labels, symbols, domains, tuple(entries), by, names, rng)

    def point(self, kind: str) -> list[Any]:
        """Draws a value of each letter that a call gives, in order: exact numbers, and labels."""
        drawn = {
            name: _entries(symbols, self.rng, kind, self.domains[name])
            for name, symbols in self.symbols.items()
        }
        return [self.labels[name] if name in self.labels else drawn[name] for name in self.names]

    def expected(self, point: Sequence[Any]) -> list[list[Number | None]]:
        """The right results, exact or in intervals of 50 digits. Raises ValueError without one."""
        given = dict(zip(self.names, point, strict=True))
        values = Values(
            {
                symbol: value
                for name, symbols in self.symbols.items()
                for symbol, value in zip(symbols.flat, np.ravel(given[name]), strict=True)
            }
        )
        right = [[None if each is None else values.of(each) for each in self.of]]
        for f in self.of if self.by else ():
            slopes = slopes_of(f, values)
            right += [
                [slopes.get(v, Fraction(0)) for v in self.symbols[name].flat] for name in self.by
            ]
        return right


def _agrees(printed: Printed, unfolded: Unfolded, point: Sequence[Any]) -> bool:
    """Whether a point tells anything. Raises WrongSource where the two differ there."""
    try:
        expected = unfolded.expected(point)
        found, bounds = _found(printed, point)
    except (ArithmeticError, NoValue):
        return False  # log 0, say: nothing is claimed there
    if not all(map(_alike, expected, found, bounds)):
        raise WrongSource(
            f"what was printed for {printed.kernel.target} computes another "
            f"{printed.derived.program.title} than the page: please report it"
        )
    return True


def _found(printed: Printed, point: Sequence[Any]) -> tuple[list[list[Any]], list[list[Any]]]:
    """What the source computes at a point, and how far from that it may be.

    Raises ArithmeticError where it has no value.
    """
    if printed.kernel.language == "Python":
        with mpmath.workdps(DIGITS):
            found = [[_real(value) for value in part] for part in run(printed.twin, point)]
        return found, [[_WITHIN] * len(part) for part in found]
    bounds = printed.bounds(point)
    try:
        return printed.floats(point), bounds
    except ValueError:  # it is not finite, and should be
        return [[inf] * len(part) for part in bounds], bounds


def _alike(one: Sequence[Any], other: Sequence[Any], bounds: Sequence[Any]) -> bool:
    return len(one) == len(other) == len(bounds) and all(
        u is None or apart(u, v) <= bound * (1 + abs(decimal(u)))
        for u, v, bound in zip(one, other, bounds, strict=True)
    )


def _width(value: Any) -> float:
    width, most = value.delta.b, abs(value).b
    if width == 0 and most == float(most) and float(most).is_integer():
        return (1 + float(most)) * _DIGITS_RIGHT
    return float(width) + float(most) * 2.0**-INTERVALS.prec + _UNDERFLOW


def _labels(at: AtSizes, array: Array, rng: Random) -> np.ndarray:
    """Draws labels, in the page's numbers for `at`, and from 0 for the code."""
    assert array.letter is not None
    assert array.letter.range is not None
    choices = at.range(array.letter.range)
    slots = [at.range(slot) for slot in array.letter.slots]
    drawn = np.zeros([len(each) for each in slots], np.int64)
    for place in product(*slots):
        value = rng.choice(choices)
        at.labels[array.letter.key, place] = value  # type: ignore[index]
        where = tuple(n - each[0] for n, each in zip(place, slots, strict=True))
        drawn[where] = value - choices[0] if array.letter.range.step == 1 else value
    return drawn


def _entries(symbols: np.ndarray, rng: Random, kind: str, domain: Domain) -> Any:
    """Draws a number for each symbol."""
    drawn = np.empty(symbols.shape, object)
    for place, symbol in np.ndenumerate(symbols):
        choices = _POSITIVE if symbol.is_positive else KINDS[kind]
        value = rng.choice([v for v in choices if v >= 0 or not symbol.is_nonnegative])
        drawn[place] = value
    drawn = domain.fitted(drawn)
    return drawn if drawn.shape else drawn[()]


def _symbols(at: AtSizes, array: Array) -> np.ndarray:
    """The symbols of the entries of a given letter, in the shape of the array."""
    assert array.letter is not None
    shape = [len(at.range(axis.range)) for axis in array.axes]
    slots = [at.range(slot) for slot in array.letter.slots]
    parts = [list(at.symbols(array.letter, (array.letter.key, place))) for place in product(*slots)]
    return np.array([symbol for part in parts for symbol in part], object).reshape(shape)


def _each(at: AtSizes, claim: ClaimRead) -> list[Expr | None]:
    """The right side for all values of its free indices, one after the other.

    None where the indices do not fulfil what the claim is said under.
    """
    found: list[Expr | None] = []
    ranges = [at.range(each) for each in claim.free.values()]
    for place in product(*ranges):
        free = dict(zip(claim.free, place, strict=True))
        value = at.value(claim.right, free)
        entries = list(value) if isinstance(value, ImmutableMatrix) else [value]
        said = all(False not in at.each_condition(each, free) for each in claim.given)
        found += entries if said else [None] * len(entries)
    return found


def _real(value: Any) -> Any:
    number = mpmath.mpmathify(value)
    if not mpmath.isfinite(number) or mpmath.im(number) != 0:
        raise ArithmeticError("no real value")
    return mpmath.re(number)
