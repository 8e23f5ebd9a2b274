"""Target "jax": the same stages on JAX arrays, for any C, m and n, on any device.

    >>> from derivation.multiclass_svm import svm
    >>> from gradbook.emit import emit
    >>> print(emit(svm, "jax").source.partition("i = jax.numpy.arange(n)\\n")[2])
        own = y == jax.numpy.arange(len(W))[:, None]
        # The scores of every example, one class a row.
        S = W @ X.T
        s_y = S[y, i]
        u = S + (1 - s_y)
        r0 = jax.numpy.where(own, 0, jax.numpy.maximum(u, 0)).sum(axis=0)
        on = (u > 0).astype(W.dtype)
        r1 = jax.numpy.where(own, 0, on).sum(axis=0)
        L = jax.numpy.mean(r0)
        M = jax.numpy.where(own, -r1, on)
        G = M @ X/len(X)
        return L, G
    <BLANKLINE>

It can be compiled, `jax.jit(kernel.module.loss_and_gradient)`. Nothing is changed in place: a mask,
`own`, says which entry of a column is the label's. On an accelerator JAX rounds the factors of a
float32 product, unless it is told otherwise: `jax.default_matmul_precision("highest")`.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Pow
from sympy.printing.numpy import JaxPrinter

from gradbook.emit.array_steps import pure
from gradbook.emit.arrays import Dialect
from gradbook.emit.python_modules import printed_by
from gradbook.emit.target import InPython


class JaxDialect(Dialect, JaxPrinter):
    """JAX, at the size of whole arrays."""

    title = "JAX"
    library = "jax.numpy"

    def added(self, array: str, place: str, value: str) -> str:
        if place:  # nothing is added to the first column
            value = self.call("pad", value, "((0, 0), (1, 0))")
        return f"{array} = {array} + {value}"

    def of_number(self, expr: Expr) -> str:
        if isinstance(expr, Pow):
            return super().of_number(expr)
        (value,) = map(self._print, expr.args)
        return self.call(expr.func.__name__, value)

    def constant(self, value: str) -> str:
        return f"jax.numpy.asarray({value}, W.dtype)"


def called(module: Any, *arguments: Any) -> tuple[float, NDArray[Any]]:
    """The module's function for NumPy arrays, in their own precision."""
    if not hasattr(module, "jitted"):
        module.jitted = module.jax.jit(module.loss_and_gradient)
    # By default JAX would round float64 to float32, silently, and on an accelerator the factors
    # of a float32 product to ten bits or so.
    with module.jax.enable_x64(True), module.jax.default_matmul_precision("highest"):
        value, gradient = module.jitted(*arguments)
        return float(value), np.asarray(gradient)


TARGET = InPython("jax", JaxDialect.title, printed_by(JaxDialect, pure), "jax", called)
