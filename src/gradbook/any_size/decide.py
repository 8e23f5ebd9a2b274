"""Is a formula 0, or ≥ 0, for any sizes and all data? True is a proof; False says nothing.

Its form decides (`canonical`), or what it is in each cell that its kinks cut out of its letters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import prod

from sympy import Add, Expr, Mul, Pow, Sum, Symbol, factor_list

from gradbook.any_size import nonnegative
from gradbook.any_size.binding import letters_of, nested, substitute, written_out
from gradbook.any_size.canonical import canonical
from gradbook.any_size.content import denominators
from gradbook.any_size.indicators import NONE, Different
from gradbook.any_size.letters import range_between, zero
from gradbook.any_size.signs import is_above
from gradbook.any_size.summands import summands
from gradbook.linear import Budget, Exhausted, Row
from gradbook.notation import hinge, step
from gradbook.regions import Cell, NotAffine, affine, cells, forms_of


def is_zero(expr: Expr, different: Different = NONE) -> bool:
    """Whether the form of `expr` is 0, for all indices that differ as stated: as it stands or, if
    that does not tell, with the letters that are defined written out, or in every cell of
    `regions`.
    """
    if _form_is_zero(expr, different):
        return True
    written = written_out(expr)
    return (written != expr and _form_is_zero(written, different)) or (
        _is_so_in_cells(expr, different, _is_0)
    )


def _form_is_zero(expr: Expr, different: Different) -> bool:
    """A formula that has a value is never divided by 0. Σ_j f is 0 where every f is, put over one
    denominator as well.
    """
    form = canonical(expr, different)
    while below := [base**power for base, power in denominators(form).items() if base.is_Add]:
        form = canonical(Add(*(term * Mul(*below) for term in Add.make_args(form))), different)
    return form == 0 or all(
        bool(limits) and _form_is_zero(body, different) for limits, body in summands(form).items()
    )


def is_nonnegative(expr: Expr, different: Different = NONE) -> bool:
    """Whether `expr` is ≥ 0: as it stands, with the letters that are defined written out, or, if it
    is polynomial between its kinks, in every cell of `regions` by the signs of its factors.
    """
    written = written_out(expr)
    return any(nonnegative.is_nonnegative(each, different) for each in (expr, written)) or (
        _is_so_in_cells(expr, different, _is_product_above)
    )


def is_positive(expr: Expr, different: Different = NONE) -> bool:
    """Whether `expr` is > 0 wherever it has a value, as it stands or written out."""
    written = (expr, written_out(expr))
    return any(nonnegative.is_seen(each, different, strictly=True) for each in written)


# Between the kinks.

#: More cells than this are not gone through.
CELLS = 300

Holds = Callable[[Expr, Cell, Sequence[Row]], bool]


def _is_so_in_cells(expr: Expr, different: Different, holds: Holds) -> bool:
    """Whether it holds of the formula in every cell that its kinks make of its letters.

    What is no polynomial in it, and a Σ, is a letter that may be any number, or any above 0 if it
    is seen to be so: what holds for all numbers holds for those that it can be. Of Σ_i f it is
    asked of f.
    """
    if not expr.has(hinge, step, zero):
        return False
    names: dict[Expr, Symbol] = {}
    form = _in_letters(_summand(expr, different), names, different)
    kinks = forms_of(form)
    symbols = sorted({each for u in kinks for each in u.free_symbols}, key=str)
    above = [
        [*(Fraction(each == other) for other in symbols), Fraction(0)]
        for part, each in names.items()
        if each in symbols and is_above(part, strictly=True)
    ]
    try:
        return bool(kinks) and all(
            holds(cell.restrict(form).expand(), cell, above)
            for cell in cells(kinks, symbols, budget=Budget(CELLS))
            if cell.arrangement.point(cell.intervals, above) is not None
        )
    except (NotAffine, Exhausted):
        return False


def _summand(expr: Expr, different: Different) -> Expr:
    """f − g of Σ_i f − Σ_i g; of anything else, it itself."""
    terms = [Mul.make_args(term) for term in Add.make_args(expr)]
    sums = [[u for u in term if isinstance(u, Sum)] for term in terms]
    if any(len(each) != 1 for each in sums):
        return expr
    (first, last), *others = {nested(total)[2:] for (total,) in sums}
    along = range_between(first, last)
    if others or along is None:
        return expr
    place = along.fresh(letters_of(expr) | different)
    bodies = []
    for (total,), term in zip(sums, terms, strict=True):
        summand, index, *_ = nested(total)
        rest = (u for u in term if u is not total)
        bodies.append(Mul(*rest, substitute(summand, {index: place})))
    return Add(*bodies)


def _in_letters(u: Expr, names: dict[Expr, Symbol], different: Different) -> Expr:
    """The formula with a letter for each part that is not made by +, ·, max(0, ·) and 1{…}."""

    def of(part: Expr) -> Expr:
        match part:
            case Add() | Mul():
                return part.func(*map(of, part.args))
            case Pow(base=base, exp=power) if power.is_Integer and power > 0:
                return of(base) ** power
            case hinge() | step():
                return part.func(of(part.args[0]), part.args[1])
            case zero():
                inside = of(part.args[0])
                return 1 - step(inside, 0) - step(-inside, 0)
        if part.is_Rational:
            return part
        form = canonical(part, different)
        return (
            names.setdefault(part, Symbol(f"v{len(names)}", real=True))
            if form == part
            else of(form)
        )

    return of(u)


def _is_0(form: Expr, cell: Cell, above: Sequence[Row]) -> bool:
    return bool(form == 0)


def _is_product_above(form: Expr, cell: Cell, above: Sequence[Row]) -> bool:
    """Whether it is ≥ 0 in the cell: a number, and factors that are squares or affine and keep one
    sign there.
    """
    if is_above(form, strictly=False):
        return True
    number, factors = factor_list(form)
    odd = [factor for factor, power in factors if power % 2]
    signs = [1 if number > 0 else -1, *(_sign(factor, cell, above) for factor in odd)]
    return prod(signs) > 0


def _sign(factor: Expr, cell: Cell, above: Sequence[Row]) -> int:
    """1 if it is nowhere below 0 in the cell, −1 if nowhere above, 0 if neither is seen."""
    if not factor.free_symbols <= set(cell.symbols):
        return 0
    slopes, constant = affine(factor, cell.symbols)
    for sign in (1, -1):
        below = [*(-sign * slope for slope in slopes), sign * constant]
        if cell.arrangement.point(cell.intervals, [*above, below]) is None:
            return sign
    return 0
