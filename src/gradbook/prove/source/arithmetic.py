"""What the operators and functions of C mean: of whole numbers as in C, of real ones exactly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sympy import Expr, exp, log, sqrt, sympify

from gradbook.notation import step
from gradbook.prove.source.memory import Fault
from gradbook.prove.source.signs import Zero, key_of


def indicator(value: Expr) -> Expr:
    """1 where a real value counts as true, which is where it is not 0; else 0."""
    if isinstance(value, step | Zero) or isinstance(1 - value, step | Zero):
        return value
    return 1 - Zero(value)


def selected(condition: Expr, one: Any, other: Any) -> Any:
    """one where the condition is 1, other where it is 0: it is either.

    Where both are the same at u = 0, 1{u > 0} and 1 − 1{−u > 0} say the same: one of them is used,
    so that max(0, u) is one formula, however it is written.
    """
    if isinstance(condition, step):
        u, by = key_of(condition.args[0])
        if by == -1 and key_of(sympify(one) - other)[0] == u:
            condition = 1 - step(-condition.args[0])
    return condition * one + (1 - condition) * other


def quotient(left: int, right: int) -> int:
    """As C divides whole numbers: cut towards 0."""
    if right == 0:
        raise Fault("divides by 0")
    return abs(left) // abs(right) * (1 if (left < 0) == (right < 0) else -1)


ARITHMETIC: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: sympify(a) / b,
    "%": lambda a, b: a - b * quotient(a, b),
}

COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    ">": lambda a, b: a > b,
    "<": lambda a, b: a < b,
    ">=": lambda a, b: a >= b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}

FUNCTIONS: Mapping[str, Callable[..., Expr]] = {
    "exp": exp,
    "log": log,
    "log1p": lambda u: log(1 + u),
    "expm1": lambda u: exp(u) - 1,
    "sqrt": sqrt,
    "pow": lambda u, k: u**k,
}
