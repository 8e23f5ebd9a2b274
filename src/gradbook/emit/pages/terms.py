"""A formula entry by entry: every part is a number for each value of its axes.

    Σ_b W_{kb} x_b    is    Total(Times((Ref("W", (k, b)), Ref("x", (b,)))), b)    at the axis k

Matrices are gone: a product is a sum over an axis, a transpose another order of axes. From terms
the gradient is made (`slopes`) and the code is printed (`text`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from functools import cached_property

from sympy import Expr, Integer

from gradbook.page.core import Range


@dataclass(frozen=True)
class Axis:
    """An index that runs. range: in the page's numbers, such as 1 … C."""

    name: str
    range: Range


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

    def map(self, change: Callable[[Term], Term]) -> Term:
        """The same of changed parts."""
        return self


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

    def map(self, change: Callable[[Term], Term]) -> Term:
        return plus(map(change, self.terms))


@dataclass(frozen=True)
class Times(Term):
    factors: tuple[Term, ...]

    def map(self, change: Callable[[Term], Term]) -> Term:
        return times(*map(change, self.factors))


@dataclass(frozen=True)
class Power(Term):
    """base^exponent, of a whole exponent, such as −1."""

    base: Term
    exponent: int

    def map(self, change: Callable[[Term], Term]) -> Term:
        return power(change(self.base), self.exponent)


@dataclass(frozen=True)
class Apply(Term):
    """exp, log, sqrt or max0 = max(0, ·)."""

    name: str
    of: Term

    def map(self, change: Callable[[Term], Term]) -> Term:
        return replace(self, of=change(self.of))


@dataclass(frozen=True)
class Holds(Term):
    """1 where `of` compares so with 0, else 0: its slope is 0."""

    of: Term
    sign: str

    def map(self, change: Callable[[Term], Term]) -> Term:
        return replace(self, of=change(self.of))


@dataclass(frozen=True)
class Where(Term):
    """`then` where the condition, which is 0 or 1, is 1; elsewhere `other`."""

    condition: Term
    then: Term
    other: Term

    def map(self, change: Callable[[Term], Term]) -> Term:
        return Where(change(self.condition), change(self.then), change(self.other))


@dataclass(frozen=True)
class Over(Term):
    """What runs over an axis: the sum of all values along it, or the logarithm of Σ exp."""

    of: Term
    axis: Axis

    @cached_property
    def axes(self) -> frozenset[Axis]:
        return self.of.axes - {self.axis}

    def map(self, change: Callable[[Term], Term]) -> Term:
        return replace(self, of=change(self.of))


class Total(Over):
    """Σ over the axis."""

    def map(self, change: Callable[[Term], Term]) -> Term:
        return total(change(self.of), self.axis)


class LogTotalExp(Over):
    """log Σ exp over the axis, whatever the size of the exponents."""


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

    def map(self, change: Callable[[Term], Term]) -> Term:
        return replace(self, joined=tuple(map(change, self.joined)))


# How terms are put together.


def plus(terms: Iterable[Term]) -> Term:
    """Their sum; those that are alike are counted."""
    counted: dict[Term, Expr] = {}
    for term in _flat(terms, Plus):
        number, rest = _factored(term)
        counted[rest] = counted.get(rest, Integer(0)) + number
    found = tuple(times(Number(number), rest) for rest, number in counted.items() if number != 0)
    return found[0] if len(found) == 1 else Plus(found) if found else ZERO


def times(*factors: Term) -> Term:
    """Their product, the number in front."""
    number, others = Integer(1), []
    for factor in _flat(factors, Times):
        if isinstance(factor, Number):
            number = number * factor.value
        else:
            others.append(factor)
    if number == 0:
        return ZERO
    powers: dict[Term, int] = {}
    for factor in others:
        base, exponent = (
            (factor.base, factor.exponent) if isinstance(factor, Power) else (factor, 1)
        )
        powers[base] = powers.get(base, 0) + exponent
    found = tuple(power(base, exponent) for base, exponent in powers.items() if exponent)
    found = tuple(
        base_of(each) if isinstance(base_of(each), Same | Holds) else each for each in found
    )
    if number == -1 and len(found) == 1 and isinstance(found[0], Plus):
        return plus(minus(each) for each in found[0].terms)
    if number != 1 or not found:
        found = (Number(number), *found)
    return found[0] if len(found) == 1 else Times(found)


