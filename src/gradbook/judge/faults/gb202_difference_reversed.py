"""The difference of the scores is reversed.

The score of the correct class should be the larger one; here it is punished for that.

Wrong:
    margins = np.maximum(0, own - scores + 1)
Right:
    margins = np.maximum(0, scores - own + 1)
"""

from collections.abc import Iterator

from sympy import Expr

from gradbook.judge.explain.rewriting import Rewriting, margins, number_in

MESSAGE = "the difference of the scores is reversed: the margin is {found}, not {right}"
OFTEN = True


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    yield from margins(formula, lambda u: 2 * number_in(u) - u)
