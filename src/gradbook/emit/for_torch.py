"""Target "torch": the same stages on tensors, for any C, m and n, on any device.

    >>> from derivation.multiclass_svm import svm
    >>> from gradbook.emit import emit
    >>> print(emit(svm, "torch").source.partition("device=y.device)\\n")[2].partition("\\n\\n")[0])
        # The scores of every example, one class a row.
        S = W @ X.T
        s_y = S[y, i]
        u = torch.add(S, 1 - s_y, out=S)
        # The label is none of the other classes: it must not count.
        u[y, i] = -1
        M = (u > 0).to(W.dtype)
        L = torch.clamp(u, min=0, out=u).sum()/n
        r1 = M.sum(dim=0)
        # The label's own coefficient.
        M[y, i] = -r1
        return L, M

`kernel.module.mean_loss` is a function that PyTorch differentiates, for a loop of one's own::

    loss = mean_loss(W, X, y)
    loss.backward()
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Pow
from sympy.printing.numpy import NumPyPrinter

from gradbook.emit.arguments import (
    described,
    gradient_of,
    names,
    penalty_of,
    signature,
    strength_of,
)
from gradbook.emit.array_steps import in_place
from gradbook.emit.arrays import Dialect
from gradbook.emit.plan import Plan
from gradbook.emit.python_modules import body, in_comments
from gradbook.emit.target import InPython

CODE = '''\
import torch


@torch.no_grad()
def loss_and_coefficients({signature}):
    """The mean loss, and M (C, n): ∂ℓ/∂s of every example, one class a row.

    W: (C, D) and X: (n, D) of one float dtype; by convention X[:, 0] is 1, for the bias.
    y: (n,) of labels 0 … C − 1. All on one device.
{described}    """
{statements}


@torch.no_grad()
def gradient({of_gradient}):
    """The gradient by W, (C, D)."""
{gradient}


def loss_and_gradient({signature}):
    """The mean loss, and its gradient by W, (C, D)."""
    L, M = loss_and_coefficients({arguments})
    return L, gradient({call})


class MeanLoss(torch.autograd.Function):
    """The mean loss, with the derived gradients by W and by X: S = W Xᵀ makes them MX and MᵀW."""

    @staticmethod
    def forward(ctx, {arguments}):
        L, M = loss_and_coefficients({arguments})
        ctx.save_for_backward(W, X, M)
        ctx.numbers = {numbers}
        return L

    @staticmethod
    @torch.autograd.function.once_differentiable
    def backward(ctx, outer):
        if any(ctx.needs_input_grad[2:]):
            raise NotImplementedError("mean_loss has a gradient by W and by X, and by nothing else")
        W, X, M = ctx.saved_tensors
        by_W = outer*gradient(W, X, M, *ctx.numbers) if ctx.needs_input_grad[0] else None
        by_X = outer*(M.T @ W)/len(X) if ctx.needs_input_grad[1] else None
        return by_W, by_X{nothing}


def mean_loss({signature}):
    """The mean loss, a scalar that PyTorch can differentiate once, by W and by X."""
    return MeanLoss.apply({arguments})
'''


class TorchDialect(Dialect, NumPyPrinter):
    """PyTorch, at the size of whole arrays.

    Not by SymPy's printer for it, which imports PyTorch: seconds, for whoever prints nothing of it.
    """

    title = "PyTorch"
    library = _module = "torch"
    # PyTorch has each by NumPy's name for it.
    _kf: ClassVar = {
        name: function.replace("numpy", "torch") for name, function in NumPyPrinter._kf.items()
    }

    def maximum(self, u: str, v: str, out: str = "") -> str:
        if v.lstrip("-").isdigit():
            return self.call("clamp", u, f"min={v}", out=out)
        return self.call("maximum", u, v, out=out)

    def as_number(self, truth: str) -> str:
        return f"({truth}).to(W.dtype)"

    def over_classes(self, op: str, array: str) -> str:
        return f"{array}.{'amax' if op == 'max' else op}(dim=0)"

    def zeros(self) -> str:
        return "torch.zeros((len(W), n), dtype=W.dtype, device=W.device)"

    def copied(self, array: str) -> str:
        return f"{array}.clone()"

    def of_number(self, expr: Expr) -> str:
        if isinstance(expr, Pow):
            return super().of_number(expr)
        (value,) = map(self._print, expr.args)
        tensor = self.call("as_tensor", value, "dtype=torch.float64")
        return f"float({self.call(expr.func.__name__, tensor)})"

    def constant(self, value: str) -> str:
        return f"torch.as_tensor({value}, dtype=W.dtype, device=W.device)"


def printed(steps: Plan, lines: Sequence[str]) -> str:
    """The source."""
    loss, dialect = steps.lowered.source, TorchDialect(steps)
    statements = [
        "n = len(y)",
        "i = torch.arange(n, device=y.device)",
        *dialect.listed(in_place(steps, dialect)),
        *penalty_of(loss, dialect),
        "return L, M",
    ]
    others = names(loss)
    own = [letter.name for letter, _ in loss.parameters if letter in strength_of(loss)]
    code = CODE.format(
        signature=signature(loss, "W", "X", "y"),
        arguments=", ".join(["W", "X", "y", *others]),
        described=described(loss),
        statements=body(statements),
        of_gradient=", ".join(["W", "X", "M", *own]),
        call=", ".join(["W", "X", "M", *own]),
        gradient=body([*gradient_of(loss, dialect), "return G"]),
        numbers=f"({', '.join(own)},)" if own else "()",
        nothing=", None" * (1 + len(others)),
    )
    return in_comments(lines, code)


def called(module: Any, *arguments: Any) -> tuple[float, NDArray[Any]]:
    """The module's function for NumPy arrays."""

    def tensor(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return value
        # PyTorch reads neither negative strides nor arrays that may not be written.
        return module.torch.from_numpy(np.require(value, requirements=["C", "A", "W"]))

    value, gradient = module.loss_and_gradient(*map(tensor, arguments))
    return float(value), gradient.numpy()


TARGET = InPython("torch", TorchDialect.title, printed, "torch", called)
