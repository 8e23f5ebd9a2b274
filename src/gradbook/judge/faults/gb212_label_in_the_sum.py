"""The correct class is not left out of the sum over the others.

Its own margin is 1, whatever the weights are: the loss is too large, and the gradient the same.

Wrong:
    loss = np.maximum(0, margins).sum()
Right:
    margins[np.arange(n), y] = 0
    loss = np.maximum(0, margins).sum()
"""

from collections.abc import Iterator

from sympy import Expr

from gradbook.judge.explain.rewriting import Rewriting, sums, without_mask
from gradbook.notation import s, y

MESSAGE = (
    "the correct class is not left out of the sum: its own term makes the loss of every example "
    "too large by {found}"
)
OFTEN = True


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for one in sums(formula, without_mask):
        own = without_mask(one.right)
        term = own.function.xreplace({s[own.limits[-1][0]]: s[y]})
        yield Rewriting(one.formula, term, one.right)
