"""Target "lambdify": the stages as one Python function over the columns of X, through NumPy."""

from __future__ import annotations

import functools
import inspect
from typing import Any

import numpy
import sympy
from numpy.typing import NDArray
from sympy import Basic, ImmutableDenseMatrix, Mul, Symbol, lambdify
from sympy.printing.codeprinter import PrintMethodNotImplementedError
from sympy.printing.numpy import NumPyPrinter

from gradbook.emit.compared import require_right
from gradbook.emit.heading import heading
from gradbook.emit.kept import kept
from gradbook.emit.lazy import Lazy
from gradbook.emit.stages import Stages, stages
from gradbook.kernels import Kernel
from gradbook.kernels.kernel import Function
from gradbook.loss import Loss
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


def emit(loss: Loss, classes: int, features: int) -> Kernel:
    """A kernel that runs in NumPy, one operation over all examples at a time.

    Its function has the arguments W (C, D), the columns x_0 … x_m of X, each (n,), and y (n,).
    Raises ValueError for a size that is none, and for a function that NumPy does not have.
    """

    def function(source: str) -> Function:
        return functools.partial(called, Lazy(loss.key, source, "numpy"))

    def compared(source: str) -> None:
        require_right(function(source), loss, [classes], features + 1)

    def made() -> str:
        return printed(loss, stages(loss, classes, features))

    source = kept(made, compared, loss, "lambdify", classes, features)
    return Kernel(
        name=f"lambdify, C = {classes}, m = {features}",
        origin="lambdify",
        language="Python",
        source=source,
        function=function(source),
        loss=loss.key,
        classes=classes,
        features=features,
    )


def called(
    module: Any, W: NDArray[Any], X: NDArray[Any], y: NDArray[Any]
) -> tuple[float, NDArray[Any]]:
    """The module's function, as a kernel calls it."""
    value, gradient = module.loss_and_gradient(W, *numpy.ascontiguousarray(X.T), y)
    return float(value), gradient


def printed(loss: Loss, steps: Stages) -> str:
    """The source."""
    title = "\n".join(f"# {line}" for line in heading(loss, "lambdify", steps))
    body = inspect.getsource(_function(steps)).replace("_lambdifygenerated", NAME, 1)
    imports = "\n".join(f"import {module}" for module in MODULES if f"{module}." in body)
    return f"{title}\n\n{imports}\n\n\n{body}"


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
    try:
        generated = lambdify(arguments, (L, G), modules=[MODULES], printer=printer, cse=named)
    except PrintMethodNotImplementedError as error:
        unknown = str(error).splitlines()[0].rpartition(" ")[2]
        raise ValueError(f"loss must be made of functions that NumPy has, not {unknown}") from None
    elsewhere = sorted(
        f"{module}.{name}"
        for module, names in printer.module_imports.items()
        for name in names
        if module not in MODULES
    )
    if elsewhere:
        raise ValueError(f"loss must be made of functions that NumPy has, not {elsewhere[0]}")
    return generated
