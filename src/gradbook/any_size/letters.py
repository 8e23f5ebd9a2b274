"""The letters of formulas whose sizes are letters too.

A size is a letter with a least value, an index one with a size: j is a place 0 … C − 1. What has
indices, X_ij, is an `IndexedBase` whose shape says what each of them runs over; its name may be an
index, for labels y_i, or a `Defined` letter, which knows what it stands for.

For a loss of scores they are these. a, j, k and the correct class y are classes; b and c number the
entries of x̃; i is an example. One example is written s_j = W_j x̃ with its label y; of many, example
i has the scores S_ij, the row X̃_i and the label y_i.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain, count
from typing import Any, Self

from sympy import Expr, Function, Indexed, IndexedBase, Integer, Symbol

from gradbook.domain import ANY_NUMBERS, Domain
from gradbook.notation import C as C
from gradbook.notation import j as j
from gradbook.notation import k as k
from gradbook.notation import m as m
from gradbook.notation import n as n
from gradbook.notation import s as s
from gradbook.notation import y as y


class _Knowing(Symbol):
    """A symbol that knows something besides its name: two that know different things differ."""

    __slots__ = ("known",)
    known: tuple[Any, ...]

    @classmethod
    @lru_cache(maxsize=10_000)  # the same letter is the same object, and quickly compared
    def _knowing(cls, name: str, known: tuple[Any, ...], *signs: str) -> Self:
        letter: Self = Symbol.__xnew__(cls, name, **dict.fromkeys(signs, True))
        letter.known = known
        return letter

    def _hashable_content(self) -> tuple[Any, ...]:
        return (*super()._hashable_content(), *self.known)


class Size(_Knowing):
    """A size that is at least `least`."""

    __slots__ = ()

    def __new__(cls, name: str, least: int) -> Self:
        return cls._knowing(name, (least,), "integer", "positive" if least > 0 else "nonnegative")

    @property
    def least(self) -> int:
        return int(self.known[0])


class Index(_Knowing):
    """A place 0 … size − 1."""

    __slots__ = ()

    def __new__(cls, name: str, size: Expr) -> Self:
        return cls._knowing(name, (size,), "integer", "nonnegative")

    @property
    def size(self) -> Expr:
        return self.known[0]


class Given(_Knowing):
    """A given letter, with what its entries are declared to be: shares add up to 1 over its last
    index.
    """

    __slots__ = ()

    def __new__(cls, name: str, domain: Domain) -> Self:
        signs = {">": ("real", "positive"), ">=": ("real", "nonnegative"), "": ("real",)}
        sign = ">=" if domain.which == "shares" else domain.sign
        return cls._knowing(name, (domain,), *signs[sign])


def domain_of(letter: Expr) -> Domain:
    """What the entries of a letter are, which may stand with its indices or without."""
    name = getattr(getattr(letter, "base", letter), "label", letter)
    return name.known[0] if isinstance(name, Given) else ANY_NUMBERS


def which(letter: Expr) -> str:
    """ "shares", or what kind of matrix a letter is; "" for any."""
    return domain_of(letter).which


class Defined(_Knowing):
    """A letter that stands for `meaning`, in which `slots` are its indices.

    in_blocks: its entries are not all given by one formula, as those of (1, x_1, …, x_m); it is
    computed from its meaning and never written out.
    """

    __slots__ = ()

    def __new__(
        cls, name: str, slots: tuple[Symbol, ...], meaning: Expr, in_blocks: bool = False
    ) -> Self:
        return cls._knowing(name, (slots, meaning, in_blocks), "real")

    @property
    def slots(self) -> tuple[Symbol, ...]:
        return tuple(self.known[0])

    @property
    def meaning(self) -> Expr:
        return self.known[1]

    @property
    def in_blocks(self) -> bool:
        return bool(self.known[2])


@lru_cache(maxsize=10_000)
def with_shape(name: Symbol, sizes: tuple[Expr, ...]) -> IndexedBase:
    """A letter with an index for each of the sizes."""
    return IndexedBase(name, shape=sizes)


def _index(name: str) -> Symbol:
    return Symbol(name, integer=True, nonnegative=True)


#: a is a class, the row of W that is differentiated by; b and c are entries of x̃; i an example.
a = _index("a")
b = _index("b")
c = _index("c")
i = _index("i")

#: W is (C, m + 1), x̃ (m + 1,), X̃ (n, m + 1) with x̃⁽ⁱ⁾ᵀ as row i, S = X̃ Wᵀ (n, C).
W = IndexedBase("W", shape=(C, m + 1), real=True)
x = IndexedBase("x̃", shape=(m + 1,), real=True)
X = IndexedBase("X̃", shape=(n, m + 1), real=True)
S = IndexedBase("S", shape=(n, C), real=True)

#: y_i, the label of example i; M_ia, the coefficient of row a in the gradient of example i.
label = IndexedBase("y", shape=(n,), integer=True)
M = IndexedBase("M", shape=(n, C), real=True)

#: A second, independent point s′, for inequalities.
s_prime = IndexedBase("s′", shape=(C,), real=True)

_LEAST = {C: 2, m: 0, n: 1}


def is_size(letter: Expr) -> bool:
    """Whether it is the letter of a size."""
    return isinstance(letter, Size) or letter in _LEAST


def least_of(letter: Expr) -> int:
    """The least value of a size."""
    return letter.least if isinstance(letter, Size) else _LEAST[letter]


@dataclass(frozen=True)
class Range:
    """What an index runs over: 0 … size − 1.

    bound: the letters that a sum binds; free: those that stand for any one term of the range.
    """

    size: Expr
    bound: tuple[Symbol, ...] = field(default=(), compare=False, repr=False)
    free: tuple[Symbol, ...] = field(default=(), compare=False, repr=False)

    @property
    def first(self) -> Expr:
        return Integer(0)

    @property
    def last(self) -> Expr:
        return self.size - 1

    @property
    def least(self) -> int:
        """How many terms there are at least."""
        least = self.size.xreplace({t: Integer(least_of(t)) for t in self.size.free_symbols})
        return int(least)

    def over(self, index: Symbol) -> tuple[Symbol, Expr, Expr]:
        """The limits of a sum over this range."""
        return index, self.first, self.last

    def fresh(self, avoid: Iterable[Expr]) -> Symbol:
        """The first letter for a sum over this range that is not in `avoid`."""
        taken = {term.name for term in avoid if term.is_Symbol}
        own = self.bound or tuple(Index(name, self.size) for name in "jklpqr")
        letters = chain(own, self.numbered())
        return next(letter for letter in letters if letter.name not in taken)

    def numbered(self, mark: str = "") -> Iterator[Symbol]:
        """j_0, j_1, …: letters of this range without end, with a mark of one's own."""
        if self.bound:
            return (_index(f"{self.bound[0]}_{mark}{number}") for number in count())
        return (Index(f"{self.size}_{mark}{number}", self.size) for number in count())

    def has(self, term: Expr) -> bool:
        """Whether the term is one of these letters."""
        if isinstance(term, Index):
            return bool(term.size == self.size)
        letters = {letter.name for letter in self.bound + self.free}
        is_plain = term.is_Symbol and bool(term.is_integer)
        return is_plain and term.name.partition("_")[0] in letters


