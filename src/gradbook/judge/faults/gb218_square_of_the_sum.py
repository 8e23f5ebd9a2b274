"""The sum is squared, and not each of its terms.

Wrong:
    loss = (margins.sum(axis=1) ** 2).mean()
Right:
    loss = (margins ** 2).sum(axis=1).mean()
"""

from collections.abc import Iterator

from sympy import Expr, Pow

from gradbook.judge.explain.rewriting import Rewriting, sums
from gradbook.notation import hinge

MESSAGE = "the sum is squared, and not each of its terms: {found} stands where {right} belongs"
OFTEN = True


def rewritings(formula: Expr) -> Iterator[Rewriting]:
    powers = [part for part in formula.atoms(Pow) if isinstance(part.base, hinge)]
    if powers:
        base = {power: power.base for power in powers}
        yield from sums(formula, lambda total: total.xreplace(base) ** powers[0].exp)
