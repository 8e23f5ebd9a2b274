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
#: By what a power may be multiplied: the slopes h² and 2·h² are those of a third and two thirds h³.
_FACTORS = {2: (1, _HALF, 2), 3: (1, Rational(1, 3), Rational(2, 3))}


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for power in _POWERS:
        for factor in _FACTORS.get(power, (1,)):
            yield from hinges(formula, partial(_power, power, factor))
    for share in (1, _HALF):
        yield from hinges(formula, partial(_and_square, share))


def _power(power: Expr, factor: Expr, h: Expr) -> Expr:
    return factor * h**power


def _and_square(share: Expr, h: Expr) -> Expr:
    return h + share * h**2
