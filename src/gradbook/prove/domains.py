"""Where a claim is meant: which of the conditions under which it has a value are to be stated.

A sum of exponentials is > 0 by its form, and so is (x − μ)² + ε with ε > 0: nobody has to say so.
Of det A ≠ 0 nobody knows; then the claim is proved only where it is so, and the proof says it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

from sympy import Add, Expr, Ge, Gt, Mul, Ne, Pow, Rational, Symbol, exp
from sympy.core.relational import Relational

from gradbook.linear import Exhausted
from gradbook.notation import hinge, step
from gradbook.page.as_read import text
from gradbook.page.stated import Need
from gradbook.prove.field import Field, NotInField

_RELATIONS = {"≠": Ne, ">": Gt, "≥": Ge}
#: What answers a need, in the relations of what is given: u > 0 says that u ≠ 0.
_SAID_BY = {"≠": {">", "<", "!="}, ">": {">"}, "≥": {">", ">=", "=="}}
_OPERATOR = {"≠": "!=", ">": ">", "≥": ">="}

Known = Mapping[Expr, str]


@lru_cache(maxsize=4096)
def _length(value: Expr) -> int:
    return int(value.count_ops())


def to_be_stated(
    needs: Iterable[Need], given: Iterable[Relational], worked: Callable[[Expr], Expr]
) -> tuple[Need, ...]:
    """The needs that neither their form nor what is given answers, the shortest first.

    worked: a formula without derivatives, in given letters.
    """
    known: dict[Expr, str] = {}
    for each in given:
        u = worked(each.lhs - each.rhs)
        known |= {-u: each.reversed.rel_op, u: each.rel_op}
    found = []
    values = [(worked(need.value), need) for need in needs]
    for value, need in sorted(values, key=lambda one: _length(one[0])):
        if not _is_evident(value, need.sign, known):
            found.append(need)
            known.setdefault(value, _OPERATOR[need.sign])
    return tuple(found)


def condition(need: Need, worked: Callable[[Expr], Expr]) -> Relational:
    return _RELATIONS[need.sign](worked(need.value), 0, evaluate=False)


def written(need: Need) -> str:
    """As the page writes it: det(A) ≠ 0."""
    return "each side has a value" if need.of is None else f"{text(need.of)} {need.sign} 0"


def _is_evident(u: Expr, sign: str, known: Known) -> bool:
    """Whether u is > 0, ≥ 0 or ≠ 0: by its form, or as a quotient of sums of positive terms."""
    if by_form(u, sign, known):
        return True
    try:
        above = [each for each, relation in known.items() if relation == ">"]
        return any(Field(above).is_positive(v) for v in ((u, -u) if sign == "≠" else (u,)))
    except (NotInField, Exhausted, ZeroDivisionError):
        return False


def by_form(u: Expr, sign: str, known: Known) -> bool:
    """Whether u is > 0, ≥ 0 or ≠ 0 wherever it has a value, by its form and what is known."""
    if known.get(u) in _SAID_BY[sign] or _is_beyond(u, sign, known):
        return True
    match u:
        case Rational():
            return bool({"≠": u != 0, ">": u > 0, "≥": u >= 0}[sign])
        case Symbol():
            return bool(u.is_nonnegative if sign == "≥" else u.is_positive)
        case exp():
            return True
        case hinge() | step():
            return sign == "≥"
        case Add() if sign == "≠":
            return by_form(u, ">", known) or by_form(-u, ">", known)
        case Add():
            one = sign == "≥" or any(by_form(term, ">", known) for term in u.args)
            return one and all(by_form(term, "≥", known) for term in u.args)
        case Mul():
            return all(by_form(factor, sign, known) for factor in u.args)
        case Pow(base=base, exp=exponent):
            if exponent.is_Integer and exponent % 2 == 0:
                return sign == "≥" or by_form(base, "≠", known)
            return (sign == "≥" and not exponent.is_Integer) or by_form(base, sign, known)
    return False


def _is_beyond(u: Expr, sign: str, known: Known) -> bool:
    """c − 1 > 0, where c − 2 ≥ 0 is known."""
    if not isinstance(u, Add):
        return False
    more = ((u - each, relation) for each, relation in known.items() if relation in (">", ">="))
    strictly = sign != "≥"
    return any(
        by.is_Rational and (by > 0 or (by == 0 and not (strictly and relation == ">=")))
        for by, relation in more
    )
