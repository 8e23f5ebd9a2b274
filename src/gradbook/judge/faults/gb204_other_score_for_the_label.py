"""The score of another class stands where that of the correct one belongs.

Wrong:
    own = scores[:, 0]
Right:
    own = scores[np.arange(len(y)), y]
"""

from collections.abc import Iterator
from functools import partial

from sympy import Expr

from gradbook.judge.explain.rewriting import Rewriting, margins
from gradbook.notation import C, s, y

MESSAGE = "the margin is {found}, not {right}"


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for other in (0 * y, C - 1, C - 1 - y):
        yield from margins(formula, partial(_against, other))


def _against(other: Expr, u: Expr) -> Expr:
    return u.xreplace({s[y]: s[other]})
