"""|·| or min(0, ·) stands where max(0, ·) belongs.

Wrong:
    margins = np.abs(scores - own + 1)
Right:
    margins = np.maximum(0, scores - own + 1)
"""

from collections.abc import Iterator

from sympy import Expr

from gradbook.judge.rewriting import Rewriting, bases
from gradbook.notation import hinge

MESSAGE = "{found} stands where {right} belongs, with u the margin"
IN_GRADIENT = "the slope of {found} stands where that of {right} belongs, with u the margin"
OFTEN = True


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for words, change in (
        ("|u|", lambda h: h + hinge(-h.args[0])),
        ("min(0, u)", lambda h: -hinge(-h.args[0])),
        ("max(0, −u)", lambda h: hinge(-h.args[0])),
    ):
        yield from bases(formula, change, words)
