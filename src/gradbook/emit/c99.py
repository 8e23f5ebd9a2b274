"""SymPy's C99 printer, with what a loop over many examples needs."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

from sympy import NumberSymbol, Piecewise, Pow
from sympy.printing.c import C99CodePrinter
from sympy.printing.precedence import PRECEDENCE

INDENT = " " * 4
WIDTH = 100


class C99Printer(C99CodePrinter):
    """Whole powers as products, and numbers with a name as digits."""

    def __init__(self, settings: Mapping[str, Any] | None = None) -> None:
        super().__init__({"math_macros": {}, **(settings or {})})

    def _print_Pow(self, expr: Pow) -> str:
        """u**2 as u*u, which is exact where it can be, and a vector instruction."""
        if expr.exp in (2, 3):
            base = self.parenthesize(expr.base, PRECEDENCE["Pow"], strict=True)
            return f"({'*'.join([base] * int(expr.exp))})"
        return str(super()._print_Pow(expr))

    def _print_Piecewise(self, expr: Piecewise) -> str:
        *cases, (last, _) = expr.args
        shown = "".join(f"{self._print(said)} ? {self._print(of)} : " for of, said in cases)
        return f"({shown}{self._print(last)})"

    def _print_NumberSymbol(self, expr: NumberSymbol) -> str:
        """C99 has no M_PI: π with the digits of a double. A root or a logarithm is a call."""
        return repr(float(expr))

    def _print_Exp1(self, expr: NumberSymbol) -> str:
        return self._print_NumberSymbol(expr)

    def _print_Pi(self, expr: NumberSymbol) -> str:
        return self._print_NumberSymbol(expr)


def wrapped(statement: str, depth: int) -> str:
    """The statement on as many lines as it needs."""
    lines = textwrap.wrap(
        statement,
        WIDTH,
        initial_indent=INDENT * depth,
        subsequent_indent=INDENT * (depth + 1),
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(lines) + "\n"


def comment(lines: Iterable[str]) -> str:
    """The lines as a comment; whatever stands in them does not end it."""
    return "\n".join(["/*", *(f"   {_inside(line)}".rstrip() for line in lines), "*/"])


def _inside(text: str) -> str:
    """The text as it may stand inside a comment."""
    return text.replace("*/", "* /").replace("/*", "/ *").replace("??", "? ?").replace("\\", "/")
