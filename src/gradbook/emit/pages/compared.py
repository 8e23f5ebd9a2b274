"""Holds a printed source against the page, before anybody gets it.

The source runs in arithmetic of 50 digits, at small sizes and at points where kinks and ties are;
the page is unfolded at the same sizes into formulas of single numbers, which SymPy differentiates.
The two ways share no rule: what differs is a fault of the printing, or of the slopes, and not
rounding.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from random import Random
from typing import Any

import mpmath
import numpy as np
from sympy import Expr, ImmutableMatrix, Rational, Symbol, lambdify

from gradbook.emit.compared import WrongSource
from gradbook.emit.pages.kernel import PageKernel
from gradbook.emit.pages.lowered import Array
from gradbook.emit.pages.names import NotEmitted
from gradbook.emit.pages.program import Program
from gradbook.page.at_sizes import AtSizes
from gradbook.page.cases import kept_letters
from gradbook.page.core import ClaimRead, Letter, Ref
from gradbook.page.page import Page
from gradbook.prove.derivatives import Meaning

_DIGITS = 50
#: A quotient of two sizes is rounded as a float, in the source: so much of it is rounding.
_WITHIN = mpmath.mpf(10) ** -13
#: So many sizes, each with labels of its own; at each, points of small whole numbers, where kinks
#: and ties are, and others; of so many at least both must have a value.
_SIZES, _KINDS, _LEAST = 3, (True, False) * 4, 4
_SMALL = [Rational(n) for n in (-1, 0, 1)]
_ANY = [Rational(n, 4) for n in range(-6, 7)]
_POSITIVE = [Rational(n, 4) for n in (1, 2, 3, 4, 6)]


def require_right(page: Page, program: Program, kernel: PageKernel, of: Ref | ClaimRead) -> None:
    """Raises WrongSource where the source computes something else than the page says."""
    told = 0
    for number in range(_SIZES):
        rng = Random(number)
        sizes = {letter.head: letter.least + 1 + number % 2 for letter in _sizes(page)}
        unfolded = _Unfolded.of(page, program, of, sizes, rng)
        told += sum(_agrees(program, kernel, unfolded, rng, small) for small in _KINDS)
    if told < _LEAST:
        raise NotEmitted(f"{program.title} has a value at too few points to compare its code at")


def _sizes(page: Page) -> Iterator[Letter]:
    return (letter for letter in page.letters if letter.kind == "size")


@dataclass(frozen=True)
class _Unfolded:
    """A page at sizes and labels. symbols: of the entries of each array that is given.

    right: the values of the symbols, one after the other → the right results, None for what is not
    claimed.
    """

    labels: Mapping[str, np.ndarray]
    symbols: Mapping[str, np.ndarray]
    right: Callable[[Sequence[Any]], list[list[Any]]]

    @classmethod
    def of(
        cls,
        page: Page,
        program: Program,
        of: Ref | ClaimRead,
        sizes: Mapping[str, int],
        rng: Random,
    ) -> _Unfolded:
        kept = frozenset() if isinstance(of, Ref) else kept_letters(page)
        at = AtSizes(sizes, {}, kept, page.letters.numbering)
        given = {name: array for name, array in program.arrays.items() if array.body is None}
        labels = {n: _labels(at, a, rng) for n, a in given.items() if n in program.labels}
        symbols = {n: _symbols(at, a) for n, a in given.items() if n not in program.labels}
        if isinstance(of, Ref):
            f = at.value(of, {})
            by = [name for name, _ in program.results[1:]]
            right = [[f], *([f.diff(v) for v in symbols[name].flat] for name in by)]
        else:
            meaning = Meaning(at.meaning, at.family)
            right = [[e and meaning.unfolded(meaning.worked_out(e)) for e in _each(at, of)]]
        return cls(labels, symbols, _computed(right, [v for V in symbols.values() for v in V.flat]))


def _computed(
    right: Sequence[Sequence[Expr | None]], symbols: Sequence[Symbol]
) -> Callable[[Sequence[Any]], list[list[Any]]]:
    kinks = {
        "hinge": lambda u, at_kink: u if u > 0 else mpmath.mpf(0),
        "step": lambda u, at_kink: mpmath.mpf(u > 0) if u else mpmath.mpf(at_kink),
    }
    said = [each for part in right for each in part if each is not None]
    compute = lambdify(symbols, said, modules=[kinks, "mpmath"], cse=True)

    def values(point: Sequence[Any]) -> list[list[Any]]:
        numbers = iter(compute(*point))
        return [[None if e is None else _real(next(numbers)) for e in part] for part in right]

    return values


def _agrees(
    program: Program, kernel: PageKernel, unfolded: _Unfolded, rng: Random, small: bool
) -> bool:
    """Whether a point tells anything. Raises WrongSource where the two differ there."""
    with mpmath.workdps(_DIGITS):
        drawn = {name: _entries(symbols, rng, small) for name, symbols in unfolded.symbols.items()}
        given = {**unfolded.labels, **drawn}
        try:
            expected = unfolded.right([v for V in drawn.values() for v in np.ravel(V)])
            found = _run(kernel, [given[array.name] for array in program.given])
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


def _entries(symbols: np.ndarray, rng: Random, small: bool) -> Any:
    """Draws a number of 50 digits for each symbol."""
    drawn = np.empty(symbols.shape, object)
    for place, symbol in np.ndenumerate(symbols):
        choices = _POSITIVE if symbol.is_positive else _SMALL if small else _ANY
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


class _FiftyDigits:
    """A library of arrays, all of it by NumPy, with exp, log and √ of numbers of 50 digits."""

    exp = staticmethod(np.vectorize(mpmath.exp, otypes=[object]))
    log = staticmethod(np.vectorize(mpmath.log, otypes=[object]))
    sqrt = staticmethod(np.vectorize(mpmath.sqrt, otypes=[object]))

    def __getattr__(self, name: str) -> Any:
        return getattr(np, name)

    @property
    def nn(self) -> _FiftyDigits:
        return self

    functional = nn

    def logaddexp(self, u: Any, v: Any) -> Any:
        return self.log(self.exp(u) + self.exp(v))

    def logsigmoid(self, u: Any) -> Any:
        return -self.log(1 + self.exp(-u))

    def logsumexp(self, u: Any, axis: int | None = None, dim: int | None = None) -> Any:
        along = axis if dim is None else dim
        top = u.max(axis=along, keepdims=True)
        summed = self.exp(u - top).sum(axis=along, keepdims=True)
        return (top + self.log(summed)).squeeze(along)

    def clamp(self, u: Any, min: int) -> Any:
        return np.maximum(min, u)

    def arange(self, count: int, device: object = None) -> np.ndarray:
        return np.arange(count)

    def full(
        self, shape: Any, value: float, dtype: object = None, device: object = None
    ) -> np.ndarray:
        return np.full(shape, value)

    def asarray(self, value: Any, dtype: object = None, device: object = None) -> Any:
        return np.asarray(value)

    as_tensor = asarray


class _Tensor(np.ndarray):
    """An array with what the text for PyTorch asks of one, and NumPy's has not."""

    def to(self, dtype: object) -> _Tensor:
        return self.astype(object).view(_Tensor)


def _run(kernel: PageKernel, given: Sequence[Any]) -> list[list[Any]]:
    """The results of the source at a point, each as a list."""
    digits = _FiftyDigits()
    names: dict[str, Any] = {"jax": digits}
    _, _, code = kernel.source.partition("\n\n\n")
    exec(compile(code, "<source>", "exec"), names)
    names.update(math=math, np=digits, jnp=digits, torch=digits)
    tensors = [each.view(_Tensor) if isinstance(each, np.ndarray) else each for each in given]
    with np.errstate(all="ignore"):
        result = names["objective"](*tensors)
    results = [result[0], *result[1].values()] if kernel.by else [result]
    return [[_real(mpmath.mpmathify(v)) for v in np.ravel(part).tolist()] for part in results]
