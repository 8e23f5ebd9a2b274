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

from sympy.printing.numpy import NumPyPrinter

from gradbook.emit.array_steps import in_place
from gradbook.emit.arrays import Dialect
from gradbook.emit.python_modules import printed_by
from gradbook.emit.target import InPython


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


TARGET = InPython("numpy", NumPyDialect.title, printed_by(NumPyDialect, in_place), "numpy")
