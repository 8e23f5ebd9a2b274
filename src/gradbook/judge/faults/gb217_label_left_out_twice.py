"""The correct class is left out of the sum, and its term is subtracted again.

Wrong:
    margins[np.arange(n), y] = 0
    loss = (margins.sum(axis=1) - 1).mean()
Right:
    margins[np.arange(n), y] = 0
    loss = margins.sum(axis=1).mean()
"""

from collections.abc import Iterator

from sympy import Expr

from gradbook.judge.explain.rewriting import Rewriting, sums, without_mask

MESSAGE = "the correct class is left out twice: 1 is subtracted for it"


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for one in sums(formula, without_mask):
        if one.right == formula:
            yield Rewriting(formula - 1, one.found, one.right)
