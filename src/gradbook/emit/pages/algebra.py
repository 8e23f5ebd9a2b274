"""How terms are put together, and simplified as they are."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import replace

from sympy import Expr, Integer

from gradbook.emit.pages.names import NotEmitted
from gradbook.emit.pages.terms import (
    ONE,
    ZERO,
    Apply,
    Axis,
    Counted,
    Det,
    Fixed,
    Holds,
    Index,
    Inverse,
    Joined,
    LabelAt,
    Number,
    Over,
    Plus,
    Power,
    Ref,
    Same,
    Term,
    Times,
    Total,
    Where,
    axes_of,
)


def plus(terms: Iterable[Term]) -> Term:
    """Their sum; those that are alike are counted."""
    counted: dict[Hashable, tuple[Expr, Term]] = {}
    for term in _flat(terms, Plus):
        number, rest = _factored(term)
        before, one = counted.get(_like(rest), (Integer(0), rest))
        counted[_like(rest)] = before + number, one
    found = tuple(times(Number(number), rest) for number, rest in counted.values() if number != 0)
    return found[0] if len(found) == 1 else Plus(found) if found else ZERO


def _like(term: Term, depth: int = 0) -> Hashable:
    """What is the same for a product in another order, and for a sum over an axis named else."""
    if isinstance(term, Times):
        return frozenset(_like(factor, depth) for factor in term.factors)
    if isinstance(term, Total):
        of = with_index(term.of, term.axis, Axis(f"Σ{depth}", term.axis.range))
        return term.axis.range, _like(of, depth + 1)
    return term


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
            return with_index(rest, *chosen)
    outside = [each for each in factors if axis not in each.axes]
    inside = [each for each in factors if axis in each.axes]
    if not inside:
        return times(*outside, Number(axis.range.count))
    return times(*outside, Total(times(*inside), axis))


def _chosen(factor: Term, axis: Axis) -> tuple[Axis, Index] | None:
    """axis and k of 1{axis = k}, where k is one of those that the axis runs over."""
    if not (isinstance(factor, Same) and factor.sign == "="):
        return None
    for one, other in ((factor.left, factor.right), (factor.right, factor.left)):
        if isinstance(one, Axis) and one == axis and _runs_over(one, other):
            return one, other
    return None


def _runs_over(axis: Axis, index: Index) -> bool:
    if axis in axes_of(index):
        return False
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
                raise NotEmitted("one entry of blocks that are put together is not emitted")
            return replace(term, axis=index)
        case Inverse(of=of, row=row, column=column):
            if not isinstance(index, Axis):
                raise NotEmitted("one entry of an inverse is not emitted by itself")
            row, column = (index if each == axis else each for each in (row, column))
            return replace(term, of=with_index(of, axis, index), row=row, column=column)
        case Over(axis=bound) if bound in axes_of(index):  # another name for the one that runs
            other = Axis(bound.name + "'", bound.range)
            of = with_index(with_index(term.of, bound, other), axis, index)
            return total(of, other) if isinstance(term, Total) else replace(term, of=of, axis=other)
    return mapped(term, lambda part: with_index(part, axis, index))


def put(one: Index, axis: Axis, index: Index) -> Index:
    """An index with another in place of an axis."""
    if isinstance(one, Axis) and one == axis:
        return _shifted(index, (one.range.first - axis.range.first).expand())
    if isinstance(one, LabelAt):
        return replace(one, indices=tuple(put(each, axis, index) for each in one.indices))
    return one


def _shifted(index: Index, by: Expr) -> Index:
    """The index, numbered otherwise."""
    if by == 0:
        return index
    match index:
        case Axis(range=found):
            return replace(
                index, range=replace(found, first=found.first + by, last=found.last + by)
            )
        case LabelAt(first=first):
            return replace(index, first=first + by)
        case Fixed(value=value):
            return Fixed(value + by)


def same(left: Index, sign: str, right: Index) -> Term:
    """1{left sign right}, where it is not plain from the two."""
    if left == right:
        return ONE if sign in "=≤≥" else ZERO
    return Same(left, sign, right)


def mapped(term: Term, change: Callable[[Term], Term]) -> Term:
    """The same of changed parts."""
    match term:
        case Plus(terms=terms):
            return plus(map(change, terms))
        case Times(factors=factors):
            return times(*map(change, factors))
        case Power(base=base, exponent=exponent):
            return power(change(base), exponent)
        case Where(condition=condition, then=then, other=other):
            return Where(change(condition), change(then), change(other))
        case Total(of=of, axis=axis):
            return total(change(of), axis)
        case Apply() | Holds() | Over() | Inverse() | Det():
            return replace(term, of=change(term.of))
        case Joined(joined=joined):
            return replace(term, joined=tuple(map(change, joined)))
    return term
