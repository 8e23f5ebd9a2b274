"""A function of the scores stands where the scores belong in the margin.

Wrong:
    margins = np.maximum(0, np.abs(scores - own) + 1)
Right:
    margins = np.maximum(0, scores - own + 1)
"""

from collections.abc import Iterator
from functools import partial

from sympy import Expr

from gradbook.judge.explain.rewriting import Rewriting, margins, number_in
from gradbook.notation import hinge, j, s, y

MESSAGE = "the margin is {found}, not {right}"


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    a, b = s[j], s[y]
    for words, other in (
        ("|s_j − s_y| + 1", _absolute(a - b) + 1),
        ("|s_j − s_y| − 1", _absolute(a - b) - 1),
        ("1 − |s_j − s_y|", 1 - _absolute(a - b)),
        ("|s_j − s_y + 1|", _absolute(a - b + 1)),
        ("s_j − |s_y| + 1", a - _absolute(b) + 1),
        ("|s_j| − s_y + 1", _absolute(a) - b + 1),
        ("|s_j| − |s_y| + 1", _absolute(a) - _absolute(b) + 1),
        ("max(0, s_j) − s_y + 1", hinge(a) - b + 1),
        ("s_j − max(0, s_y) + 1", a - hinge(b) + 1),
        ("s_j² − s_y² + 1", a**2 - b**2 + 1),
        ("(s_j − s_y)² + 1", (a - b) ** 2 + 1),
        ("1 − s_j·s_y", 1 - a * b),
    ):
        if all(number_in(part.args[0]) == 1 for part in formula.atoms(hinge)):
            yield from margins(formula, partial(_instead, other), words)


def _instead(other: Expr, u: Expr) -> Expr:
    return other


def _absolute(u: Expr) -> Expr:
    return 2 * hinge(u) - u
