"""The logarithm of the probability is missing.

Wrong:
    loss = -p[np.arange(n), y].mean()
Right:
    loss = -np.log(p[np.arange(n), y]).mean()
"""

from collections.abc import Iterator

from sympy import Expr

from gradbook.judge.explain.rewriting import Rewriting, of_probabilities

MESSAGE = "the logarithm is missing: {found} stands where −log p_y belongs"
IN_GRADIENT = "it is the gradient of {found}, not of −log p_y"
OFTEN = True


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    for words, change in (
        ("−p_y", lambda p: -p),
        ("1 − p_y", lambda p: 1 - p),
        ("p_y", lambda p: p),
        ("(1 − p_y)²", lambda p: (1 - p) ** 2),
    ):
        yield from of_probabilities(formula, change, words)