CLASSES = Range(C, (j, k, *map(_index, "lpqr")), (a, y))
FEATURES = Range(m + 1, (c, *map(_index, "dfg")), (b,))
EXAMPLES = Range(n, (i, *map(_index, "tuv")))
RANGES = (CLASSES, FEATURES, EXAMPLES)

#: What a sum over anything else runs over, as far as is known.
UNKNOWN = Range(Integer(0), (_index("z"),))


def range_of(term: Expr) -> Range | None:
    """What a letter, or y_i, is known to run over; None for anything else, such as y + 1."""
    name = term.base.label if isinstance(term, Indexed) else term
    if isinstance(name, Index):
        return Range(name.size)
    if isinstance(term, Indexed):
        return CLASSES if term.base == label else None
    if isinstance(term, Size) or not term.is_Symbol:
        return None
    return next((known for known in RANGES if known.has(term)), None)


def range_between(first: Expr, last: Expr) -> Range | None:
    """The range with these ends: one of the three, or one of a size of its own."""
    found = next((known for known in RANGES if (known.first, known.last) == (first, last)), None)
    size = last + 1
    if found is None and first == 0 and all(isinstance(t, Size) for t in size.free_symbols):
        return Range(size) if Range(size).least >= 0 else None
    return found


class within(Function):
    """within(t, first, last) = 1{first ≤ t ≤ last}, for an index t."""

    nargs = 3
    is_integer = True
    is_nonnegative = True


class zero(Function):
    """zero(u) = 1{u = 0}."""

    nargs = 1
    is_integer = True
    is_nonnegative = True

    @classmethod
    def eval(cls, u: Expr) -> Expr | None:
        decided = u.is_zero
        return None if decided is None else Integer(bool(decided))
