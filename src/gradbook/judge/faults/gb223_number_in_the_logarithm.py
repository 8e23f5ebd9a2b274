"""A small number is added to the probability, or bounds it from below.

It is to keep the logarithm from −∞. The largest score, subtracted first, or log-sum-exp, does that
without changing the loss.

Wrong:
    loss = -np.log(p[np.arange(n), y] + 1e-8).mean()
Right:
    loss = -np.log(p[np.arange(n), y]).mean()
"""

from collections.abc import Iterator
from functools import partial

from sympy import Expr, Integer, log

from gradbook.judge.explain.rewriting import Rewriting, of_probabilities
from gradbook.notation import hinge

MESSAGE = "{found} stands in the logarithm where the probability p_y belongs"


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for digits in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 20, 30):
        small = Integer(1) / Integer(10) ** digits
        shown = f"10{str(-digits).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
        yield from of_probabilities(formula, partial(_plus, small), f"p_y + {shown}")
        yield from of_probabilities(formula, partial(_at_least, small), f"max(p_y, {shown})")


def _plus(small: Expr, p: Expr) -> Expr:
    return -log(p + small)


def _at_least(small: Expr, p: Expr) -> Expr:
    return -log(p) - hinge(-log(p) + log(small))
