"""The margin has another constant.

It is subtracted, is a parameter that has another value, or is taken for something else.

Wrong:
    margins = np.maximum(0, scores - own - 1)
Right:
    margins = np.maximum(0, scores - own + 1)
"""

from collections.abc import Iterator
from functools import partial

from sympy import Expr, Rational, log, sqrt

from gradbook.judge.explain.rewriting import Rewriting, margins, number_in
from gradbook.notation import C, j, y

MESSAGE = "the margin is {found}, not {right}"
OFTEN = True

_NUMBERS = ("-1", "2", "1/2", "1/10", "10", "100")
_LETTERS = (C, 1 / C, C - 1, 1 / (C - 1), sqrt(C), log(C), j, j + 1, y, y + 1)


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for other in (*map(Rational, _NUMBERS), *_LETTERS):
        yield from margins(formula, partial(_with, other))


def _with(other: Expr, u: Expr) -> Expr:
    return u - number_in(u) + other
