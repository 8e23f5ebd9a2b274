"""Another function of the margin stands where max(0, ·) belongs.

It is bent otherwise, as |·|, min(0, ·) or a leaky max is, or smooth, as softplus, an exponential or
a root is.

Wrong:
    loss = np.abs(margins).sum()
    loss = np.log1p(np.exp(margins)).sum()
Right:
    loss = np.maximum(0, margins).sum()
"""

from collections.abc import Callable, Iterator
from functools import partial

from sympy import Expr, Rational, exp, log, sqrt

from gradbook.judge.explain.rewriting import Rewriting, bases, hinges
from gradbook.notation import hinge

MESSAGE = "{found} stands where {right} belongs, with u the margin"
IN_GRADIENT = "the slope of {found} stands where that of {right} belongs, with u the margin"
OFTEN = 7

_Of = Callable[[Expr, Expr], Expr]
#: Of u, and of max(0, u).
_BENT: dict[str, _Of] = {
    "|u|": lambda u, h: h + hinge(-u),
    "min(0, u)": lambda u, h: -hinge(-u),
    "max(0, −u)": lambda u, h: hinge(-u),
    "max(1, u)": lambda u, h: 1 + hinge(u - 1),
}
_SMOOTH: dict[str, _Of] = {
    "log(1 + eᵘ)": lambda u, h: log(1 + exp(u)),
    "log(1 + eᵘ⁻¹)": lambda u, h: log(1 + exp(u - 1)),
    "eᵘ": lambda u, h: exp(u),
    "eᵘ⁻¹": lambda u, h: exp(u - 1),
    "e^max(0, u) − 1": lambda u, h: exp(h) - 1,
    "log(1 + max(0, u))": lambda u, h: log(1 + h),
    "1 − e^(−max(0, u))": lambda u, h: 1 - exp(-h),
    "max(0, u)/(1 + max(0, u))": lambda u, h: h / (1 + h),
    "tanh(max(0, u))": lambda u, h: 1 - 2 / (exp(2 * h) + 1),
    "√(1 + u²) − 1": lambda u, h: sqrt(1 + u**2) - 1,
    "u²": lambda u, h: u**2,
}


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for words, of in _BENT.items():
        yield from bases(formula, partial(_of, of), words)
    for share in map(Rational, ("1/100", "1/10", "1/5", "1/2")):
        words = f"the leaky max({float(share):g}·u, u)"
        yield from bases(formula, partial(_leaky, share), words)
    for words, of in _SMOOTH.items():
        yield from hinges(formula, partial(_of, of), words)


def _of(function: _Of, h: Expr) -> Expr:
    return function(h.args[0], h)


def _leaky(share: Rational, h: Expr) -> Expr:
    """What is negative counts a little, and what is 0 has its slope."""
    return share * h.args[0] + (1 - share) * h
