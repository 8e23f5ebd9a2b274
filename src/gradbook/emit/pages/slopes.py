"""The gradient of a term, one rule a line: the chain rule, from the objective back to the letters.

`pushed` carries the slope g of the objective by a term to the letters in it: what a letter gets is
a term for each of its occurrences. Where an index of the occurrence is an axis, the slope of the
entry at this axis is g; where it is a label, g goes to the row that the label names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sympy import Integer, Rational

from gradbook.emit.pages.algebra import minus, plus, power, put, same, times, total, with_index
from gradbook.emit.pages.terms import (
    ZERO,
    Apply,
    Axis,
    Det,
    Holds,
    Index,
    Inverse,
    Joined,
    LogDet,
    LogTotalExp,
    Number,
    Plus,
    Power,
    Ref,
    Term,
    Times,
    Total,
    Where,
    axes_of,
)


@dataclass(frozen=True)
class Share:
    """What one occurrence of an array, at these indices, adds to its slope: Σ over all axes."""

    indices: tuple[Index, ...]
    slope: Term


def pushed(term: Term, g: Term) -> Iterator[tuple[str, Share]]:
    """The names of the arrays in a term, and what each occurrence adds to the slope by it."""
    if g == ZERO:
        return
    match term:
        case Ref(name=name, indices=indices):
            yield name, Share(indices, g)
        case Plus(terms=terms):
            for each in terms:
                yield from pushed(each, g)
        case Times(factors=factors):
            for place, each in enumerate(factors):
                yield from pushed(each, times(g, *factors[:place], *factors[place + 1 :]))
        case Power(base=base, exponent=n):
            yield from pushed(base, times(g, Number(Integer(n)), power(base, n - 1)))
        case Apply(name=name, of=of):
            yield from pushed(of, times(g, _SLOPES[name](of)))
        case Where(condition=condition, then=then, other=other):
            yield from pushed(then, Where(condition, g, ZERO))
            yield from pushed(other, Where(condition, ZERO, g))
        case Total(of=of):
            yield from pushed(of, g)
        case Joined(axis=axis, places=places, joined=joined):
            for index, each in zip(places, joined, strict=True):
                yield from pushed(each, with_index(g, axis, index))
        case Inverse(of=of, row=row, column=column, name=name):  # d X⁻¹ = −X⁻¹ dX X⁻¹
            i, j = (Axis(f"{each.name}'", each.range) for each in (row, column))
            inner = with_index(with_index(g, row, i), column, j)
            left = total(times(Ref(name, (i, row)), inner), i)
            yield from pushed(of, minus(total(times(left, Ref(name, (column, j))), j)))
        case LogDet(of=of, row=row, column=column, inverse=name):
            yield from pushed(of, times(g, Ref(name, (column, row))))
        case Det(of=of, row=row, column=column, inverse=name):
            yield from pushed(of, times(g, term, Ref(name, (column, row))))
        case LogTotalExp(of=of):
            yield from pushed(of, times(g, Apply("exp", plus([of, minus(term)]))))


_SLOPES: Mapping[str, Callable[[Term], Term]] = {
    "exp": lambda u: Apply("exp", u),
    "log": lambda u: power(u, -1),
    "sqrt": lambda u: times(Number(Rational(1, 2)), power(Apply("sqrt", u), -1)),
    "softplus": lambda u: Apply("exp", plus([u, minus(Apply("softplus", u))])),
    "max0": lambda u: Holds(u, ">"),  # at 0 the declared slope, 0
}


def collected(
    shares: Sequence[Share], axes: tuple[Axis, ...], outer: frozenset[Axis] = frozenset()
) -> Term:
    """The slope by an array, at these axes of it. outer: axes of what is differentiated."""
    return plus(_at(share, axes, outer) for share in shares)


def _at(share: Share, axes: tuple[Axis, ...], outer: frozenset[Axis]) -> Term:
    slope, indices = share.slope, list(share.indices)
    chosen: list[Term] = []
    for place, own in enumerate(axes):
        index = indices[place]
        is_free = isinstance(index, Axis) and index not in outer.union(axes)
        if is_free and isinstance(index, Axis) and index.range == own.range:
            slope = with_index(slope, index, own)
            chosen = [with_index(each, index, own) for each in chosen]
            indices = [put(each, index, own) for each in indices]
        else:
            chosen.append(same(own, "=", index))
    summed = slope.axes.union(*(axes_of(each) for each in indices)) - set(axes) - outer
    found = times(*chosen, slope)
    for axis in sorted(summed, key=lambda each: each.name):
        found = total(found, axis)
    return found
