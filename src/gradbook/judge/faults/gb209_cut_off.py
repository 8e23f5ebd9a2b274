"""The hinge is cut at a number.

Wrong:
    margins = np.clip(scores - own + 1, 0, 1)
Right:
    margins = np.maximum(0, scores - own + 1)
"""

from collections.abc import Iterator
from functools import partial
from itertools import product

from sympy import Expr, Integer

from gradbook.judge.explain.rewriting import Rewriting, bases
from gradbook.notation import hinge, step

MESSAGE = "the margins are clipped: {right} is cut at {found}, with u the margin"
IN_GRADIENT = "the slope is 0 where the margin is larger than {found}"

_BOUNDS = tuple(map(Integer, (1, 2, 3, 4, 5, 10, 50, 100, 1000)))


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for bound, cut in product(_BOUNDS, (_cut_above, _cut_from)):
        for one in bases(formula, partial(cut, bound)):
            yield Rewriting(one.formula, bound, one.right)


def _cut_above(bound: Integer, h: Expr) -> Expr:
    """At the bound itself the slope is 1."""
    return h - hinge(h.args[0] - bound)


def _cut_from(bound: Integer, h: Expr) -> Expr:
    """At the bound itself the slope is 0."""
    beyond = step(h.args[0] - bound, 1)
    return h * (1 - beyond) + bound * beyond
