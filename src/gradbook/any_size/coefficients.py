"""The coefficients that a page claims for any size: what its line for the gradient says of μ."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sympy import Expr, Indexed, Ne

from gradbook.any_size.binding import substitute
from gradbook.any_size.claim import IndexedClaim
from gradbook.any_size.letters import W, x
from gradbook.any_size.loss_of_page import InScores
from gradbook.any_size.page_letters import NotInEntries
from gradbook.any_size.roles import Roles
from gradbook.loss import Loss
from gradbook.notation import j, partial, y
from gradbook.page import Page


@dataclass(frozen=True)
class ClaimedCoefficients:
    """μ_j for j ≠ y and μ_y, as formulas of s[j], s[y] and sums over the classes."""

    other: Expr
    label: Expr


def claimed_coefficients(page: Page) -> ClaimedCoefficients | None:
    """Read from the line that the loss cites for its "gradient"; None where it does not tell.

    It has to claim ∂L_i/∂W_jb = μ_j x̃_b for j ≠ y and ∂L_i/∂W_yb = μ_y x̃_b, as N14 does.
    """
    loss = page.loss
    if "gradient" not in loss.cites:
        return None
    try:
        in_scores = InScores(page, Roles.of(page))
        claims = page[loss.cites["gradient"]].claims
        stated = [
            in_scores.claim(each) for read in claims for each in in_scores.entries.claims(read)
        ]
    except NotInEntries:
        return None
    return coefficients_claimed_by(stated, loss)


def coefficients_claimed_by(
    claims: Iterable[IndexedClaim], loss: Loss
) -> ClaimedCoefficients | None:
    """The same, of claims in entries."""
    rows = {}
    for claim in claims:
        row, coefficient = _row(claim, loss), _coefficient(claim)
        if row is None or coefficient is None:
            continue
        if row == y:
            rows[True] = coefficient
        elif claim.given == (Ne(row, y),):
            rows[False] = substitute(coefficient, {row: j})
    return ClaimedCoefficients(rows[False], rows[True]) if len(rows) == 2 else None


def _row(claim: IndexedClaim, loss: Loss) -> Expr | None:
    """The row of W by which the left side differentiates the loss."""
    left = claim.left
    if not isinstance(left, partial) or left.args[0] != loss.formula:
        return None
    by = left.args[1]
    return by.indices[0] if isinstance(by, Indexed) and by.base == W else None


def _coefficient(claim: IndexedClaim) -> Expr | None:
    """What x̃_b is multiplied by on the right side."""
    if not isinstance(claim.left, partial) or not isinstance(claim.left.args[1], Indexed):
        return None
    coefficient = claim.right / x[claim.left.args[1].indices[-1]]
    return None if any(letter.base == x for letter in coefficient.atoms(Indexed)) else coefficient
