"""What is above 0, or not below it, for any sizes, besides what `signs` sees from the parts.

- Σ_j f(j) ≥ f(t), for f ≥ 0, and log Σ_j f(j) ≥ log f(t); max_k u_k ≥ u_t, and it is one of them;
- q_k ≤ 1, of shares;
- Σ_jk f(j, k) is half of Σ_jk (f(j, k) + f(k, j)), and that may be a sum of squares, as in
  n Σ_k v_k² − (Σ_k v_k)² = ½ Σ_jk (v_j − v_k)².

False says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import permutations
from math import factorial

from sympy import Add, Expr, Mul, Sum, factor, log

from gradbook.any_size.binding import free, letters_of, nested, substitute
from gradbook.any_size.canonical import Limits, canonical
from gradbook.any_size.content import denominators
from gradbook.any_size.indicators import NONE, Different
from gradbook.any_size.largest import largest
from gradbook.any_size.letters import Range, domain_of, range_between, range_of, which
from gradbook.any_size.signs import is_above
from gradbook.any_size.summands import summands
from gradbook.notation import hinge

#: So often one formula is replaced by another that it is not below.
DEPTH = 4
#: Sums over more indices are not put in order.
MOST_INDICES = 3


def is_positive(u: Expr) -> bool:
    """Whether it is seen to be above 0 wherever it has a value."""
    return is_seen(u, strictly=True)


def is_nonnegative(u: Expr, different: Different = NONE) -> bool:
    """Whether it is seen not to be below 0."""
    return is_seen(u, different, strictly=False)


def is_seen(u: Expr, different: Different = NONE, *, strictly: bool) -> bool:
    """Whether it is > 0, or ≥ 0, for all indices that differ as stated."""
    if is_above(u, strictly=strictly):
        return True
    if _is_seen_where_attained(u, different, strictly):
        return True
    if u.has(hinge) and _is_not_below(u, different, strictly, DEPTH):  # its form has none
        return True
    form = canonical(u, different)
    while below := {base: k for base, k in denominators(form).items() if free(base)}:
        if not all(is_above(base, strictly=True) for base in below):
            return False
        cleared = Mul(*(base**power for base, power in below.items()))
        form = canonical(Add(*(term * cleared for term in Add.make_args(form))), different)
    return _is_seen(form, different, strictly, DEPTH)


def _is_seen(form: Expr, different: Different, strictly: bool, depth: int) -> bool:
    if is_above(form, strictly=strictly) or (not strictly and _is_sum_of_squares(form)):
        return True
    return depth > 0 and _is_not_below(form, different, strictly, depth)


def _is_not_below(u: Expr, different: Different, strictly: bool, depth: int) -> bool:
    """Whether something that it is not below is seen to be > 0, or ≥ 0."""
    return any(
        _is_seen(canonical(lower, more), more, strictly and not above, depth - 1)
        for lower, more, above in _lower(u, different)
    )


def _is_seen_where_attained(u: Expr, different: Different, strictly: bool) -> bool:
    """Whether it is so with u_t for a max_k u_k in it, whichever t it is of those that count."""
    bound = {index for each in u.atoms(Sum) for index in each.variables}
    atoms = (each for each in u.atoms(largest) if bound.isdisjoint(free(each)))
    part = min(atoms, key=str, default=None)
    return part is not None and all(
        is_seen(u.xreplace({part: value}), more, strictly=strictly)
        for value, more in _values_of(part, u, different)
    )


def _values_of(part: largest, u: Expr, different: Different) -> Iterator[tuple[Expr, Different]]:
    """u_t, for a t that differs from all of which that is known, and for each of these that counts;
    and what differs then.
    """
    along = Range(part.range)
    t = along.fresh(letters_of(u) | different)
    others = {*_places(part.at(t)[1], along)} - {t}
    if not others <= different and (len(others) > 1 or any(map(along.has, different))):
        others = set()  # they may be one another, or one of those that differ
    known = different | others
    for place in (t, *sorted((d for d in known if range_of(d) == along), key=str)):
        value, counts = part.at(place)
        if canonical(counts, known | {place}) != 0:
            yield value, known | {place}


# Bounds.

#: What a share is not above.
_ONE = (("≤", 1),)
#: A formula that another is not below, the indices that differ, and whether it is below for sure.
Bound = tuple[Expr, Different, bool]


def _lower(form: Expr, different: Different) -> Iterator[Bound]:
    """Formulas that `form` is not below: one value in place of a Σ or a max, 1 of a share, the end
    of an interval.
    """
    terms = Add.make_args(form)
    for term in terms:
        for part in Mul.make_args(term):
            rest = Mul(*(other for other in Mul.make_args(term) if other is not part))
            others = form - term
            for sign, end in _ONE if which(part) == "shares" else domain_of(part).bounds:
                towards = rest if sign in ">≥" else -rest
                if is_above(towards, strictly=False):
                    above = sign in "<>" and is_above(towards, strictly=True)
                    yield others + rest * end, different, above
            if is_above(rest, strictly=True):
                for value, above in _values(part, others, different):
                    yield others + rest * value, different, above


def _values(part: Expr, others: Expr, different: Different) -> Iterator[tuple[Expr, bool]]:
    """What a Σ, a log of one, or a max is not below; and whether it is above that."""
    match part:
        case Sum():
            summand, index, first, last = nested(part)
            known = range_between(first, last)
            if known is None or not is_above(summand, strictly=False):
                return
            above = known.least > 1 and is_above(summand, strictly=True)
            for place in _places(others, known):
                yield substitute(summand, {index: place}), above
        case Add():
            yield from ((value, False) for value in _one_left(part, others, different))
        case log():
            for value, above in _values(part.args[0], others, different):
                if is_above(value, strictly=True):
                    yield log(value), above
        case largest():
            for place in _places(others, Range(part.range)):
                value, counts = part.at(place)
                if canonical(counts, different) == 1:
                    yield value, False


def _one_left(part: Expr, others: Expr, different: Different) -> Iterator[Expr]:
    """Σ_j f(j) − f(k) is not below f(t), for t ≠ k and f ≥ 0."""
    totals = [term for term in part.args if isinstance(term, Sum)]
    if len(totals) != 1:
        return
    summand, index, first, last = nested(totals[0])
    known = range_between(first, last)
    if known is None or not is_above(summand, strictly=False):
        return
    of = {place: substitute(summand, {index: place}) for place in different}
    left_out = [k for k in _places(part, known) if k in of and -of[k] in part.args]
    if len(left_out) == len(part.args) - 1:
        yield from (of[t] for t in _places(others, known) if t in of and t not in left_out)


def _places(others: Expr, known: Range) -> list[Expr]:
    """The indices of a range in the rest of a formula."""
    return sorted((t for t in free(others) if range_of(t) == known), key=str)


# Squares.


def _is_sum_of_squares(form: Expr) -> bool:
    """Whether every Σ over two indices or more is one of what is not below 0, once f(j, k) and
    f(k, j) are put together, and what is left is not below 0.
    """
    found = summands(form).items()
    return all(is_above(_symmetric(body, limits), strictly=False) for limits, body in found)


def _symmetric(body: Expr, limits: tuple[Limits, ...]) -> Expr:
    """The mean over all orders of the indices that run over the same, as a product if it is one."""
    if len({tuple(ends) for _, *ends in limits}) != 1 or len(limits) > MOST_INDICES:
        return body
    indices = [index for index, *_ in limits]
    orders = (dict(zip(indices, order, strict=True)) for order in permutations(indices))
    total = Add(*(substitute(body, order) for order in orders))
    return factor(total / factorial(len(indices)))
