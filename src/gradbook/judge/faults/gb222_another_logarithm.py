"""The logarithm has another base.

Wrong:
    loss = -np.log2(p[np.arange(n), y]).mean()
Right:
    loss = -np.log(p[np.arange(n), y]).mean()
"""

from collections.abc import Iterator
from functools import partial

from sympy import Expr, Integer, exp, log

from gradbook.judge.explain.rewriting import Rewriting, whole

MESSAGE = "the logarithm has the base {found}, not e"


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    if formula.has(log) and formula.has(exp):
        for base in (2, 10):
            yield from whole(formula, partial(_with_base, base), str(base))


def _with_base(base: int, loss: Expr) -> Expr:
    return loss / log(Integer(base))