def base_of(term: Term) -> Term:
    """The base of a positive power, which 0 and 1 are equal to."""
    return term.base if isinstance(term, Power) and term.exponent > 0 else term


def power(base: Term, exponent: int) -> Term:
    if exponent == 1:
        return base
    if exponent == 0:
        return ONE
    if isinstance(base, Number):
        return Number(base.value**exponent)
    if isinstance(base, Power):
        return power(base.base, base.exponent * exponent)
    if isinstance(base, Times):
        return times(*(power(each, exponent) for each in base.factors))
    return Power(base, exponent)


def minus(term: Term) -> Term:
    return times(Number(Integer(-1)), term)


def total(term: Term, axis: Axis) -> Term:
    """Σ over the axis: what does not depend on it comes out, and 1{axis = k} chooses k."""
    if term == ZERO:
        return ZERO
    if isinstance(term, Plus):
        return plus(total(each, axis) for each in term.terms)
    factors = list(_flat((term,), Times))
    for place, factor in enumerate(factors):
        chosen = _chosen(factor, axis)
        if chosen is not None:
            rest = times(*factors[:place], *factors[place + 1 :])
            return with_index(rest, axis, chosen)
    outside = [each for each in factors if axis not in each.axes]
    inside = [each for each in factors if axis in each.axes]
    if not inside:
        return times(*outside, Number(axis.range.count))
    return times(*outside, Total(times(*inside), axis))


def _chosen(factor: Term, axis: Axis) -> Index | None:
    """k of 1{axis = k}, where k is one of those that the axis runs over."""
    if not (isinstance(factor, Same) and factor.sign == "="):
        return None
    for one, other in ((factor.left, factor.right), (factor.right, factor.left)):
        if one == axis and axis not in axes_of(other) and _runs_over(axis, other):
            return other
    return None


def _runs_over(axis: Axis, index: Index) -> bool:
    match index:
        case Axis(range=found):
            return found == axis.range
        case LabelAt(first=first):
            return bool(first == axis.range.first)
    return False


def _flat(terms: Iterable[Term], kind: type[Plus] | type[Times]) -> Iterator[Term]:
    for term in terms:
        if isinstance(term, kind):
            yield from term.terms if isinstance(term, Plus) else term.factors
        else:
            yield term


def _factored(term: Term) -> tuple[Expr, Term]:
    if isinstance(term, Number):
        return term.value, ONE
    if isinstance(term, Times) and isinstance(term.factors[0], Number):
        return term.factors[0].value, times(*term.factors[1:])
    return Integer(1), term


def with_index(term: Term, axis: Axis, index: Index) -> Term:
    """The term with another index in place of an axis."""
    if axis not in term.axes:
        return term
    match term:
        case Ref(indices=indices):
            return replace(term, indices=tuple(put(each, axis, index) for each in indices))
        case Same(left=left, right=right):
            return same(put(left, axis, index), term.sign, put(right, axis, index))
        case Counted():
            return Counted(put(term.index, axis, index))
        case Joined(axis=along) if along == axis:
            if not isinstance(index, Axis) or index.range != axis.range:
                raise NotImplementedError("one entry of parts that are put together")
            return replace(term, axis=index)
        case Over(axis=bound) if bound in axes_of(index):  # another name for the one that runs
            other = Axis(bound.name + "'", bound.range)
            of = with_index(with_index(term.of, bound, other), axis, index)
            return total(of, other) if isinstance(term, Total) else LogTotalExp(of, other)
    return term.map(lambda part: with_index(part, axis, index))


def put(one: Index, axis: Axis, index: Index) -> Index:
    """An index with another in place of an axis."""
    if one == axis:
        return index
    if isinstance(one, LabelAt):
        return replace(one, indices=tuple(put(each, axis, index) for each in one.indices))
    return one


def same(left: Index, sign: str, right: Index) -> Term:
    """1{left sign right}, where it is not plain from the two."""
    if left == right:
        return ONE if sign in "=≤≥" else ZERO
    return Same(left, sign, right)
