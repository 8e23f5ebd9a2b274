"""The loss of an example is divided by the number of classes.

Wrong:
    loss = margins.mean()
Right:
    loss = margins.sum() / n
"""

from collections.abc import Iterator
from functools import partial

from sympy import Expr

from gradbook.judge.printed import printed
from gradbook.judge.rewriting import Rewriting, whole
from gradbook.notation import C

MESSAGE = "the loss of an example is divided by {found}"
OFTEN = True


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for size in (C, C - 1):
        yield from whole(formula, partial(_over, size), printed(size))


def _over(size: Expr, loss: Expr) -> Expr:
    return loss / size
