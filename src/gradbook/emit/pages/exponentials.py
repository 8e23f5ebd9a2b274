"""Exponentials whose exponents are large: quotients and logarithms of them, as a page writes them.

exp(u) / Σ exp(v) is exp(u − log Σ exp(v)), log exp(u) is u, and log Σ exp is made of differences of
exponents alone, as log(1 + exp(u)) is, which is called softplus. Where p is 1 / (1 + exp(u)), 1 − p
is 1 / (1 + exp(−u)). So no exponential overflows, and no logarithm is of a number near 0.
"""

from __future__ import annotations

from collections.abc import Callable

from sympy import Integer

from gradbook.emit.pages.algebra import mapped, minus, plus, power, times
from gradbook.emit.pages.terms import (
    ONE,
    Apply,
    Det,
    LogDet,
    LogTotalExp,
    Number,
    Plus,
    Power,
    Ref,
    Term,
    Times,
    Total,
)


def quotient(above: Term, below: Term) -> Term:
    """above / below; where below is a sum of exponentials, times the exponential of −log below."""
    if not isinstance(below, Total | Plus) or not is_exponential(below):
        return times(above, power(below, -1))
    lowered = minus(logarithm(below))
    factors = list(above.factors) if isinstance(above, Times) else [above]
    for place, each in enumerate(factors):
        if isinstance(each, Apply) and each.name == "exp":
            factors[place] = Apply("exp", plus([each.of, lowered]))
            return times(*factors)
    return times(above, Apply("exp", lowered))


def spelled_out(term: Term, unfolded: Callable[[Ref], Term]) -> Term:
    """The term with what its letters are defined as, where that makes an exponential of it, or a
    determinant; else the term as it is.
    """

    def spelled(part: Term) -> Term:
        match part:
            case Ref():
                whole = unfolded(part)
                return whole if whole == part else spelled_out(whole, unfolded)
            case Plus() | Times() | Power() | Total():
                return mapped(part, spelled)
        return part

    found = spelled(term)
    return found if is_exponential(found) or isinstance(found, Det) else term


def is_exponential(term: Term) -> bool:
    """Whether it is exp(…), 1 + exp(…), a power or a product of such, or a sum over an axis; or
    1 − 1/(1 + exp(…)).
    """
    match term:
        case Apply(name="exp"):
            return True
        case Power(base=base):
            return is_exponential(base)
        case Times(factors=factors):
            return all(map(is_exponential, factors))
        case Total(of=of):
            return is_exponential(of)
        case Plus(terms=(one, Apply(name="exp"))) | Plus(terms=(Apply(name="exp"), one)):
            return one == ONE
    return _complement(term) is not None


def _complement(term: Term) -> Term | None:
    """u, of 1 − exp(−softplus(u)), which is exp(−softplus(−u))."""
    if not isinstance(term, Plus) or len(term.terms) != 2:
        return None
    match plus([ONE, minus(term)]):
        case Apply(name="exp", of=of):
            match minus(of):
                case Apply(name="softplus", of=u):
                    return u
    return None


def logarithm(term: Term) -> Term:
    """log of a term, of which what is an exponential gives its exponent."""
    match term:
        case Apply(name="exp", of=of):
            return of
        case Times(factors=factors) if is_exponential(term):
            return plus(map(logarithm, factors))
        case Power(base=base, exponent=exponent) if is_exponential(base):
            return times(Number(Integer(exponent)), logarithm(base))
        case Total(of=of, axis=axis) if is_exponential(of):
            return LogTotalExp(logarithm(of), axis)
        case Plus() if (inside := _complement(term)) is not None:
            return minus(Apply("softplus", minus(inside)))
        case Plus(terms=terms) if is_exponential(term):
            (u,) = (each.of for each in terms if isinstance(each, Apply))
            return Apply("softplus", u)
        case Det(of=of, row=row, column=column, inverse=inverse):
            return LogDet(of, row, column, inverse)
    return Apply("log", term)
