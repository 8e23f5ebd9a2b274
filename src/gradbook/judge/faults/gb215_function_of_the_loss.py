"""A function of the loss of an example stands where it belongs.

Wrong:
    loss = (margins.sum(axis=1) ** 2).mean()
Right:
    loss = margins.sum(axis=1).mean()
"""

from collections.abc import Iterator

from sympy import Expr, log, sqrt

from gradbook.judge.explain.rewriting import Rewriting, whole

MESSAGE = "{found} is taken of the loss of an example L_i"


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for words, change in (
        ("the square", lambda loss: loss**2),
        ("half the square", lambda loss: loss**2 / 2),
        ("the square root", sqrt),
        ("log(1 + L_i)", lambda loss: log(1 + loss)),
    ):
        yield from whole(formula, change, words)
