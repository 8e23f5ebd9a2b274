"""max(0, ·) is missing.

Wrong:
    loss = (scores - own + 1).sum()
Right:
    loss = np.maximum(0, scores - own + 1).sum()
"""

from collections.abc import Iterator

from sympy import Expr

from gradbook.judge.explain.printed import printed
from gradbook.judge.explain.rewriting import Rewriting, bases, sums, without_mask

MESSAGE = "max(0, ·) is missing: {found} stands where {right} belongs, and negative terms count"
IN_GRADIENT = "every margin counts as active: the indicator is missing"
OFTEN = True


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for one in bases(formula, lambda h: h.args[0]):
        yield one
        for both in sums(one.formula, without_mask):
            yield Rewriting(both.formula, f"{printed(one.found)}, and for j = y too,", one.right)
