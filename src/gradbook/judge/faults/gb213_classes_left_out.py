"""Some classes are left out of the sum.

The loop over the classes begins or ends at a wrong one, or stops at the label.

Wrong:
    for j in range(y[i]):
Right:
    for j in range(C):
        if j != y[i]:
"""

from collections.abc import Callable, Iterator

from sympy import Expr, Sum

from gradbook.judge.explain.rewriting import Rewriting, sums
from gradbook.notation import C, unequal, y

MESSAGE = "{found}"
OFTEN = True


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for words, change in (
        ("the last class is left out of the sum over j", _without(C - 1)),
        ("the first class is left out of the sum over j", _without(0 * C)),
        ("the class y + 1 is left out of the sum over j", _without(y + 1)),
        ("the class y − 1 is left out of the sum over j", _without(y - 1)),
        ("only the classes j < y are summed", _between(0 * y, y - 1)),
        ("only the classes j ≤ y are summed", _between(0 * y, y)),
        ("only the classes j > y are summed", _between(y + 1, C - 1)),
        ("only the classes j ≥ y are summed", _between(y, C - 1)),
    ):
        yield from sums(formula, change, words)


def _without(label: Expr) -> Callable[[Expr], Expr]:
    def change(total: Expr) -> Expr:
        index = total.limits[-1][0]
        return Sum(total.function * unequal(index, label), *total.limits)

    return change


def _between(first: Expr, last: Expr) -> Callable[[Expr], Expr]:
    return lambda total: Sum(total.function, (total.limits[-1][0], first, last))
