"""Exponentials whose exponents are large: quotients and logarithms of them, as a page writes them.

exp(u) / Σ exp(v) is exp(u − log Σ exp(v)), log exp(u) is u, and log Σ exp is made of differences of
exponents alone, as log(1 + exp(u)) is, which is called softplus: so no exponential overflows, and
no logarithm is of a number that is too small.
"""

from __future__ import annotations

from sympy import Integer

from gradbook.emit.pages.algebra import minus, plus, power, times
from gradbook.emit.pages.terms import (
    ONE,
    Apply,
    Det,
    LogDet,
    LogTotalExp,
    Number,
    Plus,
    Power,
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


def is_exponential(term: Term) -> bool:
    """Whether it is exp(…), 1 + exp(…), a power or a product of such, or a sum over an axis."""
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
    return False


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
        case Plus(terms=terms) if is_exponential(term):
            (u,) = (each.of for each in terms if isinstance(each, Apply))
            return Apply("softplus", u)
        case Det(of=of, row=row, column=column, inverse=inverse):
            return LogDet(of, row, column, inverse)
    return Apply("log", term)
