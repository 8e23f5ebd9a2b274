"""What the terms of a sum have in common: a number, and powers of what is in all of them."""

from __future__ import annotations

from sympy import Add, Expr, Integer, Mul, Pow, exp

from gradbook.any_size.indicators import is_indicator


def content(form: Expr) -> tuple[Expr, Expr, Expr]:
    """A number, factors that all terms share, and the rest, the number of whose first term is 1."""
    terms = [exponents(term) for term in Add.make_args(form)]
    bases = dict.fromkeys(base for term in terms for base in term if not is_indicator(base))
    shared = {base: min(term.get(base, Integer(0)) for term in terms) for base in bases}
    common = Mul(*(base**least for base, least in shared.items()))
    rest = Add(*(term / common for term in Add.make_args(form)))
    first = min(Add.make_args(rest), key=lambda term: str(term.as_coeff_Mul()[1]))
    number = first.as_coeff_Mul()[0]
    return number, common, Add(*(term / number for term in Add.make_args(rest)))


def denominators(form: Expr) -> dict[Expr, Expr]:
    """base ↦ the highest power of it that a term is divided by."""
    found: dict[Expr, Expr] = {}
    for term in Add.make_args(form):
        for factor in Mul.make_args(term):
            if isinstance(factor, Pow) and factor.exp.is_negative:
                found[factor.base] = max(found.get(factor.base, Integer(0)), -factor.exp)
    return found


def exponents(term: Expr) -> dict[Expr, Expr]:
    """base ↦ integer exponent, of the factors of a term; e^{2t} is (e^t)²."""
    found: dict[Expr, Expr] = {}
    for factor in Mul.make_args(term):
        if isinstance(factor, exp):
            number, t = factor.args[0].as_coeff_Mul()
            base, power = (exp(t), number) if number.is_Integer else (factor, Integer(1))
        elif isinstance(factor, Pow) and factor.exp.is_Integer:
            base, power = factor.args
        else:
            base, power = factor, Integer(1)
        if not base.is_Number:
            found[base] = found.get(base, Integer(0)) + power
    return found
