"""A query as SMT-LIB 2 text, for any solver of that standard, and for a reader.

This is a second translation, apart from `smt`: max(0, u) and 1{u > 0} stay functions with a name,
defined in the first lines, and no product is taken apart. Only what the standard has is written: a
real number has a point, 1.0, and a whole number has none.
"""

from __future__ import annotations

from collections.abc import Iterable

from sympy import Add, Basic, Expr, Float, Mul, Pow, Rational, Symbol, false, true
from sympy.core.relational import Relational, Unequality

from gradbook.notation import hinge, step
from gradbook.prove.smt import Pieces, Unsupported, exact, exponent, pieces_of, unsupported

DEFINITIONS = {
    hinge: "(define-fun hinge ((u Real)) Real (ite (> u 0.0) u 0.0))",
    step: "(define-fun step ((u Real) (c Real)) Real (ite (> u 0.0) 1.0 (ite (= u 0.0) c 0.0)))",
}
_SIGNS = {"==": "=", ">": ">", ">=": ">=", "<": "<", "<=": "<="}


def smtlib(says: str, given: Iterable[Basic], shows: Iterable[Basic]) -> str:
    """`unsat` is a solver's answer where all of `shows` hold wherever all of `given` do.

    says: comments, one a line.
    Raises Unsupported for a formula that has no exact counterpart.
    """
    given, shows = list(given), list(shows)
    letters = sorted({x for part in [*given, *shows] for x in part.free_symbols}, key=str)
    used = [text for kind, text in DEFINITIONS.items() if any(p.has(kind) for p in given + shows)]
    return "\n".join(
        [
            *(f"; {row}" for row in says.splitlines()),
            "(set-logic ALL)",
            *used,
            *(f"(declare-const {_name(x)} {'Int' if x.is_integer else 'Real'})" for x in letters),
            *(f"(assert (>= {real(x)} 0.0))" for x in letters if x.is_nonnegative),
            *(f"(assert (not (= {real(x)} 0.0)))" for x in letters if x.is_positive),
            *(f"(assert {truth(condition)})" for condition in given),
            f"(assert (not {_all(shows)}))",
            "(check-sat)\n",
        ]
    )


def truth(condition: Basic) -> str:
    """A comparison, as an S-expression."""
    if condition in (true, false):
        return str(condition).lower()
    if not isinstance(condition, Relational):
        raise Unsupported(f"{condition} is not a comparison")
    sides = " ".join(map(real, condition.args))
    if isinstance(condition, Unequality):
        return f"(not (= {sides}))"
    return f"({_SIGNS[condition.rel_op]} {sides})"


def real(expr: Expr) -> str:
    """A real-valued formula, as an S-expression."""
    match expr:
        case Symbol():
            return f"(to_real {_name(expr)})" if expr.is_integer else _name(expr)
        case Rational() | Float():
            return _number(exact(expr))
        case Add():
            return _listed("+", expr.args)
        case Mul():
            return _listed("*", expr.args)
        case Pow():
            return _listed("*", [expr.base] * exponent(expr))
        case hinge():
            return _listed("hinge", expr.args[:1])
        case step():
            return _listed("step", expr.args)
    if pieces := pieces_of(expr):
        return _choice(pieces)
    raise unsupported(expr)


def _choice(pieces: Pieces) -> str:
    *before, (_, value) = pieces
    chosen = real(value)
    for condition, value in reversed(before):
        chosen = f"(ite {truth(condition)} {real(value)} {chosen})"
    return chosen


def _all(conditions: list[Basic]) -> str:
    first, *others = map(truth, conditions)
    return "\n  ".join(["(and", first, *others]) + ")" if others else first


def _listed(head: str, parts: Iterable[Expr]) -> str:
    written = [real(part) for part in parts]
    return written[0] if len(written) == 1 and head in "+*" else f"({head} {' '.join(written)})"


def _number(value: Rational) -> str:
    size = f"{abs(value.p)}.0" if value.q == 1 else f"(/ {abs(value.p)}.0 {value.q}.0)"
    return f"(- {size})" if value < 0 else size


def _name(letter: Symbol) -> str:
    plain = str(letter).replace("_", "").isalnum() and str(letter).isascii()
    if set(str(letter)) & set("|\\"):
        raise Unsupported(f"the letter {letter} has a sign in its name that no letter may have")
    return str(letter) if plain else f"|{letter}|"
