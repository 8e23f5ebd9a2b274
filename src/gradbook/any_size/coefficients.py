"""The coefficients that a page claims for any size: what its line for the gradient says of μ."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Indexed, Ne

from gradbook.any_size.claim import IndexedClaim
from gradbook.any_size.letters import W, x
from gradbook.any_size.lines import AnySizePage, claims_of
from gradbook.notation import j, partial, y


@dataclass(frozen=True)
class ClaimedCoefficients:
    """μ_j for j ≠ y and μ_y, as formulas of s[j], s[y] and sums over the classes."""

    other: Expr
    label: Expr


def claimed_coefficients(page: AnySizePage) -> ClaimedCoefficients | None:
    """Read from the line that the loss cites for its "gradient"; None where it does not tell.

    It has to claim ∂L_i/∂W_jb = μ_j x̃_b for j ≠ y and ∂L_i/∂W_yb = μ_y x̃_b, as N14 does.
    """
    id = page.loss.cites.get("gradient", "")
    if id not in page.lines:
        return None
    rows = {}
    for claim in claims_of(page[id]):
        row, coefficient = _row(claim, page), _coefficient(claim)
        if coefficient is not None and (row == y or claim.given == (Ne(j, y),)):
            rows[row] = coefficient
    return ClaimedCoefficients(rows[j], rows[y]) if rows.keys() == {j, y} else None


def _row(claim: IndexedClaim, page: AnySizePage) -> Expr | None:
    """The row of W by which the left side differentiates the loss."""
    left = claim.left
    if not isinstance(left, partial) or left.args[0] != page.loss.formula:
        return None
    by = left.args[1]
    return by.indices[0] if isinstance(by, Indexed) and by.base == W else None


def _coefficient(claim: IndexedClaim) -> Expr | None:
    """What x̃_b is multiplied by on the right side."""
    if not isinstance(claim.left, partial) or not isinstance(claim.left.args[1], Indexed):
        return None
    coefficient = claim.right / x[claim.left.args[1].indices[-1]]
    return None if any(letter.base == x for letter in coefficient.atoms(Indexed)) else coefficient
