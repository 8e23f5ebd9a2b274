"""|·|, min(0, ·) or a leaky max stands where max(0, ·) belongs.

Wrong:
    margins = np.abs(scores - own + 1)
Right:
    margins = np.maximum(0, scores - own + 1)
"""

from collections.abc import Iterator
from functools import partial

from sympy import Expr, Rational

from gradbook.judge.explain.rewriting import Rewriting, bases
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
    for share in map(Rational, ("1/100", "1/10", "1/5", "1/2")):
        words = f"the leaky max({float(share):g}·u, u)"
        yield from bases(formula, partial(_leaky, share), words)


def _leaky(share: Rational, h: Expr) -> Expr:
    """What is negative counts a little, and what is 0 has its slope."""
    return share * h.args[0] + (1 - share) * h
