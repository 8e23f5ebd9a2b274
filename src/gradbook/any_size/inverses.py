"""The inverse and the determinant of a square matrix X, of any size, whose entries are letters.

`inverse(X, i, j)` is the entry of X⁻¹ in row i and column j. Of the two this is used, where X has
an inverse, and nothing else (Magnus and Neudecker, Matrix Differential Calculus, 2019, §8.3, §8.4):

- Σ_k X⁻¹_ik X_kj = δ_ij, and Σ_k X_ik X⁻¹_kj = δ_ij;
- ∂X⁻¹_ij/∂X_ab = −X⁻¹_ia X⁻¹_bj, and ∂ det X/∂X_ab = det X · X⁻¹_ba, the entries of X being free.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
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
    for one, other in permutations(factors) if len(factors) == 2 else ():
        if isinstance(one, inverse) and _runs_over(range_between(first, last), one):
            return _contracted(one, other, index)
    return None


def _runs_over(found: Range | None, entry: inverse) -> bool:
    return found is not None and found.size == entry.args[0].shape[0]


def _contracted(entry: inverse, other: Expr, index: Expr) -> Expr | None:
    if isinstance(other, Sum):
        summand, inner, *ends = apart(other, {entry, index})
        found = _contracted(entry, summand, index)
        return None if found is None or depends(Mul(*ends), index) else summed(found, inner, *ends)
    X, *at = entry.args
    factors = Mul.make_args(other)
    depending = [each for each in factors if depends(each, index)]
    if index not in at or len(depending) != 1:
        return None
    (letter,), place = depending, at.index(index)
    end = at[1 - place]
    if depends(end, index) or not isinstance(letter, Indexed) or letter.base != X:
        return None
    if letter.indices[1 - place] != index or depends(letter.indices[place], index):
        return None
    rest = Mul(*(each for each in factors if each is not letter))
    return rest * equal(end, letter.indices[place])
