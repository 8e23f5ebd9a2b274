"""The inverse and the determinant of a square matrix X, of any size, whose entries are letters.

`inverse(X, i, j)` is the entry of X⁻¹ in row i and column j. Of the two this is used, where X has
an inverse, and nothing else (Magnus and Neudecker, Matrix Differential Calculus, 2019, §8.3, §8.4):

- Σ_k X⁻¹_ik X_kj = δ_ij, and Σ_k X_ik X⁻¹_kj = δ_ij;
- ∂X⁻¹_ij/∂X_ab = −X⁻¹_ia X⁻¹_bj, and ∂ det X/∂X_ab = det X · X⁻¹_ba, the entries of X being free.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sympy import Expr, Function, Indexed, Mul, Sum

from gradbook.any_size.binding import apart, depends, summed
from gradbook.any_size.letters import Range, range_between
from gradbook.notation import equal


class inverse(Function):
    """inverse(X, i, j), for a letter X of a square matrix: an entry of X⁻¹."""

    nargs = 3
    is_real = True

    def _sympystr(self, printer: Any) -> str:
        X, i, j = self.args
        return f"{X}⁻¹[{i}, {j}]"


class det(Function):
    """det(X, 1) where it is known to be above 0, else det(X, 0)."""

    nargs = 2
    is_real = True

    def _sympystr(self, printer: Any) -> str:
        return f"det {self.args[0]}"

    def _eval_is_positive(self) -> bool | None:
        return True if self.args[1] == 1 else None


def without_inverse(factors: Sequence[Expr], index: Expr, first: Expr, last: Expr) -> Expr | None:
    """Σ_k X⁻¹_ik X_kj g = δ_ij g, and so of X_jk X⁻¹_ki, in sums too; None of other factors.

    factors: all that depend on the index k.
    """
    over = range_between(first, last)
    if over is None or len(factors) != 2:
        return None
    return _contracted(factors[0], factors[1], index, over)


def _contracted(one: Expr, other: Expr, index: Expr, over: Range) -> Expr | None:
    """Σ over the index of a product of two, of which either may be a sum itself."""
    for outer, beside in ((one, other), (other, one)):
        if isinstance(outer, Sum):
            summand, inner, *ends = apart(outer, {beside, index})
            factors = Mul.make_args(summand)
            depending = [each for each in factors if depends(each, index)]
            if len(depending) != 1 or depends(Mul(*ends), index):
                return None
            found = _contracted(depending[0], beside, index, over)
            rest = Mul(*(each for each in factors if each is not depending[0]))
            return None if found is None else summed(rest * found, inner, *ends)
        if isinstance(outer, inverse) and isinstance(beside, Indexed):
            return _unit(outer, beside, index, over)
    return None


def _unit(entry: inverse, letter: Indexed, index: Expr, over: Range) -> Expr | None:
    """δ_ij, where X⁻¹ and X meet in the index, which runs over all of their side."""
    X, *at = entry.args
    if letter.base != X or index not in at or over.size != X.shape[0]:
        return None
    place = at.index(index)
    ends = at[1 - place], letter.indices[place]
    meet = letter.indices[1 - place] == index and not any(depends(end, index) for end in ends)
    return equal(*ends) if meet else None
