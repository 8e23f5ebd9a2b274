"""max(0, ·) is taken of the sum, and not of each of its terms.

Wrong:
    loss = np.maximum(0, margins.sum(axis=1)).mean()
Right:
    loss = np.maximum(0, margins).sum(axis=1).mean()
"""

from collections.abc import Iterator

from sympy import Expr, Pow

from gradbook.judge.explain.rewriting import Rewriting, sums
from gradbook.notation import hinge

MESSAGE = "max(0, ·) is taken of the sum and not of each margin: {found} stands for {right}"
OFTEN = True


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    if formula.has(hinge) and not formula.has(Pow):
        yield from sums(formula, lambda total: hinge(total.replace(hinge, lambda u, at_kink: u)))
