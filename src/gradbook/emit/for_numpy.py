"""Target "numpy": broadcasting and two matrix products, for any C, m and n.

    >>> from derivation.multiclass_svm import svm
    >>> from gradbook.emit import emit
    >>> print(emit(svm, "numpy").source.partition("i = numpy.arange(n)\\n")[2])
        # The scores of every example, one class a row.
        S = W @ X.T
        s_y = S[y, i]
        u = numpy.add(S, 1 - s_y, out=S)
        # The label is none of the other classes: it must not count.
        u[y, i] = -1
        M = (u > 0).astype(W.dtype)
        L = numpy.maximum(u, 0, out=u).sum(dtype=numpy.float64)/n
        r1 = M.sum(axis=0)
        # The label's own coefficient.
        M[y, i] = -r1
        G = M @ X/len(X)
        return L, G
    <BLANKLINE>

Memory is taken for two arrays (C, n): what nobody needs any more is written over.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from sympy.printing.numpy import NumPyPrinter

from gradbook.emit.array_steps import M, in_place
from gradbook.emit.arrays import Dialect
from gradbook.emit.lowering import lower
from gradbook.emit.plan import plan
from gradbook.emit.python_modules import function_of, kernel_of, with_heading
from gradbook.kernels import Kernel
from gradbook.loss import Loss


class NumPyDialect(Dialect, NumPyPrinter):
    """NumPy, at the size of whole arrays."""

    title = "NumPy"
    library = "numpy"

    def total(self, array: str) -> str:
        # In float64, whatever the values: a float32 sum over many examples drifts.
        return f"{array}.sum(dtype=numpy.float64)"

    def mean(self, value: str) -> str:
        return f"numpy.mean({value}, dtype=numpy.float64)"

    def constant(self, value: str) -> str:
        return f"numpy.float64({value})"

    def zeros(self) -> str:
        return "numpy.zeros((len(W), n), W.dtype)"

    def copied(self, array: str) -> str:
        return f"{array}.copy()"


def emit(loss: Loss) -> Kernel:
    """A kernel for any size, in NumPy.

    Raises NotLowerable for a loss that is more than loops over the classes, and ValueError for one
    with a function that NumPy does not have.
    """
    return kernel_of(loss, "numpy", NumPyDialect.title, printed, called)


def printed(loss: Loss) -> str:
    """The source, derived."""
    steps = plan(lower(loss))
    dialect = NumPyDialect(steps.of_class | {M}, steps.numbers)
    code = function_of(loss, "numpy", dialect, in_place(steps, dialect))
    return with_heading(steps, "numpy", code)


def called(module: Any, *arguments: Any) -> tuple[float, NDArray[Any]]:
    """The module's function, as a kernel calls it."""
    value, gradient = module.loss_and_gradient(*arguments)
    return float(value), gradient
