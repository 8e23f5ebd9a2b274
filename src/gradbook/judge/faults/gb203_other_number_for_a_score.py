"""A score in the margin has another sign or factor, or is missing.

Wrong:
    margins = np.maximum(0, scores + own + 1)
    margins = np.maximum(0, scores + 1)
Right:
    margins = np.maximum(0, scores - own + 1)
"""

from collections.abc import Callable, Iterator
from itertools import product

from sympy import Expr, Integer, Rational

from gradbook.judge.explain.rewriting import Rewriting, margins, number_in
from gradbook.notation import j, s, y

MESSAGE = "the margin is {found}, not {right}"
OFTEN = True

_FACTORS = tuple(map(Rational, (1, -1, 0, 2, "1/2")))
_NUMBERS = (1, -1)


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for of_j, of_y, sign in product(_FACTORS, _FACTORS, _NUMBERS):
        if of_j == of_y == sign or (of_j, of_y) in ((1, 1), (0, 0), (-1, -1)):
            continue  # what is another fault, or constant
        if sum(factor != 1 for factor in (of_j, of_y, sign)) <= 2:
            yield from margins(formula, _with(of_j, of_y, Integer(sign)))


def _with(of_j: Expr, of_y: Expr, sign: Expr) -> Callable[[Expr], Expr]:
    def change(u: Expr) -> Expr:
        number = number_in(u)
        return (u - number).xreplace({s[j]: of_j * s[j], s[y]: of_y * s[y]}) + sign * number

    return change
