"""Holds a printed source against the page, before anybody gets it.

The source runs in arithmetic of 50 digits, at small sizes and at points where kinks and ties are;
the page is unfolded at the same sizes into formulas of single numbers, which SymPy differentiates.
The two ways share no rule: what differs is a fault of the printing, or of the slopes, and not
rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, ImmutableMatrix, Rational

from gradbook.emit.compared import WrongSource
from gradbook.emit.pages.chain_rule import Values
from gradbook.emit.pages.kernel import PageKernel
from gradbook.emit.pages.names import NotEmitted
from gradbook.emit.pages.program import Program
from gradbook.emit.pages.run import run
from gradbook.emit.pages.terms import Array
from gradbook.page.at_sizes import AtSizes
from gradbook.page.cases import kept_letters
from gradbook.page.core import ClaimRead, Letter, Ref
from gradbook.page.page import Page
from gradbook.prove.derivatives import Meaning

DIGITS = 50
#: A quotient of two sizes is rounded as a float, in the source: so much of it is rounding.
_WITHIN = mpmath.mpf(10) ** -13
#: So many sizes, each with labels of its own; at each, points of small whole numbers, where kinks
#: and ties are, and others; of so many at least both must have a value.
_SIZES, _KINDS, _LEAST = 3, ("small", "any") * 4, 4
#: What the numbers of a point are, of each kind.
KINDS = {
    "small": [Rational(n) for n in (-1, 0, 1)],
    "any": [Rational(n, 4) for n in range(-6, 7)],
    "far": [Rational(n) for n in (-1000, 0, 1, 1000)],
    "odd": [Rational(95 * n + 7, 1024) for n in range(-16, 17)],
}
_POSITIVE = [Rational(n, 4) for n in (1, 2, 3, 4, 6)]


@dataclass(frozen=True)
class Printed:
    """A kernel of a page, what it is of, and the program that it was printed from."""

    page: Page
    of: Ref | ClaimRead
    program: Program
    kernel: PageKernel


def require_right(printed: Printed) -> None:
    """Raises WrongSource where the source computes something else than the page says."""
    told = 0
    for unfolded in unfolded_pages(printed):
        told += sum(_agrees(printed, unfolded, unfolded.point(kind)) for kind in _KINDS)
    if told < _LEAST:
        title = printed.program.title
        raise NotEmitted(f"{title} has a value at too few points to compare its code at")


def unfolded_pages(printed: Printed) -> Iterator[Unfolded]:
    """The page at a few small sizes, with labels."""
    for number in range(_SIZES):
        sizes = {each.head: each.least + 1 + number % 2 for each in _sizes(printed.page)}
        yield Unfolded.at(printed, sizes, Random(number))


def _sizes(page: Page) -> Iterator[Letter]:
    return (letter for letter in page.letters if letter.kind == "size")


@dataclass(frozen=True)
class Unfolded:
    """A page at sizes and labels. symbols: of the entries of each array that is given.

    of: the objective, or the entries of a right side, None for what is not claimed. by: the arrays
    by which it is differentiated. names: of what a call gives, in order. rng: draws the points.
    """

    labels: Mapping[str, np.ndarray]
    symbols: Mapping[str, np.ndarray]
    of: tuple[Expr | None, ...]
    by: tuple[str, ...]
    names: tuple[str, ...]
    rng: Random

    @classmethod
    def at(cls, printed: Printed, sizes: Mapping[str, int], rng: Random) -> Unfolded:
        page, program, of = printed.page, printed.program, printed.of
        kept = frozenset() if isinstance(of, Ref) else kept_letters(page)
        at = AtSizes(sizes, {}, kept, page.letters.numbering)
        given = {name: array for name, array in program.arrays.items() if array.body is None}
        labels = {n: _labels(at, a, rng) for n, a in given.items() if n in program.labels}
        symbols = {n: _symbols(at, a) for n, a in given.items() if n not in program.labels}
        if isinstance(of, Ref):
            entries = [at.value(of, {})]
        else:
            meaning = Meaning(at.meaning, at.family)
            entries = [e and meaning.unfolded(meaning.worked_out(e)) for e in _each(at, of)]
        names = tuple(array.name for array in program.given)
        by = tuple(name for name, _ in program.results[1:])
        return cls(labels, symbols, tuple(entries), by, names, rng)

    def point(self, kind: str) -> list[Any]:
        """Draws a value of each letter that a call gives, in order: exact numbers, and labels."""
        drawn = {name: _entries(symbols, self.rng, kind) for name, symbols in self.symbols.items()}
        return [self.labels[name] if name in self.labels else drawn[name] for name in self.names]

    def expected(self, point: Sequence[Any]) -> list[list[Any]]:
        """The right results, with 50 digits. Raises ArithmeticError or ValueError for no value."""
        given = dict(zip(self.names, point, strict=True))
        letters = {
            symbol: value
            for name, symbols in self.symbols.items()
            for symbol, value in zip(symbols.flat, np.ravel(given[name]), strict=True)
        }
        values = Values(letters)
        right = [[None if each is None else _real(values.value(each)) for each in self.of]]
        if self.by:
            slopes = values.slopes(self.of[0])
            right += [
                [_real(slopes.get(v, mpmath.mpf(0))) for v in self.symbols[n].flat] for n in self.by
            ]
        return right


def _agrees(printed: Printed, unfolded: Unfolded, point: Sequence[Any]) -> bool:
    """Whether a point tells anything. Raises WrongSource where the two differ there."""
    kernel = printed.kernel
    with mpmath.workdps(DIGITS):
        try:
            expected = unfolded.expected(point)
            found = run(kernel, point)
            found = [[_real(mpmath.mpmathify(value)) for value in part] for part in found]
        except (ArithmeticError, ValueError):
            return False  # log 0, say: nothing is claimed there
    for part, other in zip(expected, found, strict=True):
        if len(part) != len(other) or not all(map(_alike, part, other)):
            raise WrongSource(
                f"what was printed for {kernel.target} computes another {printed.program.title} "
                "than the page: please report it"
            )
    return True


def _alike(one: Any, other: Any) -> bool:
    return one is None or bool(abs(one - other) <= _WITHIN * (1 + abs(one)))


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


def _entries(symbols: np.ndarray, rng: Random, kind: str) -> Any:
    """Draws a number for each symbol."""
    drawn = np.empty(symbols.shape, object)
    for place, symbol in np.ndenumerate(symbols):
        choices = _POSITIVE if symbol.is_positive else KINDS[kind]
        value = rng.choice([v for v in choices if v >= 0 or not symbol.is_nonnegative])
        drawn[place] = mpmath.mpf(value.p) / value.q
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
        said = all(at.condition(each, free) is not False for each in claim.given)
        found += entries if said else [None] * len(entries)
    return found


def _real(number: Any) -> Any:
    if not mpmath.isfinite(number) or mpmath.im(number) != 0:
        raise ArithmeticError("no real value")
    return mpmath.re(number)
