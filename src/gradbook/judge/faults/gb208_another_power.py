"""The hinge has another power.

The squared hinge is a loss of its own, and so is the plain one.

Wrong:
    loss = (np.maximum(0, margins) ** 2).sum()
Right:
    loss = np.maximum(0, margins).sum()
"""

from collections.abc import Iterator
from functools import partial

from sympy import Expr, Rational

from gradbook.judge.explain.rewriting import Rewriting, hinges

MESSAGE = "the hinge has another power: {found} stands where {right} belongs, with u the margin"
IN_GRADIENT = "of the margin u, {slope_of_found} stands where {slope_of_right} belongs"
OFTEN = True

_POWERS = tuple(map(Rational, (1, 2, 3, 4, "3/2", "1/2")))
_HALF = Rational(1, 2)


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for power in _POWERS:
        for factor in (1, _HALF, 2) if power == 2 else (1,):
            yield from hinges(formula, partial(_power, power, factor))
    for share in (1, _HALF):
        yield from hinges(formula, partial(_and_square, share))


def _power(power: Expr, factor: Expr, h: Expr) -> Expr:
    return factor * h**power


def _and_square(share: Expr, h: Expr) -> Expr:
    return h + share * h**2
