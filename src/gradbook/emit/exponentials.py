"""Sums of exponentials that neither overflow nor vanish, wherever only their scale is too large.

e^1000 is no float64, but log Σ_a e^{s_a} and e^{s_a} / Σ_b e^{s_b} are. With m = max_a s_a::

    Σ_a e^{s_a} = e^m Σ_a e^{s_a − m}        each term at most 1, one of them 1
    log(e^m S)  = m + log S                  under a logarithm, m leaves
    e^u / e^m   = e^{u − m}                  and in a quotient it is taken together

A sum of a few exponentials is treated alike: 1 + e^u = e^m (e^{−m} + e^{u − m}) with m = max(0, u).
These are the only rules, and they are applied under logarithms and in denominators only: elsewhere
a sum that overflows is too large itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import Add, Expr, Integer, Max, Mul, Pow, Symbol, exp, expand_mul, log


def scaled_names(names: Iterable[Symbol], formulas: Iterable[Expr]) -> set[Symbol]:
    """The names of sums that stand under a logarithm or in a denominator of the formulas."""
    inside = [
        part.args[0]
        for formula in formulas
        for part in formula.atoms(log, Pow)
        if isinstance(part, log) or _is_fraction(part)
    ]
    return {name for name in names if any(name in part.free_symbols for part in inside)}


def exponent(term: Expr) -> tuple[Expr, Expr]:
    """(g, u) with term = g e^u."""
    factors = Mul.make_args(term)
    powers = [factor.args[0] for factor in factors if isinstance(factor, exp)]
    return Mul(*(factor for factor in factors if not isinstance(factor, exp))), Add(*powers)


def rescaled(expr: Expr) -> Expr:
    """`expr` by the rules above, from the inside out."""
    if not expr.args or not expr.has(exp):
        return expr
    expr = expr.func(*(rescaled(argument) for argument in expr.args))
    if isinstance(expr, log):
        scale, rest = _apart(expr.args[0])
        return scale + log(rest)
    if isinstance(expr, Pow) and _is_fraction(expr):
        scale, rest = _apart(expr.base)
        return exp(scale * expr.exp) * rest**expr.exp
    if isinstance(expr, Mul):
        return _multiplied(expr.args)
    return expr


def _is_fraction(part: Pow) -> bool:
    return not (part.exp.is_Integer and part.exp > 0)


def _apart(expr: Expr) -> tuple[Expr, Expr]:
    """(m, rest) with expr = e^m · rest, no exponent in the rest being positive."""
    terms = [exponent(term) for term in Add.make_args(expr)]
    powers = list(dict.fromkeys(power for _, power in terms))
    if powers == [Integer(0)]:
        return Integer(0), expr
    scale = powers[0] if len(powers) == 1 else Max(*powers)
    return scale, Add(*(factor * exp(power - scale) for factor, power in terms))


def _multiplied(factors: Sequence[Expr]) -> Expr:
    """The product, a sum of exponentials times an exponential multiplied out."""
    product = Mul(*factors)
    sums = [factor for factor in product.args if isinstance(factor, Add) and factor.has(exp)]
    if sums and any(isinstance(factor, exp) for factor in product.args):
        product = expand_mul(product, deep=False)
    return Add(*(_together(term) for term in Add.make_args(product)))


def _together(term: Expr) -> Expr:
    """g e^u e^v as g e^{u + v}."""
    factor, power = exponent(term)
    return factor * exp(power)
