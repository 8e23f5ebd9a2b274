"""The probabilities are divided by the sum over the other classes.

Wrong:
    others = np.exp(scores).sum() - np.exp(scores[y])
    loss = -scores[y] + np.log(others)
Right:
    loss = -scores[y] + np.log(np.exp(scores).sum())
"""

from collections.abc import Iterator

from sympy import Expr, Sum, exp

from gradbook.judge.explain.rewriting import Rewriting, sums
from gradbook.notation import unequal, y

MESSAGE = "the correct class is left out of {right}"


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    if formula.has(exp):
        yield from sums(formula, _of_others)


def _of_others(total: Expr) -> Expr:
    return Sum(total.function * unequal(total.limits[-1][0], y), *total.limits)
