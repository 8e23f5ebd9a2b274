"""Target "lambdify": the stages as one Python function over the columns of X, through NumPy."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Sequence
from typing import Any

import numpy
import sympy
from numpy.typing import NDArray
from sympy import Basic, ImmutableDenseMatrix, Mul, Symbol, lambdify
from sympy.printing.numpy import NumPyPrinter

from gradbook.emit.functions import functions_of
from gradbook.emit.python_modules import in_comments
from gradbook.emit.stages import Stages
from gradbook.emit.target import InPython
from gradbook.notation import equal, step, unequal

NAME = "loss_and_gradient"

#: What the printed code may refer to.
MODULES = {"numpy": numpy, "functools": functools}


class mean(sympy.Function):
    """The mean over the examples, of something that has a value for each."""

    nargs = 1

    def _numpycode(self, printer: Any) -> str:
        (value,) = self.args
        if isinstance(value, Mul) and len(value.args) == 2 and all(a.is_Symbol for a in value.args):
            a, b = (printer._print(factor) for factor in value.args)
            return f"{printer._module_format('numpy.dot')}({a}, {b})/len(y)"
        mean, float64 = map(printer._module_format, ("numpy.mean", "numpy.float64"))
        # Summed in float64, whatever the values: a float32 sum over many examples drifts.
        return f"{mean}({printer._print(value)}, dtype={float64})"


class StagesPrinter(NumPyPrinter):
    """NumPy's printer; indicators become numbers of the examples' dtype.

    NumPy's own True and False cannot be negated, and times 1.0 they would turn float32 to float64.
    """

    def _print(self, expr: Basic, **settings: Any) -> str:
        code: str = super()._print(expr, **settings)
        return f"{code}.astype(x_0.dtype)" if isinstance(expr, step | equal | unequal) else code

    def _print_ImmutableDenseMatrix(self, expr: ImmutableDenseMatrix) -> str:
        rows = (", ".join(map(self._print, row)) for row in expr.tolist())
        listed = ",\n        ".join(f"[{row}]" for row in rows)
        return f"{self._module_format('numpy.array')}([\n        {listed},\n    ])"


def called(
    module: Any, W: NDArray[Any], X: NDArray[Any], y: NDArray[Any]
) -> tuple[float, NDArray[Any]]:
    """The module's function, as a kernel calls it."""
    value, gradient = module.loss_and_gradient(W, *numpy.ascontiguousarray(X.T), y)
    return float(value), gradient


def printed(steps: Stages, lines: Sequence[str]) -> str:
    """The source: `lines` as comments, and a function of W (C, D), the columns x_0 … x_m of X, each
    (n,), and y (n,).
    """
    body = inspect.getsource(_function(steps)).replace("_lambdifygenerated", NAME, 1)
    imports = "\n".join(f"import {module}" for module in MODULES if f"{module}." in body)
    return in_comments(lines, f"{imports}\n\n\n{body}")


TARGET = InPython("lambdify", "lambdify", printed, "numpy", called)


def _function(steps: Stages) -> Any:
    """What `lambdify` makes of the stages: (W, x_0, …, x_m, y) → (L, G), both means."""
    entries = {name for row in steps.gradient for name, _ in row}
    L, G = Symbol("L"), Symbol("G")
    definitions: list[tuple[Symbol, Basic]] = [
        (name, mean(value) if name in entries else value)
        for stage in steps
        for name, value in stage.definitions
    ]
    definitions.append((L, mean(steps.loss[0])))
    definitions.append((G, ImmutableDenseMatrix([[name for name, _ in r] for r in steps.gradient])))

    def named(results: object) -> tuple[list[tuple[Symbol, Basic]], object]:
        """lambdify's hook for common subexpressions: those that the stages name."""
        return definitions, results

    printer = StagesPrinter({"inline": True, "allow_unknown_functions": False})
    arguments = (steps.W, *steps.x, steps.y)
    with functions_of("NumPy", printer, *MODULES):
        return lambdify(arguments, (L, G), modules=[MODULES], printer=printer, cse=named)
