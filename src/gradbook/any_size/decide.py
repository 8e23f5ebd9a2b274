"""Is a formula 0, or ≥ 0, for any sizes and all data? True is a proof; False says nothing."""

from __future__ import annotations

from itertools import product

from sympy import Add, Expr, Integer, Mul

from gradbook.any_size import nonnegative
from gradbook.any_size.binding import free, written_out
from gradbook.any_size.canonical import canonical
from gradbook.any_size.content import denominators
from gradbook.any_size.indicators import NONE, Different
from gradbook.any_size.letters import zero
from gradbook.any_size.summands import summands
from gradbook.notation import step


def is_zero(expr: Expr, different: Different = NONE) -> bool:
    """Whether the form of `expr` is 0, for all indices that differ as stated: as it stands or, if
    that does not tell, with the letters that are defined written out.
    """
    if _form_is_zero(expr, different):
        return True
    written = written_out(expr)
    return written != expr and _form_is_zero(written, different)


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


#: More margins than this are not tried: three signs for each.
MARGINS = 4


def is_nonnegative(expr: Expr, different: Different = NONE) -> bool:
    """Whether `expr` is ≥ 0: as it stands, with the letters that are defined written out, or, if it
    is piecewise linear, in every sign of every margin.

    max(0, u′) − max(0, u) − 1{u > 0} (u′ − u) is 0, u′ or −u′ in each of the nine ways in which u
    and u′ can be negative, 0 or positive. A margin under a Σ has no one sign: False.
    """
    if any(nonnegative.is_nonnegative(each, different) for each in (expr, written_out(expr))):
        return True
    form = canonical(expr, different)
    margins = sorted({atom.args[0] for atom in form.atoms(step, zero)}, key=str)
    if len(margins) > MARGINS or any(not free(u) <= free(form) for u in margins):
        return False
    return all(
        _is_nonnegative_where(dict(zip(margins, signs, strict=True)), form, different)
        for signs in product((-1, 0, 1), repeat=len(margins))
    )


def is_positive(expr: Expr, different: Different = NONE) -> bool:
    """Whether `expr` is > 0 wherever it has a value, as it stands or written out."""
    written = (expr, written_out(expr))
    return any(nonnegative.is_seen(each, different, strictly=True) for each in written)


def _is_nonnegative_where(signs: dict[Expr, int], form: Expr, different: Different) -> bool:
    """Whether it is ≥ 0 where the margins have these signs: 0, a number, or a multiple of one."""
    if canonical(form * Mul(*(_indicator(u, sign) for u, sign in signs.items())), different) == 0:
        return True
    known = {step(u, 0): Integer(sign > 0) for u, sign in signs.items()}
    known |= {zero(u): Integer(sign == 0) for u, sign in signs.items()}
    there = form.xreplace(known)
    ratios = [(there, 1), *(((there / u).cancel(), sign) for u, sign in signs.items())]
    return any(ratio.is_number and ratio * sign >= 0 for ratio, sign in ratios)


def _indicator(u: Expr, sign: int) -> Expr:
    return {1: step(u, 0), 0: zero(u), -1: 1 - step(u, 0) - zero(u)}[sign]
