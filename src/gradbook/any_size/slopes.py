"""The slopes of what is made of many entries at once: X⁻¹, det X and max_k u_k."""

from __future__ import annotations

from sympy import Expr, Indexed, Sum, Symbol

from gradbook.any_size.binding import letters_in, letters_of, made_of
from gradbook.any_size.inverses import det, inverse
from gradbook.any_size.largest import chosen, largest
from gradbook.any_size.letters import Range, which
from gradbook.notation import partial

#: They have no slope by each of their arguments.
MANY = (inverse, det, largest)


class NotDerivable(ValueError):
    """A formula for which no rule of differentiation is stated here."""


def varies(f: Expr, v: Expr) -> bool:
    """Whether f depends on the letter of v = W_ab, s_a, λ …, by itself or through another."""
    of = v.base if isinstance(v, Indexed) else v
    if not isinstance(v, Indexed | Symbol):
        raise NotDerivable(f"a derivative is by a letter, not by {v}")
    return any(of in made_of(letter) for letter in letters_in(f))


def slope_of_many(f: Expr, v: Expr) -> Expr:
    """∂X⁻¹_ij/∂X_ab = −X⁻¹_ia X⁻¹_bj; ∂ det X/∂X_ab = det X · X⁻¹_ba; ∂ max_k u_k is the ∂u_k of
    the first k at which it is largest, as is declared.

    Raises NotDerivable where it is not worked out.
    """
    if isinstance(f, largest):
        return _of_largest(f, v)
    X = f.args[0]
    if not isinstance(v, Indexed) or v.base != X or which(v) == "symmetric":
        raise NotDerivable(f"a slope of {f.func.__name__} {X} by {v} is not worked out")
    a, b = v.indices
    if isinstance(f, det):
        return f * inverse(X, b, a)
    _, i, j = f.args
    return -inverse(X, i, a) * inverse(X, b, j)


def _of_largest(f: largest, v: Expr) -> Expr:
    along = Range(f.range)
    k = along.fresh(letters_of(f) | letters_of(v))
    u, counts = f.at(k)
    if varies(counts, v):
        raise NotDerivable(f"the slope of a max over what depends on {v} is not worked out")
    return Sum(chosen(*f.places(k)) * partial(u, v), along.over(k))
