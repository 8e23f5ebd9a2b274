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
        return L, M @ X/n
    <BLANKLINE>

Memory is taken for two arrays (C, n): what nobody needs any more is written over.
"""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from sympy.printing.numpy import NumPyPrinter

from gradbook.emit.any_size_heading import heading
from gradbook.emit.array_steps import M, in_place
from gradbook.emit.arrays import Dialect
from gradbook.emit.lowering import lower
from gradbook.emit.plan import plan
from gradbook.emit.python_modules import Lazy, body, source_of
from gradbook.kernels import Kernel
from gradbook.loss import Loss

CODE = '''\
import numpy


def loss_and_gradient(W, X, y):
    """The mean loss, and its gradient by W, (C, D).

    W: (C, D) and X: (n, D) of one float dtype; by convention X[:, 0] is 1, for the bias.
    y: (n,) of labels 0 … C − 1. M below holds ∂ℓ/∂s of every example, one class a row.
    """
{statements}
'''


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
    steps = plan(lower(loss))
    dialect = NumPyDialect(steps.of_class | {M})
    statements = [
        "n = len(y)",
        "i = numpy.arange(n)",
        *dialect.listed(in_place(steps, dialect)),
        "return L, M @ X/n",
    ]
    code = CODE.format(statements=body(statements))
    source = source_of(heading(steps.lowered, "numpy"), code)
    module = Lazy(loss.key, source, "numpy")

    def function(W: NDArray[Any], X: NDArray[Any], y: NDArray[Any]) -> tuple[float, NDArray[Any]]:
        value, gradient = module.loss_and_gradient(W, X, y)
        return float(value), gradient

    return Kernel(
        name="NumPy, any size",
        origin="numpy",
        language="Python",
        source=source,
        function=function,
        loss=loss.key,
        module=module,
    )
