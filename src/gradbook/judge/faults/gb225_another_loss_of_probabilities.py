"""Another loss of the same probabilities: focal, smoothed labels.

Wrong:
    loss = (-(1 - p) ** 2 * np.log(p)).mean()
Right:
    loss = -np.log(p).mean()
"""

from collections.abc import Iterator
from functools import partial

from sympy import Expr, Rational, Sum, log

from gradbook.judge.explain.rewriting import Rewriting, of_probabilities
from gradbook.notation import C, j, s, y

MESSAGE = "{found} stands where −log p_y belongs"
IN_GRADIENT = "it is the gradient of {found}, not of −log p_y"


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for power in (1, 2):
        raised = "" if power == 1 else "²"
        words = f"the focal loss −(1 − p_y){raised} log p_y"
        yield from of_probabilities(formula, partial(_focal, power), words)
    for share in map(Rational, ("1/10", "1/20", "1/5", "1/100")):
        words = f"the loss of labels smoothed by {float(share):g}"
        yield from of_probabilities(formula, partial(_smoothed, share), words)


def _focal(power: int, p: Expr) -> Expr:
    return -((1 - p) ** power) * log(p)


def _smoothed(share: Rational, p: Expr) -> Expr:
    return -log(p) + share * (s[y] - Sum(s[j], (j, 0, C - 1)) / C)
