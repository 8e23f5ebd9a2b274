"""The scores are multiplied by a number first: a temperature.

Wrong:
    scores = 2 * X @ W.T
Right:
    scores = X @ W.T
"""

from collections.abc import Iterator
from functools import partial
from operator import mul

from sympy import Expr, Rational

from gradbook.judge.explain.printed import printed
from gradbook.judge.explain.rewriting import Rewriting, scores

MESSAGE = "the scores are multiplied by {found}"


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for factor in map(Rational, (2, "1/2", 10, "1/10", -1)):
        yield from scores(formula, partial(mul, factor), printed(factor))
