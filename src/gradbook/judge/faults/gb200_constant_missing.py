"""The 1 of the margin is missing.

Without it a score that is no smaller than the others is enough: this is the perceptron's loss.

Wrong:
    margins = np.maximum(0, scores - own)
Right:
    margins = np.maximum(0, scores - own + 1)
"""

from collections.abc import Iterator

from sympy import Expr

from gradbook.judge.explain.rewriting import Rewriting, margins, number_in

MESSAGE = "the margin's 1 is missing: it is {found}, not {right}"
OFTEN = True


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    yield from margins(formula, lambda u: u - 1 if number_in(u) == 1 else u)
