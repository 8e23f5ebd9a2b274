"""The hinge is smoothed: a parabola near its kink, a straight line beyond.

Wrong:
    loss = np.where(m < 1, m ** 2 / 2, m - 0.5).sum()
Right:
    loss = m.sum()
"""

from collections.abc import Iterator
from functools import partial

from sympy import Expr, Rational

from gradbook.judge.explain.rewriting import Rewriting, U, hinges
from gradbook.notation import hinge

MESSAGE = "the hinge is smoothed: it is a parabola up to a margin of {found}"
IN_GRADIENT = "the hinge is smoothed: its slope is {right} up to a margin u of {found}, and not 1"

_WIDTHS = tuple(map(Rational, (1, 2, "1/2", "1/4", "1/10")))


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for width in _WIDTHS:
        for one in hinges(formula, partial(_smoothed, width)):
            yield Rewriting(one.formula, width, U / width)


def _smoothed(width: Rational, h: Expr) -> Expr:
    """h²/(2w) up to w, and h − w/2 from there."""
    return (h**2 - hinge(h.args[0] - width) ** 2) / (2 * width)
