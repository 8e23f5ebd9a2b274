"""Formulas and proofs of slopes in the language of Coq.

A slope is proved as it is built: of a sum from those of its terms, of a composition by the chain
rule, so that Coq checks each step and searches for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sympy import Add, Expr, Mul, Pow, Rational, Symbol, exp, log

from gradbook.notation import hinge, step


class NotWritten(ValueError):
    """A formula that no certificate is written for."""


def term(expr: Expr) -> str:
    """A formula, in brackets where it is more than a letter or a number."""
    match _parts(expr):
        case ("+" | "*" | "-" as sign, left, right):
            return f"({term(left)} {sign} {term(right)})"
        case ("opp", of, _):
            return f"(- {term(of)})"
        case ("/", of, _):
            return f"(/ {term(of)})"
    match expr:
        case Symbol():
            return str(expr)
        case Rational():
            return str(expr.p) if expr.q == 1 else f"({expr.p} / {expr.q})"
        case hinge(args=(u, at_kink)) | step(args=(u, at_kink)) if at_kink == 0:
            return f"({type(expr).__name__} {term(u)})"
        case step(args=(u, at_kink)) if at_kink == 1:
            return f"(closed_step {term(u)})"
        case exp(args=(u,)):
            return f"(exp {term(u)})"
        case log(args=(u,)):
            return f"(ln {term(u)})"
    raise NotWritten(f"{expr} is not made of sums, products, max(0, ·), exp and log")


def _parts(expr: Expr) -> tuple[str, Expr, Expr] | None:
    """A sum or a product of two, a negation or an inverse; None for anything else."""
    match expr:
        case Add():
            *before, last = _positive_first(expr.as_ordered_terms())
            rest = Add(*before)
            return ("-", rest, -last) if _is_negative(last) else ("+", rest, last)
        case Mul():
            number, rest = expr.as_coeff_Mul()
            if number == -1:
                return "opp", rest, rest
            if number != 1:
                return "*", number, rest
            *factors, last = expr.as_ordered_factors()
            return "*", Mul(*factors), last
        case Pow(base=base, exp=exponent) if exponent.is_Integer and exponent > 1:
            return "*", base ** (exponent - 1), base
        case Pow(base=base, exp=exponent) if exponent.is_Integer:
            return "/", base ** (-exponent), base
    return None


def _positive_first(terms: Sequence[Expr]) -> list[Expr]:
    return sorted(terms, key=_is_negative)


def _is_negative(part: Expr) -> bool:
    return bool(part.as_coeff_Mul()[0] < 0)


_RULES = {"+": "plus", "-": "minus", "*": "mult"}
_OF = {hinge: ("hinge", "hinge_slope"), exp: ("exp", "derivable_pt_lim_exp")}
_OF |= {log: ("ln", "derivable_pt_lim_ln")}


def slope(expr: Expr, v: Symbol, given: Callable[[Expr, str], str]) -> str:
    """A proof that the formula has a slope by v.

    given: (u, "≠" or ">") ↦ the name of what is known: that u is not 0, or above 0. The argument of
    max(0, ·) must be no kink, and those of log and an inverse in their domain. Raises NotWritten.
    """

    def along(of: Expr) -> str:
        return f"(fun {v} => {term(of)})"

    def proved(of: Expr) -> str:
        if v not in of.free_symbols:
            return f"(derivable_pt_lim_const {term(of)} {v})"
        if of == v:
            return f"(derivable_pt_lim_id {v})"
        match _parts(of):
            case ("+" | "-" | "*" as sign, one, two):
                both = f"{along(one)} {along(two)} {v} _ _ {proved(one)} {proved(two)}"
                return f"(derivable_pt_lim_{_RULES[sign]} {both})"
            case ("opp", one, _):
                return f"(derivable_pt_lim_opp {along(one)} {v} _ {proved(one)})"
            case ("/", one, _):
                return f"(inverse_slope {along(one)} {v} _ {proved(one)} {given(one, '≠')})"
        if type(of) not in _OF:
            raise NotWritten(f"{of} has no slope that a certificate is written for")
        (u, *_), (name, rule) = of.args, _OF[type(of)]
        known = "" if isinstance(of, exp) else f" {given(u, '>' if isinstance(of, log) else '≠')}"
        inner = f"{along(u)} {name} {v} _ _ {proved(u)}"
        return f"(derivable_pt_lim_comp {inner} ({rule} _{known}))"

    return proved(expr)
