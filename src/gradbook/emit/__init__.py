"""A derived gradient as code: one `Loss`, one size, one target, one `Kernel` with its source.

    >>> import numpy as np
    >>> from gradbook.emit import emit
    >>> from gradbook.loss import Loss
    >>> from gradbook.notation import C, hinge, j, s, unequal, y
    >>> from sympy import Sum
    >>> svm = Loss("multi-class SVM loss", Sum(unequal(j, y)*hinge(s[j] - s[y] + 1), (j, 0, C - 1)),
    ...            "multiclass_svm")
    >>> kernel = emit(svm, "lambdify", classes=3, features=2)
    >>> "u_1 = s_1 - s_y + 1" in kernel.source
    True
    >>> loss, gradient = kernel(np.zeros((3, 3)), [[1.0, 5.0, -2.0]], [1])
    >>> loss
    2.0
    >>> gradient
    array([[  1.,   5.,  -2.],
           [ -2., -10.,   4.],
           [  1.,   5.,  -2.]])

Nothing here is written for one loss: every target prints the same `stages`, derived from the
formula. A target is one file with a function (loss, classes, features) → Kernel, and its name in
TARGETS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gradbook.emit import codegen, lambdified
from gradbook.emit.build import CompilationFailed, NoCompiler
from gradbook.kernels import Kernel
from gradbook.loss import Loss

__all__ = ["TARGETS", "CompilationFailed", "NoCompiler", "emit"]

#: Each target, and what makes a Kernel of a loss, a number of classes and a number of features.
TARGETS: Mapping[str, Callable[[Loss, int, int], Kernel]] = {
    "lambdify": lambdified.emit,
    "codegen": codegen.emit,
}


def emit(loss: Loss, target: str, *, classes: int, features: int) -> Kernel:
    """The mean loss over examples and its gradient, printed for C = classes and m = features.

    The kernel takes W (C, m + 1), X (n, m + 1) and y (n,). One in C is compiled when it is first
    called, and raises NoCompiler there if there is none; its source needs no compiler.

    Raises ValueError for an unknown target, for classes < 2 or features < 0, and for a loss with a
    kink that it does not declare or with a function that the target does not have.
    """
    if not isinstance(target, str) or target not in TARGETS:
        raise ValueError(f"target must be {' or '.join(map(repr, TARGETS))}, not {target!r}")
    return TARGETS[target](loss, classes, features)
