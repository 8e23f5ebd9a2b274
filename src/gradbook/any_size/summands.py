"""The terms of a form that are sums over the same, put together: Σ_j f + Σ_j g as Σ_j (f + g)."""

from __future__ import annotations

from sympy import Add, Expr, Integer, Mul, Sum

from gradbook.any_size.binding import apart, letters_of
from gradbook.any_size.canonical import Limits, closed, sums_repeated
from gradbook.any_size.letters import range_between


def summands(form: Expr) -> dict[tuple[Limits, ...], Expr]:
    """What is summed for each choice of what is summed over; () for what is no sum."""
    found: dict[tuple[Limits, ...], Expr] = {}
    for term in Add.make_args(form):
        limits, body = _opened(term)
        found[limits] = found.get(limits, Integer(0)) + body
    return found


def _opened(term: Expr) -> tuple[tuple[Limits, ...], Expr]:
    """Σ_j f Σ_k g is Σ_j Σ_k f g, and n Σ_j f is Σ_j Σ_k f."""
    parts = [part for factor in Mul.make_args(term) for part in sums_repeated(factor)]
    sums = [part for part in parts if isinstance(part, Sum)]
    outside = Mul(*(part for part in parts if part not in sums))
    if not sums:
        return (), outside
    summand, index, first, last = apart(sums[0], {*sums[1:], outside})
    total = closed([summand, *sums[1:], outside], index, first, last)
    body, limits = total.function, tuple(total.limits)
    known = range_between(*limits[0][1:])
    if len(limits) == 1 and known is not None and known.size in Mul.make_args(body):
        body /= known.size
        names = (index for index in known.numbered("·") if index not in letters_of(total))
        limits = (*limits, known.over(next(names)))
    return tuple(sorted(limits, key=str)), body
