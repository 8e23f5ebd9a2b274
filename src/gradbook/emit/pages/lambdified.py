"""A program at sizes that are numbers, as a Python function: by the printer of SymPy's lambdify."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sympy import Add, And, Basic, Max, Piecewise
from sympy.core.relational import Relational
from sympy.printing.numpy import NumPyPrinter
from sympy.printing.pycode import PythonCodePrinter

from gradbook.emit.arrays import positive_first
from gradbook.emit.pages.entries import entries_of
from gradbook.emit.pages.names import at_sizes
from gradbook.emit.pages.program import Program
from gradbook.emit.pages.source import function


class EntriesPrinter(NumPyPrinter):
    """NumPy's printer for single numbers: cases and comparisons are Python's own."""

    def _print(self, expr: Basic, **settings: Any) -> str:
        if isinstance(expr, Relational):
            return str(PythonCodePrinter._print_Relational(self, expr))
        return str(super()._print(expr, **settings))

    def _print_Add(self, expr: Add, order: str | None = None) -> str:
        return str(super()._print_Add(positive_first(expr), order="none"))

    def _print_Piecewise(self, expr: Piecewise) -> str:
        *cases, (last, _) = expr.args
        shown = "".join(f"{self._print(of)} if {self._print(said)} else " for of, said in cases)
        return f"({shown}{self._print(last)})"

    def _print_And(self, expr: And) -> str:
        return f"({' and '.join(map(self._print, expr.args))})"

    def _print_Max(self, expr: Max) -> str:
        return f"max({', '.join(map(self._print, expr.args))})"


def lambdified_source(program: Program, sizes: Mapping[str, int]) -> str:
    """The text. Raises NotEmitted where there are too many entries to be written out."""
    entries, printer = entries_of(program, sizes), EntriesPrinter()
    lines = [f"{name} = {printer.doprint(value)}" for name, value in entries.definitions]
    shown: dict[str, str] = {}
    for name, (shape, values) in entries.results.items():
        texts = [printer.doprint(value) for value in values]
        listed = str(np.reshape(np.array(texts, object), shape).tolist()).replace("'", "")
        shown[name] = f"numpy.array({listed}, float)" if shape else texts[0]
    (_, first), *others = program.results
    ends = [f"return {shown[first]}"]
    if others:
        slopes = (f'    "{name}": {shown[of]},' for name, of in others)
        ends = [f"return {shown[first]}, {{", *slopes, "}"]
    text = function(program, [*lines, *ends], at_sizes(sizes))
    return f"import numpy\n\n\n{text}\n".replace("    \n", "\n")
