"""The kinks of a formula, read once: whatever a page writes them with, they are hinges and steps.

    >>> from sympy import Piecewise, sign
    >>> from gradbook.notation import s, y
    >>> declared(Piecewise((s[y], s[y] > 0), (0, True)))     # at 0 the second case holds: slope 0
    max(0, s[y])
    >>> declared(sign(s[y]))                                 # by definition 0 at 0
    2*step(s[y], 1/2) - 1

What states no value at its kink, or at none of many, is refused: max(0, u) has a slope of 1/2 at 0
for one library and of 0 for another.
"""

from __future__ import annotations

from sympy import (
    Abs,
    And,
    Basic,
    DiracDelta,
    Eq,
    Expr,
    Heaviside,
    Indexed,
    Integer,
    Max,
    Min,
    Mod,
    Mul,
    Ne,
    Not,
    Or,
    Piecewise,
    Pow,
    Rational,
    arg,
    ceiling,
    floor,
    frac,
    log,
    preorder_traversal,
    sign,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from gradbook.notation import equal, hinge, indicator, step, unequal, with_equal

UNDECLARED = (
    Abs, Max, Min, Heaviside, DiracDelta, Piecewise, Mod, arg, ceiling, floor, frac,
)  # fmt: skip


def declared(formula: Expr) -> Expr:
    """The formula with hinges and steps for what states its value at a kink.

    Raises ValueError where a function of the scores has a kink and does not.
    """
    formula = with_equal(formula)
    if formula.has(Piecewise, Heaviside, sign):
        formula = formula.replace(
            lambda part: isinstance(part, (Piecewise, Heaviside, sign)), _read
        )
    for part in preorder_traversal(formula):
        if isinstance(part, UNDECLARED) and part.has(Indexed):
            raise ValueError(
                "formula must declare its kinks with hinge or step, but contains "
                f"{part.func.__name__}, which states no value there"
            )
    return formula


def _read(part: Expr) -> Expr:
    match part:
        case sign():
            return 2 * step(part.args[0], Rational(1, 2)) - 1
        case Heaviside() if part.args[1].is_Rational and part.args[1] != Rational(1, 2):
            return step(*part.args)  # 1/2 is what SymPy takes where nobody has said anything
        case Piecewise():
            cases = [(value, _indicator(given)) for value, given in part.args]
            if all(given is not None for _, given in cases) and cases[-1][1] == 1:
                return _of_cases(cases)
    return part


def _of_cases(cases: list[tuple[Expr, Expr]]) -> Expr:
    """The value of the first case that holds; its slope at a kink is that of this case."""
    (value, given), *rest = cases
    if not rest:
        return value
    otherwise = _of_cases(rest)
    if _may_lack_a_value(value) or _may_lack_a_value(otherwise):
        raise ValueError(
            "formula must have cases that have a value everywhere, also where another one holds, "
            f"unlike {value if _may_lack_a_value(value) else otherwise}"
        )
    difference = (value - otherwise).expand()
    if isinstance(given, step):
        u = given.args[0].expand()
        ratio = (difference / u).cancel()
        if not ratio.has(Indexed):
            return otherwise + ratio * hinge(*given.args)
    return otherwise + (value - otherwise) * given


def _may_lack_a_value(value: Expr) -> bool:
    return any(
        part.has(Indexed)
        and (isinstance(part, log) or (isinstance(part, Pow) and not _is_whole(part.exp)))
        for part in preorder_traversal(value)
    )


def _is_whole(power: Expr) -> bool:
    return bool(power.is_Integer and power > 0)


def _indicator(condition: Basic) -> Expr | None:
    """1{condition}; None for one that holds on scores which no step tells from their neighbours."""
    match condition:
        case BooleanAtom():
            return Integer(bool(condition))
        case And() | Or() | Not():
            found = [_indicator(part) for part in condition.args]
            parts = [part for part in found if part is not None]
            if len(parts) < len(found):
                return None
            if isinstance(condition, And):
                return Mul(*parts)
            nor = Mul(*(1 - part for part in parts))
            return nor if isinstance(condition, Not) else 1 - nor
        case Eq() | Ne():
            of_classes = all(side.is_integer and not side.has(Indexed) for side in condition.args)
            kind = equal if isinstance(condition, Eq) else unequal
            return kind(*condition.args) if of_classes else None
        case Relational():
            return indicator(condition)
    return None
