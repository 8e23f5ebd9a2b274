"""A formula entry by entry: every part is a number for each value of its axes.

    Σ_b W_{kb} x_b    is    Total(Times((Ref("W", (k, b)), Ref("x", (b,)))), b)    at the axis k

Matrices are gone: a product is a sum over an axis, a transpose another order of axes. From terms
the gradient is made (`slopes`) and the code is printed (`text`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from functools import cached_property

from sympy import Expr, Integer, S

from gradbook.domain import ANY_NUMBERS, Domain
from gradbook.page.core import Letter, Range


@dataclass(frozen=True)
class Axis:
    """An index that runs. range: in the page's numbers, such as 1 … C.

    One name is one axis, though it may be numbered otherwise elsewhere: the rows of x are 1 … d,
    and those of (1, x) that they become 2 … d + 1.
    """

    name: str
    range: Range = field(compare=False)


@dataclass(frozen=True)
class LabelAt:
    """A given index: y, or y^{(i)}. first: the number of the first of those that it is one of."""

    name: str
    indices: tuple[Index, ...]
    first: Expr


@dataclass(frozen=True)
class Fixed:
    """A number, or a formula of sizes, in the page's numbers."""

    value: Expr


Index = Axis | LabelAt | Fixed


@dataclass(frozen=True)
class Term:
    """A number for each value of its axes."""

    @cached_property
    def axes(self) -> frozenset[Axis]:
        found: frozenset[Axis] = frozenset()
        for part in self.parts:
            found |= part.axes
        return found

    @property
    def parts(self) -> tuple[Term, ...]:
        """The terms that it is made of."""
        return tuple(_terms(getattr(self, each.name) for each in fields(self)))


def _terms(values: Iterable[object]) -> Iterator[Term]:
    for value in values:
        if isinstance(value, Term):
            yield value
        elif isinstance(value, tuple):
            yield from _terms(value)


def names(term: Term) -> Iterator[str]:
    """The names of the arrays and labels in a term."""
    indices: tuple[Index, ...] = ()
    match term:
        case Ref(name=name, indices=indices):
            yield name
        case Same(left=left, right=right):
            indices = (left, right)
        case Counted(index=index):
            indices = (index,)
    yield from (index.name for index in indices if isinstance(index, LabelAt))
    for part in term.parts:
        yield from names(part)


def axes_of(index: Index) -> frozenset[Axis]:
    """The axes that an index depends on."""
    match index:
        case Axis():
            return frozenset({index})
        case LabelAt(indices=indices):
            return frozenset().union(*map(axes_of, indices))
    return frozenset()


@dataclass(frozen=True)
class Number(Term):
    """A rational number, or a formula of sizes."""

    value: Expr


ZERO, ONE = Number(Integer(0)), Number(Integer(1))
#: What is never the largest.
LEAST = Number(S.NegativeInfinity)


@dataclass(frozen=True)
class Ref(Term):
    """An entry of an array: of a letter that is given, or of one that is defined before."""

    name: str
    indices: tuple[Index, ...]

    @cached_property
    def axes(self) -> frozenset[Axis]:
        return frozenset().union(*map(axes_of, self.indices))


@dataclass(frozen=True)
class Same(Term):
    """1 where the two indices are equal (or compare so), else 0. sign: one of =, ≠, <, >, ≤, ≥."""

    left: Index
    sign: str
    right: Index

    @cached_property
    def axes(self) -> frozenset[Axis]:
        return axes_of(self.left) | axes_of(self.right)


@dataclass(frozen=True)
class Counted(Term):
    """An index as a number."""

    index: Index

    @cached_property
    def axes(self) -> frozenset[Axis]:
        return axes_of(self.index)


@dataclass(frozen=True)
class Plus(Term):
    terms: tuple[Term, ...]


@dataclass(frozen=True)
class Times(Term):
    factors: tuple[Term, ...]


@dataclass(frozen=True)
class Power(Term):
    """base^exponent, of a whole exponent, such as −1."""

    base: Term
    exponent: int


@dataclass(frozen=True)
class Apply(Term):
    """exp, log, sqrt, max0 = max(0, ·) or softplus = log(1 + exp(·))."""

    name: str
    of: Term


@dataclass(frozen=True)
class Holds(Term):
    """1 where `of` compares so with 0, else 0: its slope is 0."""

    of: Term
    sign: str


def is_mask(term: Term) -> bool:
    """Whether it is 1{…}, or a product of such."""
    factors = term.factors if isinstance(term, Times) else (term,)
    return all(isinstance(each, Same | Holds) for each in factors)


@dataclass(frozen=True)
class Where(Term):
    """`then` where the condition, which is 0 or 1, is 1; elsewhere `other`."""

    condition: Term
    then: Term
    other: Term


@dataclass(frozen=True)
class Over(Term):
    """What runs over an axis: the sum of all values along it, the logarithm of Σ exp, the place of
    the largest.
    """

    of: Term
    axis: Axis

    @cached_property
    def axes(self) -> frozenset[Axis]:
        return self.of.axes - {self.axis}


class Total(Over):
    """Σ over the axis."""


class LogTotalExp(Over):
    """log Σ exp over the axis, whatever the size of the exponents."""


class FirstLargest(Over):
    """Where on the axis the largest value is, the first of several, counted from 0.

    It is the body of an array by itself, whose entries are labels.
    """


@dataclass(frozen=True)
class Inverse(Term):
    """The entry at the axes `row` and `column` of the inverse of the matrix of `of` along them.

    name: of the array that it is the body of.
    """

    of: Term
    row: Axis
    column: Axis
    name: str


@dataclass(frozen=True)
class Det(Term):
    """The determinant of the matrix of `of` along two axes. inverse: the array of its inverse."""

    of: Term
    row: Axis
    column: Axis
    inverse: str

    @cached_property
    def axes(self) -> frozenset[Axis]:
        return self.of.axes - {self.row, self.column}


class LogDet(Det):
    """Its logarithm, whatever its size, where it is above 0."""


@dataclass(frozen=True)
class Joined(Term):
    """Parts one after the other along an axis; each with the part of the axis that it is at.

    A part of one entry has the number of that entry in place of an axis.
    """

    axis: Axis
    places: tuple[Axis | Fixed, ...]
    joined: tuple[Term, ...]

    @cached_property
    def axes(self) -> frozenset[Axis]:
        inner = frozenset().union(*(each.axes for each in self.joined))
        return inner - frozenset(each for each in self.places if isinstance(each, Axis)) | {
            self.axis
        }


@dataclass(frozen=True)
class Array:
    """A letter with one axis for each of its indices, and for its rows and columns.

    body: what its entries are, of one that is defined.
    """

    name: str
    axes: tuple[Axis, ...]
    letter: Letter | None = None
    body: Term | None = None

    @property
    def domain(self) -> Domain:
        """What its entries are declared to be."""
        return self.letter.domain if self.letter is not None else ANY_NUMBERS
