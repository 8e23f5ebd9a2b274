"""What has to hold for a formula to have a value: what it divides by is not 0, what it takes a
logarithm of is above 0, and so on. It is shown, or the claim is not proved.

Besides what `signs` sees, Σ_j f(j) − f(t) is Σ_{j≠t} f(j), above 0 where there are two or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sympy import Add, Eq, Expr, Ge, Gt, Le, Lt, Mul, Ne, Pow, Sum
from sympy.core.relational import Relational

from gradbook.any_size.binding import free, nested, substitute
from gradbook.any_size.canonical import canonical
from gradbook.any_size.decide import is_zero
from gradbook.any_size.letters import range_between, range_of
from gradbook.any_size.signs import is_above


@dataclass(frozen=True)
class Need:
    """A formula that has to be ≠ 0, > 0 or ≥ 0; written: as on the page."""

    formula: Expr
    sign: str
    written: str


def unmet(needs: Iterable[Need], given: Sequence[Relational]) -> str:
    """The first need that is not shown, in words; "" where all are."""
    for need in dict.fromkeys(needs):
        if not _is_met(need, given):
            return f"it needs {need.written} {need.sign} 0, and that is not shown"
    return ""


_ENOUGH = {"≠": (Gt, Lt, Ne), ">": (Gt,), "≥": (Gt, Ge, Eq)}


def _is_met(need: Need, given: Sequence[Relational]) -> bool:
    u = need.formula
    for condition in given:
        if isinstance(condition, _ENOUGH[need.sign]) and is_zero(u - condition.lhs + condition.rhs):
            return True
        turned = {Lt: Gt, Le: Ge}.get(condition.func)
        if turned in _ENOUGH[need.sign] and is_zero(u + condition.lhs - condition.rhs):
            return True
    if need.sign == "≥":
        return is_nonnegative(u)
    return is_positive(u) or (need.sign == "≠" and is_positive(-u))


def is_positive(u: Expr) -> bool:
    """Whether it is seen to be above 0 wherever it has a value."""
    return is_above(u, strictly=True) or _others_are_above(u, strictly=True)


def is_nonnegative(u: Expr) -> bool:
    """Whether it is seen not to be below 0."""
    return is_above(u, strictly=False) or _others_are_above(u, strictly=False)


def _others_are_above(u: Expr, *, strictly: bool) -> bool:
    """Σ_j f(j) − f(t) and what is above 0 besides, over a denominator above 0."""
    form = canonical(u)
    while below := _divisors(form):
        if not all(is_above(base, strictly=True) for base in below):
            return False
        form = canonical(Add(*(term * Mul(*below) for term in Add.make_args(form))))
    terms = list(Add.make_args(form))
    found = False
    for total in [term for term in terms if term.has(Sum)]:
        factors = Mul.make_args(total)
        sums = [factor for factor in factors if isinstance(factor, Sum)]
        if len(sums) != 1 or not is_above(total, strictly=True):
            continue
        summand, index, first, last = nested(sums[0])
        known = range_between(first, last)
        rest = Mul(*(factor for factor in factors if factor is not sums[0]))
        for place in {t for term in terms for t in free(term) if range_of(t) == known}:
            one = canonical(-rest * substitute(summand, {index: place}))
            if known is not None and one in terms:
                found |= known.least > 1
                terms.remove(one)
                terms.remove(total)
                break
    if found or len(terms) < len(Add.make_args(form)):
        strictly = strictly and not found
        return is_above(Add(*terms), strictly=strictly) if terms else not strictly
    return is_above(form, strictly=strictly)


def _divisors(form: Expr) -> list[Expr]:
    """What a term is divided by, as often as it is."""
    factors = {factor for term in Add.make_args(form) for factor in Mul.make_args(term)}
    divisors = (factor for factor in factors if isinstance(factor, Pow) and factor.exp.is_negative)
    return [1 / factor for factor in divisors if free(factor)]
