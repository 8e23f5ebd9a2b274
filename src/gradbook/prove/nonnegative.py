"""Polynomials that are ≥ 0 for a reason that can be read off their terms.

A term is ≥ 0 where its coefficient is, and every letter in it is positive or has an even exponent.
Any other term c·x^m must find two of those, a·x^j and b·x^k with j + k = 2m, that are not used up:
by the inequality of the means, |c|/2·(x^j + x^k) ≥ |c·x^m|. So p₁p₂(v₁ − v₂)² is found, multiplied
out or not, and so is the inequality of Cauchy and Schwarz.
"""

from __future__ import annotations

from collections.abc import Collection

from sympy import QQ
from sympy.polys.rings import PolyElement

Monomial = tuple[int, ...]


def is_nonnegative(f: PolyElement, positive: Collection[int]) -> bool:
    """Whether it is seen to be ≥ 0. positive: the places of the letters that are > 0."""
    left = {m: c for m, c in f.terms() if c > 0 and _odd(m) <= set(positive)}
    others = [(m, c) for m, c in f.terms() if m not in left]
    return all(_covered(m, abs(c) / 2, left) for m, c in others)


def is_positive(f: PolyElement, positive: Collection[int]) -> bool:
    """Whether it is seen to be > 0: each term ≥ 0, and one of them > 0."""
    places = set(positive)
    signs = [c > 0 and _odd(m) <= places for m, c in f.terms()]
    return all(signs) and any({i for i, k in enumerate(m) if k} <= places for m in f.monoms())


def _odd(monomial: Monomial) -> set[int]:
    return {place for place, k in enumerate(monomial) if k % 2}


def _covered(m: Monomial, half: QQ, left: dict[Monomial, QQ]) -> bool:
    """Takes what it needs of two terms that are left. Returns whether there are such."""
    for one in left:
        other = tuple(2 * k - j for j, k in zip(one, m, strict=True))
        if other != one and left[one] >= half and left.get(other, 0) >= half:
            left[one] -= half
            left[other] -= half
            return True
    return False
