"""The hinge is cut at a number.

Wrong:
    margins = np.clip(scores - own + 1, 0, 1)
Right:
    margins = np.maximum(0, scores - own + 1)
"""

from collections.abc import Iterator, Sequence
from functools import partial

from sympy import Expr, Integer, Rational

from gradbook.judge.rewriting import Rewriting, bases
from gradbook.notation import hinge

MESSAGE = "the margins are clipped: {right} is cut at {found}, with u the margin"
IN_GRADIENT = "the slope is 0 where the margin is larger than {found}"


_USUAL = tuple(map(Integer, (1, 2, 5, 10, 100, 1000)))


def rewritings(formula: Expr, bounds: Sequence[Rational] = _USUAL) -> Iterator[Rewriting]:
    for bound in bounds:
        for one in bases(formula, partial(_cut_at, bound)):
            yield Rewriting(one.formula, bound, one.right)


def _cut_at(bound: Rational, h: Expr) -> Expr:
    return h - hinge(h.args[0] - bound)
