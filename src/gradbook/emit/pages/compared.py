"""Holds a printed source against the page, before anybody gets it.

The source runs in arithmetic of 50 digits, at small sizes and at points where kinks and ties are;
the page is unfolded at the same sizes into formulas of single numbers, which SymPy differentiates.
The two ways share no rule: what differs is a fault of the printing, or of the slopes, and not
rounding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, ImmutableMatrix, Rational, Symbol, lambdify

from gradbook.emit.compared import WrongSource
from gradbook.emit.pages.kernel import PageKernel
from gradbook.emit.pages.lowered import Array, NotEmitted
from gradbook.emit.pages.program import Program
from gradbook.page.at_sizes import AtSizes
from gradbook.page.cases import kept_letters
from gradbook.page.core import ClaimRead, Letter, Ref
from gradbook.page.page import Page
from gradbook.prove.derivatives import Meaning

_DIGITS = 50
#: A quotient of two sizes is rounded as a float, in the source: so much of it is rounding.
_WITHIN = mpmath.mpf(10) ** -13
#: So many points at each size, and of so many at least both have a value.
_POINTS, _LEAST = 8, 4
_SMALL = [Rational(n) for n in (-1, 0, 1)]
_ANY = [Rational(n, 4) for n in range(-6, 7)]
_POSITIVE = [Rational(n, 4) for n in (1, 2, 3, 4, 6)]


def require_right(page: Page, program: Program, kernel: PageKernel, of: Ref | ClaimRead) -> None:
    """Raises WrongSource where the source computes something else than the page says."""
    told = 0
    for number in range(2):
        rng = Random(number)
        sizes = {letter.head: letter.least + number + 1 for letter in _sizes(page)}
        for point in range(_POINTS):
            told += _agrees(page, program, kernel, of, sizes, rng, small=point % 2 == 0)
    if told < _LEAST:
        raise NotEmitted(f"{program.title} has a value at too few points to compare its code at")


def _sizes(page: Page) -> Iterator[Letter]:
    return (letter for letter in page.letters if letter.kind == "size")


def _agrees(
    page: Page,
    program: Program,
    kernel: PageKernel,
    of: Ref | ClaimRead,
    sizes: Mapping[str, int],
    rng: Random,
    small: bool,
) -> bool:
    """Whether the point tells anything. Raises WrongSource where the two differ there."""
    kept = frozenset() if isinstance(of, Ref) else kept_letters(page)
    at = AtSizes(sizes, {}, kept, page.letters.numbering)
    given: dict[str, Any] = {}
    values: dict[Symbol, Rational] = {}
    for array in program.given:
        if array.name in program.labels:
            given[array.name] = _labels(at, array, rng)
    for array in program.given:
        if array.name not in program.labels:
            given[array.name] = _entries(at, array, rng, small, values)
    given = {array.name: given[array.name] for array in program.given}
    if isinstance(of, Ref):
        f = at.value(of, {})
        wanted = [(array, _symbols(at, array)) for array in _by(program)]
        right: list[Any] = [f, *([f.diff(v) for v in V.flat] for _, V in wanted)]
    else:
        meaning = Meaning(at.meaning, at.family)
        right = [[each and meaning.unfolded(meaning.worked_out(each)) for each in _each(at, of)]]
    with mpmath.workdps(_DIGITS):
        try:
            expected = [_worked_out(part, values) for part in right]
            found = _run(kernel, given)
        except (ArithmeticError, ValueError):
            return False  # log 0, say: nothing is claimed there
    for part, other in zip(expected, found, strict=True):
        if len(part) != len(other) or not all(map(_alike, part, other)):
            raise WrongSource(
                f"what was printed for {kernel.target} computes another {program.title} than the "
                "page: please report it"
            )
    return True


def _alike(one: Any, other: Any) -> bool:
    return one is None or bool(abs(one - other) <= _WITHIN * (1 + abs(one)))


def _by(program: Program) -> list[Array]:
    return [program.arrays[name] for name, _ in program.results[1:]]


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
        drawn[tuple(n - each[0] for n, each in zip(place, slots, strict=True))] = value - choices[0]
    return drawn


def _entries(
    at: AtSizes, array: Array, rng: Random, small: bool, values: dict[Symbol, Rational]
) -> Any:
    """Draws the numbers of an array: 50 digits each."""
    symbols = _symbols(at, array)
    drawn = np.empty(symbols.shape, object)
    for place, symbol in np.ndenumerate(symbols):
        choices = _POSITIVE if symbol.is_positive else _SMALL if small else _ANY
        values[symbol] = rng.choice([v for v in choices if v >= 0 or not symbol.is_nonnegative])
        drawn[place] = mpmath.mpf(values[symbol].p) / values[symbol].q
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


def _worked_out(part: Any, values: Mapping[Symbol, Rational]) -> list[Any]:
    """Formulas at a point, to 50 digits."""
    said = part if isinstance(part, list) else [part]
    formulas = [each for each in said if each is not None]
    symbols = list(values)
    kinks = {
        "hinge": lambda u, at_kink: u if u > 0 else mpmath.mpf(0),
        "step": lambda u, at_kink: mpmath.mpf(u > 0) if u else mpmath.mpf(at_kink),
    }
    compute = lambdify(symbols, formulas, modules=[kinks, "mpmath"], cse=True)
    numbers = iter(compute(*(mpmath.mpf(values[s].p) / values[s].q for s in symbols)))
    return [None if each is None else _real(next(numbers)) for each in said]


def _real(number: Any) -> Any:
    if not mpmath.isfinite(number) or mpmath.im(number) != 0:
        raise ArithmeticError("no real value")
    return mpmath.re(number)


class _FiftyDigits:
    """NumPy with exp, log and √ of numbers of 50 digits."""

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    exp = staticmethod(np.vectorize(mpmath.exp, otypes=[object]))
    log = staticmethod(np.vectorize(mpmath.log, otypes=[object]))
    sqrt = staticmethod(np.vectorize(mpmath.sqrt, otypes=[object]))


def _run(kernel: PageKernel, given: Mapping[str, Any]) -> list[list[Any]]:
    """The results of the source at a point, each as a list."""
    names: dict[str, Any] = {}
    exec(compile(kernel.source, "<source>", "exec"), names)
    names["np"] = _FiftyDigits()
    with np.errstate(all="ignore"):
        result = names["objective"](*given.values())
    results = [result[0], *result[1].values()] if kernel.by else [result]
    return [[_real(mpmath.mpmathify(v)) for v in np.ravel(part).tolist()] for part in results]
