"""Another function of the margin stands where max(0, ·) belongs: softplus, an exponential, a root.

Wrong:
    loss = np.log1p(np.exp(margins)).sum()
Right:
    loss = np.maximum(0, margins).sum()
"""

from collections.abc import Callable, Iterator
from functools import partial

from sympy import Expr, exp, log, sqrt

from gradbook.judge.explain.rewriting import Rewriting, hinges

MESSAGE = "{found} stands where {right} belongs, with u the margin"
IN_GRADIENT = "the slope of {found} stands where that of {right} belongs, with u the margin"


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for words, of in (
        ("log(1 + eᵘ)", lambda u, h: log(1 + exp(u))),
        ("log(1 + eᵘ⁻¹)", lambda u, h: log(1 + exp(u - 1))),
        ("eᵘ", lambda u, h: exp(u)),
        ("eᵘ⁻¹", lambda u, h: exp(u - 1)),
        ("e^max(0, u) − 1", lambda u, h: exp(h) - 1),
        ("log(1 + max(0, u))", lambda u, h: log(1 + h)),
        ("1 − e^(−max(0, u))", lambda u, h: 1 - exp(-h)),
        ("max(0, u)/(1 + max(0, u))", lambda u, h: h / (1 + h)),
        ("tanh(max(0, u))", lambda u, h: 1 - 2 / (exp(2 * h) + 1)),
        ("√(1 + u²) − 1", lambda u, h: sqrt(1 + u**2) - 1),
        ("u²", lambda u, h: u**2),
    ):
        yield from hinges(formula, partial(_of, of), words)


def _of(function: Callable[[Expr, Expr], Expr], h: Expr) -> Expr:
    return function(h.args[0], h)
