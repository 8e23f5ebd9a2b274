"""Checkers of gradients, each called as its documentation calls it.

A checker is given a function, W ↦ (loss, gradient), and a W; it accuses the function or does not.
None of them knows what the loss should be: they compare a gradient with differences of the loss
that comes with it. A function that raises is accused by every one.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import numpy as np

Kernel = Callable[[np.ndarray], tuple[Any, Any]]


@dataclass(frozen=True)
class Checker:
    """function: as it is imported. package: what has to be installed. setting: how it is used."""

    name: str
    function: str
    package: str
    setting: str
    accepts: Callable[[Kernel, np.ndarray], bool]

    def accuses(self, kernel: Kernel, W: np.ndarray) -> bool:
        """Whether it finds fault with the kernel at W. What the kernel prints is not shown."""
        quiet = contextlib.redirect_stdout(io.StringIO())
        with np.errstate(all="ignore"), quiet, contextlib.redirect_stderr(io.StringIO()):
            try:
                return not self.accepts(kernel, W)
            except Exception:  # a checker says no by an exception, and so does a broken kernel
                return True

    @property
    def version(self) -> str:
        """The release that is installed, "" where none is needed."""
        return version(self.package) if self.package else ""


def scipy_check_grad(kernel: Kernel, W: np.ndarray) -> bool:
    """The norm of the difference to forward differences, which has to be small."""
    from scipy.optimize import check_grad

    def loss(w: np.ndarray) -> Any:
        return kernel(w.reshape(W.shape))[0]

    def gradient(w: np.ndarray) -> np.ndarray:
        return np.asarray(kernel(w.reshape(W.shape))[1]).ravel()

    return bool(check_grad(loss, gradient, W.ravel()) < 1e-4)


def torch_gradcheck(kernel: Kernel, W: np.ndarray) -> bool:
    """A torch.autograd.Function with the kernel as its forward and backward."""
    import torch

    class Svm(torch.autograd.Function):
        @staticmethod
        def forward(ctx: Any, w: Any) -> Any:
            loss, gradient = kernel(w.detach().numpy())
            ctx.save_for_backward(torch.from_numpy(np.array(gradient)))
            return torch.tensor(float(loss), dtype=torch.float64)

        @staticmethod
        def backward(ctx: Any, upstream: Any) -> Any:
            return upstream * ctx.saved_tensors[0]

    w = torch.tensor(W, dtype=torch.float64, requires_grad=True)
    return bool(torch.autograd.gradcheck(Svm.apply, (w,), eps=1e-6, atol=1e-4))


def jax_check_grads(kernel: Kernel, W: np.ndarray) -> bool:
    """A jax.custom_vjp whose two parts call the kernel back; float64 is enabled."""
    import jax
    from jax.test_util import check_grads

    jax.config.update("jax_enable_x64", True)
    shapes = jax.ShapeDtypeStruct((), np.float64), jax.ShapeDtypeStruct(W.shape, np.float64)

    def both(w: Any) -> tuple[np.ndarray, np.ndarray]:
        loss, gradient = kernel(np.array(w))
        return np.asarray(loss, np.float64).reshape(()), np.asarray(gradient, np.float64)

    @jax.custom_vjp
    def svm(w: Any) -> Any:
        return jax.pure_callback(both, shapes, w)[0]

    svm.defvjp(
        lambda w: jax.pure_callback(both, shapes, w),
        lambda gradient, upstream: (upstream * gradient,),
    )
    check_grads(svm, (W,), order=1, modes=["rev"])
    return True


def autograd_check_grads(kernel: Kernel, W: np.ndarray) -> bool:
    """A primitive whose vector-Jacobian product is the kernel's gradient."""
    from autograd.extend import defvjp, primitive
    from autograd.test_util import check_grads

    @primitive
    def svm(w: np.ndarray) -> float:
        return float(kernel(w)[0])

    defvjp(svm, lambda loss, w: lambda upstream: upstream * np.asarray(kernel(w)[1]))
    check_grads(svm, modes=["rev"], order=1)(W)
    return True


def course_loop(kernel: Kernel, W: np.ndarray, checks: int = 10, h: float = 1e-5) -> bool:
    """Central differences at ten entries drawn at random, and their relative error.

    The course's notes call an error below 1e-4 usually all right for a loss with kinks.
    """
    gradient = np.asarray(kernel(W)[1])
    for _ in range(checks):
        entry = tuple(np.random.randint(size) for size in W.shape)
        kept = W[entry]
        W[entry] = kept + h
        above = kernel(W)[0]
        W[entry] = kept - h
        below = kernel(W)[0]
        W[entry] = kept
        numerical, analytic = (above - below) / (2 * h), gradient[entry]
        if abs(numerical - analytic) > 1e-4 * (abs(numerical) + abs(analytic)):
            return False
    return True


CHECKERS = (
    Checker(
        "SciPy check_grad",
        "scipy.optimize.check_grad",
        "scipy",
        "norm of the difference < 1e-4",
        scipy_check_grad,
    ),
    Checker(
        "torch gradcheck",
        "torch.autograd.gradcheck",
        "torch",
        "eps=1e-6, atol=1e-4",
        torch_gradcheck,
    ),
    Checker(
        "JAX check_grads",
        "jax.test_util.check_grads",
        "jax",
        'order=1, modes=["rev"], float64',
        jax_check_grads,
    ),
    Checker(
        "HIPS check_grads",
        "autograd.test_util.check_grads",
        "autograd",
        'order=1, modes=["rev"]',
        autograd_check_grads,
    ),
    Checker(
        "CS231n's loop",
        "",
        "",
        "10 entries, h = 1e-5, relative error < 1e-4",
        course_loop,
    ),
)
