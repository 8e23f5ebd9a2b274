"""The letters of a derivation whose sizes are letters too: C classes, m features, n examples.

An index is a letter with a range. a, j, k and the correct class y are classes, 0 … C − 1; b and c
number the entries of x̃, 0 … m; i is an example, 0 … n − 1. One example is written s_j = W_j x̃ with
its label y; of many, example i has the scores S_ij, the row X̃_i and the label y_i.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, count
from typing import Any

from sympy import Expr, Function, Indexed, IndexedBase, Integer, Piecewise, Sum, Symbol, true

from gradbook.notation import C as C
from gradbook.notation import j as j
from gradbook.notation import k as k
from gradbook.notation import m as m
from gradbook.notation import n as n
from gradbook.notation import s as s
from gradbook.notation import unequal
from gradbook.notation import y as y


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


@dataclass(frozen=True)
class Range:
    """What an index runs over: first … last, that is at least `least` terms.

    bound: the letters that a sum binds; free: those that stand for any one term of the range.
    """

    of: str
    first: Expr
    last: Expr
    least: int
    bound: tuple[Symbol, ...] = field(compare=False, repr=False)
    free: tuple[Symbol, ...] = field(compare=False, repr=False)

    @property
    def size(self) -> Expr:
        return self.last - self.first + 1

    def over(self, index: Symbol) -> tuple[Symbol, Expr, Expr]:
        """The limits of a sum over this range."""
        return index, self.first, self.last

    def fresh(self, avoid: Iterable[Expr]) -> Symbol:
        """The first letter for a sum over this range that is not in `avoid`."""
        taken = set(avoid)
        letters = chain(self.bound, self.numbered())
        return next(letter for letter in letters if letter not in taken)

    def numbered(self, mark: str = "") -> Iterator[Symbol]:
        """j_0, j_1, …: letters of this range without end, with a mark of one's own."""
        return (_index(f"{self.bound[0]}_{mark}{number}") for number in count())

    def has(self, term: Expr) -> bool:
        """Whether the term is one of these letters."""
        letters = {letter.name for letter in self.bound + self.free}
        return term.is_Symbol and term.name.partition("_")[0] in letters


CLASSES = Range("class", Integer(0), C - 1, 2, (j, k, *map(_index, "lpqr")), (a, y))
FEATURES = Range("feature", Integer(0), m, 1, (c, *map(_index, "dfg")), (b,))
EXAMPLES = Range("example", Integer(0), n - 1, 1, (i, *map(_index, "tuv")), ())
RANGES = (CLASSES, FEATURES, EXAMPLES)

#: What a sum over anything else runs over, as far as is known.
UNKNOWN = Range("index", Integer(0), Integer(0), 0, (_index("z"),), ())


def range_of(term: Expr) -> Range | None:
    """What a letter, or y_i, is known to run over; None for anything else, such as y + 1."""
    if isinstance(term, Indexed) and term.base == label:
        return CLASSES
    return next((known for known in RANGES if known.has(term)), None)


def range_between(first: Expr, last: Expr) -> Range | None:
    """The range with these ends, if it is one of the three."""
    return next((known for known in RANGES if (known.first, known.last) == (first, last)), None)


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


def over_classes(index: Symbol, summand: Any, besides: Expr | None = None) -> Expr:
    """Σ_index summand, over all classes, or over all `besides` one: Σ_{j≠y} for besides = y."""
    mask = 1 if besides is None else unequal(index, besides)
    return Sum(mask * without_cases(summand), CLASSES.over(index))


def over_features(index: Symbol, summand: Any) -> Expr:
    """Σ_index summand, over the entries 0 … m of x̃."""
    return Sum(without_cases(summand), FEATURES.over(index))


def mean(summand: Any, index: Symbol = i) -> Expr:
    """(1/n) Σ_index summand, over the examples."""
    return Sum(without_cases(summand), EXAMPLES.over(index)) / n


def without_cases(formula: Any) -> Any:
    """The formula with 1{…} in place of a Piecewise about indices.

    SymPy moves a Piecewise out of a Σ, out of an inner one too, and the index of that is then free.
    """
    from gradbook.any_size.conditions import indicator_of

    def written(cases: Piecewise) -> Expr:
        if cases.args[-1][1] != true:
            return cases
        found, otherwise = Integer(0), Integer(1)
        for result, given in cases.args:
            found += result * otherwise * indicator_of(given)
            otherwise *= 1 - indicator_of(given)
        return found

    if not isinstance(formula, Expr) or not formula.has(Piecewise):
        return formula
    return formula.replace(lambda part: isinstance(part, Piecewise), written)
