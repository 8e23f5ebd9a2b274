"""Sums over a part of a range, and sums whose index is shifted.

With P(t) = Σ_{j=0}^{t−1} f(j), a sum from p to q is P(q + 1) − P(p) wherever p ≤ q + 1, and::

    P(0) = 0, P(C) = Σ over all classes, P(C − 1) = P(C) − f(C − 1)
    P(t + 1) = P(t) + f(t) for a class t

So every such sum comes down to sums over all, sums up to t − 1 and single terms: Σ_{j<y} f(j) +
Σ_{j>y} f(j) is Σ_j f(j) − f(y). A summand in s_{j−1} alone is one in s_j, with other limits. Where
it is not known that p ≤ q + 1 for all sizes and classes, the sum is left as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Add, Expr, Indexed, Integer, Sum, Symbol

from gradbook.any_size.binding import depends, letters_of, nested, over_parts, substitute, summed
from gradbook.any_size.letters import RANGES, Range, range_between, range_of
from gradbook.any_size.rules import Lemma, Rule
from gradbook.notation import equal, unequal


@dataclass(frozen=True)
class _End:
    """A place in a range: of + by, from its beginning (0), from a letter, or from its size."""

    of: Expr
    by: int


def _end(place: Expr, known: Range) -> _End | None:
    """A place of the range that is there for every size; None for another one."""
    if place.is_Integer:
        return _End(Integer(0), int(place)) if 0 <= place <= known.least else None
    below = place - known.size
    if below.is_Integer:
        return _End(known.size, int(below)) if -known.least <= below <= 0 else None
    letter, by = _letter_and_number(place)
    if letter is not None and range_of(letter) == known and 0 <= by <= 1:
        return _End(letter, int(by))
    return None


def _letter_and_number(place: Expr) -> tuple[Expr | None, Expr]:
    by, rest = place.as_coeff_Add()
    return (rest if range_of(rest) is not None else None), by


def _in_order(start: _End, end: _End, known: Range) -> bool:
    """Whether start ≤ end for every size of the range and every value of the letters."""
    if start.of == end.of:
        return start.by <= end.by
    if end.of == known.size:
        # A letter is at most size − 1, and a number is there in the smallest size.
        room = known.least if start.of == 0 else 1
        return start.by - end.by <= room
    return start.of == 0 and start.by <= end.by


def _up_to(end: _End, summand: Expr, index: Symbol, known: Range) -> Expr:
    """P(end)."""

    def at(place: Expr) -> Expr:
        return substitute(summand, {index: place})

    if end.of == 0:
        return Add(*(at(Integer(place)) for place in range(end.by)))
    if end.of == known.size:
        missing = (at(known.last - place) for place in range(-end.by))
        return summed(summand, *known.over(index)) - Add(*missing)
    whole = summed(summand, index, Integer(0), end.of - 1)
    return whole + at(end.of) if end.by else whole


def _usual(summand: Expr, index: Symbol, first: Expr, last: Expr) -> Expr:
    """The sum over a part of a range, by what is said above."""
    unchanged = Sum(summand, (index, first, last))
    if range_between(first, last) is not None:
        return unchanged
    for known in RANGES:
        start, end = _end(first, known), _end(last + 1, known)
        if start is None or end is None or not _in_order(start, end, known):
            continue
        # One letter for all of them, so that equal sums cancel.
        letter = known.fresh(letters_of(summand) - {index})
        renamed = substitute(summand, {index: letter})
        upper, lower = (_up_to(place, renamed, letter, known) for place in (end, start))
        return upper - lower
    return unchanged


def _shifted(summand: Expr, index: Symbol, first: Expr, last: Expr) -> Expr:
    """Σ_{j=p}^{q} f(j − d) = Σ_{j=p−d}^{q−d} f(j), where j occurs as j − d alone."""
    offsets = set(_offsets(summand, index))
    by = offsets.pop() if len(offsets) == 1 else Integer(0)
    if not by.is_Integer or by == 0:
        return Sum(summand, (index, first, last))
    moved = substitute(summand, {index: index - by})
    return Sum(moved, (index, first + by, last + by))


def _offsets(expr: Expr, index: Symbol) -> Iterator[Expr]:
    """t − j for each place t where the index j is used."""
    if not depends(expr, index):
        return
    if isinstance(expr, Sum):
        summand, _, first, last = nested(expr)
        for part in (summand, first, last):
            yield from _offsets(part, index)
    elif isinstance(expr, Indexed | equal | unequal):
        places = expr.indices if isinstance(expr, Indexed) else expr.args
        yield from (place - index for place in places if depends(place, index))
    elif expr.args:
        for part in expr.args:
            yield from _offsets(part, index)
    else:
        yield Integer(0)


def with_usual_limits(expr: Expr) -> Expr:
    """`expr` with every sum over all, or up to t − 1 for a letter t, wherever that can be."""
    for rule in (SHIFT, PART):
        while (after := rule.rewrite(expr)) != expr:
            expr = after
    return expr


def _on_sums(expr: Expr, *, shifts: bool) -> Expr:
    rule = _shifted if shifts else _usual
    return over_parts(expr, lambda part: rule(*nested(part)) if isinstance(part, Sum) else part)


def _uses(expr: Expr, *, shifts: bool) -> tuple[Lemma, ...]:
    """Each sum that is changed, and what it is."""
    rule = _shifted if shifts else _usual
    found = ((part, rule(*nested(part))) for part in sorted(expr.atoms(Sum), key=str))
    return tuple((before, after) for before, after in found if before != after)


SHIFT = Rule(
    "shift the index of the sum",
    lambda expr: _on_sums(expr, shifts=True),
    lambda expr: _uses(expr, shifts=True),
)
PART = Rule(
    "a sum over a part, by sums over all",
    lambda expr: _on_sums(expr, shifts=False),
    lambda expr: _uses(expr, shifts=False),
)

#: Applied before a derivative is worked out.
LIMITS = (SHIFT, PART)
