"""Whether two formulas are equal at all real numbers at which a run's choice of signs is so.

A formula is written in letters of its own for what a run leaves open: p = 1{u > 0}, z = 1{u = 0},
with p² = p, z² = z, p z = 0 and z u = 0. It is 0 if the coefficient of each product of these is, as
a quotient of polynomials in the field of exp and log; for a product with a z, modulo u.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sympy import Add, Expr, Function, Mul, Pow, Symbol, expand
from sympy.polys.groebnertools import groebner

from gradbook.notation import step
from gradbook.prove.field import Field
from gradbook.prove.source.signs import Signs, Zero, key_of, written_out


def vanishes(difference: Expr, signs: Signs) -> bool:
    """Whether it is seen to be 0 wherever it has a value and the signs are so.

    What stands in exp, in a root, below a fraction or in another comparison is decided first.
    Raises field.NotInField for what the field has no letters for, and field.Exhausted.
    """
    difference = _settled(_flat(_settled(written_out(difference), signs), signs), signs)
    if not difference:
        return True
    positive: dict[Expr, Symbol] = {}
    zero: dict[Expr, Symbol] = {}
    letters: dict[Expr, Expr] = {}
    for each in difference.atoms(step, Zero):
        u, by = key_of(each.args[0])
        p = positive.setdefault(u, Symbol(f"p{len(positive)}"))
        z = zero.setdefault(u, Symbol(f"z{len(zero)}"))
        letters[each] = z if isinstance(each, Zero) else p if by == 1 else 1 - p - z
    of = {z: u for u, z in zero.items()}
    pairs = [(positive[u], zero[u]) for u in positive]
    for product, coefficient in _coefficients(difference.xreplace(letters), pairs):
        equations = (*signs.equations, *(of[z] for z in product if z in of))
        if not _is_zero(coefficient, equations):
            return False
    return True


def _settled(formula: Expr, signs: Signs) -> Expr:
    """The formula with what is decided already."""
    told = {
        each: signs.value(each)
        for each in formula.atoms(step, Zero)
        if signs.told(each.args[0], int(isinstance(each, step))) is not None
    }
    return formula.xreplace(told) if told else formula


def _flat(formula: Expr, signs: Signs) -> Expr:
    """The formula with what can only be computed with once it is decided, decided."""
    if isinstance(formula, Function | Pow) and not _is_power(formula):
        if isinstance(formula, step | Zero):
            return formula.func(signs.resolved(formula.args[0]), *formula.args[1:])
        return signs.resolved(formula)
    if not formula.has(step, Zero):
        return formula
    return formula.func(*(_flat(each, signs) for each in formula.args))


def _is_power(formula: Expr) -> bool:
    return isinstance(formula, Pow) and formula.exp.is_Integer and formula.exp > 0


def _coefficients(
    formula: Expr, pairs: Sequence[tuple[Symbol, Symbol]]
) -> Iterator[tuple[frozenset[Symbol], Expr]]:
    """Of each product of the letters p and z: what it is multiplied by, where p z = 0."""
    if not pairs:
        yield frozenset(), formula
        return
    both = [frozenset(pair) for pair in pairs]
    letters = frozenset().union(*both)
    found: dict[frozenset[Symbol], list[Expr]] = {}
    for term in Add.make_args(expand(formula)):
        factors = Mul.make_args(term)
        product = frozenset(base for f in factors if (base := f.as_base_exp()[0]) in letters)
        if any(pair <= product for pair in both):
            continue
        others = [f for f in factors if f.as_base_exp()[0] not in letters]
        found.setdefault(product, []).append(Mul(*others))
    yield from ((product, Add(*terms)) for product, terms in found.items())


def _is_zero(formula: Expr, equations: Sequence[Expr]) -> bool:
    """Whether it is a multiple of what is 0, as a quotient of polynomials."""
    if formula.is_polynomial() and expand(formula) == 0:
        return True
    field = Field()
    above = [field.read(each).above for each in (*equations, formula)]
    *modulo, numerator = (field.here(each) for each in above)
    if not modulo:
        return field.vanishes(formula)
    modulo = [each for each in modulo if each]
    # A remainder of 0 is enough; a basis, which costs far more, makes the remainder the only one.
    if not numerator.rem(modulo):
        return True
    return len(modulo) > 1 and not numerator.rem(groebner(modulo, field.ring))
