"""A score in the margin has another sign or factor, is missing, bent, or that of another class.

Wrong:
    margins = np.maximum(0, scores + own + 1)
    margins = np.maximum(0, np.abs(scores - own) + 1)
    margins = np.maximum(0, scores - scores[:, :1] + 1)
Right:
    margins = np.maximum(0, scores - own + 1)
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

from sympy import Expr, Integer, Rational

from gradbook.judge.explain.rewriting import Rewriting, margins, number_in
from gradbook.notation import C, hinge, j, s, y

MESSAGE = "the margin is {found}, not {right}"
_FACTORS = tuple(map(Rational, (1, -1, 0, 2, "1/2")))
_A, _B = s[j], s[y]


def _absolute(u: Expr) -> Expr:
    return 2 * hinge(u) - u


_BENT = {
    "|s_j − s_y| + 1": _absolute(_A - _B) + 1,
    "|s_j − s_y| − 1": _absolute(_A - _B) - 1,
    "1 − |s_j − s_y|": 1 - _absolute(_A - _B),
    "|s_j − s_y + 1|": _absolute(_A - _B + 1),
    "s_j − |s_y| + 1": _A - _absolute(_B) + 1,
    "|s_j| − s_y + 1": _absolute(_A) - _B + 1,
    "|s_j| − |s_y| + 1": _absolute(_A) - _absolute(_B) + 1,
    "max(0, s_j) − s_y + 1": hinge(_A) - _B + 1,
    "s_j − max(0, s_y) + 1": _A - hinge(_B) + 1,
    "s_j² − s_y² + 1": _A**2 - _B**2 + 1,
    "(s_j − s_y)² + 1": (_A - _B) ** 2 + 1,
    "1 − s_j·s_y": 1 - _A * _B,
}
#: The factors of s_j, s_y and the constant; what is constant, or another fault, is left out.
_SIGNS = [
    (of_j, of_y, sign)
    for of_j, of_y, sign in product(_FACTORS, _FACTORS, (1, -1))
    if not of_j == of_y == sign and (of_j, of_y) not in ((1, 1), (0, 0), (-1, -1))
    if sum(factor != 1 for factor in (of_j, of_y, sign)) <= 2
]
OFTEN = len(_SIGNS)


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for of_j, of_y, sign in _SIGNS:
        yield from margins(formula, _with(of_j, of_y, Integer(sign)))
    for other in (0 * y, C - 1, C - 1 - y):
        yield from margins(formula, partial(_against, other))
    if all(number_in(part.args[0]) == 1 for part in formula.atoms(hinge)):
        for words, margin in _BENT.items():
            yield from margins(formula, partial(_instead, margin), words)


def _with(of_j: Expr, of_y: Expr, sign: Expr) -> Callable[[Expr], Expr]:
    def change(u: Expr) -> Expr:
        number = number_in(u)
        return (u - number).xreplace({s[j]: of_j * s[j], s[y]: of_y * s[y]}) + sign * number

    return change


def _against(other: Expr, u: Expr) -> Expr:
    return u.xreplace({s[y]: s[other]})


def _instead(other: Expr, u: Expr) -> Expr:
    return other
