"""δ and 1{…} in one form, and what they say of the rest of a product.

1{u ≥ 0} is 1{u > 0} + 1{u = 0}, and 1{−u > 0} is 1 − 1{u ≥ 0}: so that of u and −u only one occurs.
"""

from __future__ import annotations

from collections.abc import Sequence

from sympy import Add, Expr, Indexed, Integer, Mul, Sum, Symbol

from gradbook.any_size.binding import depends, over_parts, substitute
from gradbook.any_size.largest import chosen
from gradbook.any_size.letters import Range, range_of, which, zero
from gradbook.notation import equal, step

ZERO, ONE = Integer(0), Integer(1)

#: Class letters of which no two are the same class.
Different = frozenset[Expr]
NONE: Different = frozenset()


def ordered(terms: Sequence[Expr], different: Different) -> Expr:
    """δ_pq with p and q in order; 0 where they are known to be different. Where there are two
    places, t is the second where it is not the first.
    """
    p, q = sorted(terms, key=_order)
    if p != q and {p, q} <= different:
        return ZERO
    known = range_of(q)
    if known is not None and known.size == 2 and p == 1:
        return ONE - ordered((ZERO, q), different)
    return equal(p, q)


def in_order(part: Expr) -> Expr:
    """A_ij for A_ji, of a symmetric A: with i before j."""
    if isinstance(part, Indexed) and which(part) == "symmetric":
        *others, i, j = part.indices
        return part.base[(*others, *sorted((i, j), key=_order))]
    return part


def _order(term: Expr) -> tuple[int, str]:
    """Numbers, then letters, then y_i: the first stands for the others that it equals."""
    return (0 if term.is_number else 1 if term.is_Symbol else 2, str(term))


def indicator_form(u: Expr, at_kink: Expr) -> Expr:
    """1{u > 0} + at_kink 1{u = 0}, with the first term of u made positive: 1{u > 0} = 1{2u > 0}."""
    number, form = directed(u)
    if number < 0:
        return ONE - indicator_form(form, ONE - at_kink)
    return step(form, 0) + at_kink * zero(form)


def directed(u: Expr) -> tuple[Expr, Expr]:
    """u = number · form, the first letter in form having the number 1; numbers stay as they are."""
    terms = [term for term in Add.make_args(u) if not term.is_number]
    if not terms:
        return ONE, u
    number = min(terms, key=lambda term: str(term.as_coeff_Mul()[1])).as_coeff_Mul()[0]
    return number, Add(*(term / number for term in Add.make_args(u)))


def is_indicator(factor: Expr) -> bool:
    """Whether it is δ_pq, 1{u > 0} or 1{u = 0}."""
    return isinstance(factor, equal | step | zero)


def given(indicator: Expr, other: Expr) -> Expr:
    """`other`, as it reads where the indicator is 1."""
    if isinstance(indicator, equal):
        kept, replaced = sorted(indicator.args, key=_order)
        return substitute(other, {replaced: kept})
    (u, *_) = indicator.args
    signs = {step(u, 0): ONE, zero(u): ZERO}
    if isinstance(indicator, zero):
        signs = {step(u, 0): ZERO, zero(u): ONE}
        letter, value = _solved(u)
        if letter is not None:
            other = substitute(other, {letter: value})
    return over_parts(other, lambda part: signs.get(part, part))


def _solved(u: Expr) -> tuple[Expr | None, Expr]:
    """u = 0 as t = value, for the first score t of u that occurs in it just once and linearly, or
    a sum Σ_k t_k. None for a u with indicators in it: with these put in, there is no end.
    """
    if u.has(step, zero):
        return None, ZERO
    for term in sorted(Add.make_args(u), key=str):
        number, letter = term.as_coeff_Mul()
        if isinstance(letter, Indexed | Sum):
            value = letter - u / number
            if not depends(value, letter):
                return letter, value
    return None, ZERO


def with_directed_margins(body: Expr) -> tuple[Expr, int]:
    """The product with 1{u > 0} for 1{−u > 0} and δ_pq for δ_qp; how many margins were turned."""
    factors, turned = [], 0
    for factor in Mul.make_args(body):
        if isinstance(factor, step | zero):
            number, u = directed(factor.args[0])
            turned += isinstance(factor, step) and bool(number < 0)
            factors.append(factor.func(u, *factor.args[1:]))
        else:
            factors.append(ordered(factor.args, NONE) if isinstance(factor, equal) else factor)
    return Mul(*factors), turned


def adds_up_to_1(entry: Expr, index: Symbol, known: Range | None) -> bool:
    """Whether it is q_k of what adds up to 1 over all k."""
    if isinstance(entry, chosen):
        (*others, last), size = entry.args[0].indices, entry.range
        return bool(last == index and known == Range(size)) and index not in others
    if which(entry) != "shares" or known is None:
        return False
    *others, last = entry.indices
    return bool(last == index and known.size == entry.base.shape[-1]) and index not in others
