"""What is compared: each a function of one problem, or the reason why it is not there.

A rival is made from (W, X, y) and returns a function without arguments that computes the mean loss
and its gradient. What a library must do once (converting arrays, compiling) is not in its time.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np

from benchmarks import by_hand_in_c
from derivation.multiclass_svm import svm
from gradbook.emit import emit
from gradbook.kernels import by_hand

Work = Callable[[], Any]
Rival = Callable[[np.ndarray, np.ndarray, np.ndarray, int], Work]


class NotHere(Exception):
    """A rival that cannot run here; its message says why."""


def needs(library: str) -> None:
    """Raises NotHere unless the library is installed."""
    if find_spec(library) is None:
        raise NotHere(f"{library} is not installed")


def emitted(target: str, whole: bool = False) -> Rival:
    """A kernel that gradbook emits: with its checks of the arguments (whole), or without."""

    def make(W: np.ndarray, X: np.ndarray, y: np.ndarray, threads: int) -> Work:
        if target in ("jax", "torch"):
            needs(target)
        scheduled = {"threads": threads} if target == "c-fast" else {}
        kernel = emit(svm, target, **scheduled)
        function = kernel if whole else kernel.function
        if target == "torch":
            import torch

            module, (a, b, c) = kernel.module, map(torch.from_numpy, (W, X, y))
            assert module is not None
            return lambda: module.loss_and_gradient(a, b, c)
        if target == "jax":
            import jax

            module, (a, b, c) = kernel.module, map(jax.numpy.asarray, (W, X, y))
            assert module is not None
            jitted = jax.jit(module.loss_and_gradient)
            return lambda: jax.block_until_ready(jitted(a, b, c))
        return lambda: function(W, X, y)

    return make


def vectorized(W: np.ndarray, X: np.ndarray, y: np.ndarray, threads: int) -> Work:
    """The project's own kernel by hand: W Xᵀ, one class a row."""
    function = by_hand("multiclass_svm")[-1].function
    return lambda: function(W, X, y)


def vectorized_by_rows(W: np.ndarray, X: np.ndarray, y: np.ndarray, threads: int) -> Work:
    """The other layout: X Wᵀ, one example a row."""
    i = np.arange(len(y))

    def work() -> Any:
        S = X @ W.T
        S -= S[i, y][:, None]
        S += 1
        S[i, y] = 0
        M = (S > 0).astype(W.dtype)
        M[i, y] = -M.sum(axis=1)
        np.maximum(S, 0, out=S)
        return S.sum(dtype=np.float64) / len(y), M.T @ X / len(y)

    return work


def two_products(W: np.ndarray, X: np.ndarray, y: np.ndarray, threads: int) -> Work:
    """Nothing but the two matrix products that NumPy would do, W Xᵀ and M X."""
    return lambda: (W @ X.T) @ X


def plain_loops(W: np.ndarray, X: np.ndarray, y: np.ndarray, threads: int) -> Work:
    """Plain loops in C, as one writes them."""
    function = by_hand_in_c.function(W.dtype)
    return lambda: function(W, X, y)


def torch_eager(W: np.ndarray, X: np.ndarray, y: np.ndarray, threads: int) -> Work:
    """PyTorch's multi_margin_loss, forward and backward."""
    needs("torch")
    import torch

    torch.set_num_threads(threads)
    w = torch.from_numpy(W.copy()).requires_grad_()
    x, labels = torch.from_numpy(X), torch.from_numpy(y)

    def work() -> Any:
        w.grad = None
        loss = torch.nn.functional.multi_margin_loss(x @ w.T, labels) * len(W)
        loss.backward()
        return loss.detach(), w.grad

    return work


def torch_compiled(W: np.ndarray, X: np.ndarray, y: np.ndarray, threads: int) -> Work:
    """The loss in PyTorch's operations, compiled by torch.compile, forward and backward."""
    needs("torch")
    import torch

    torch.set_num_threads(threads)
    w = torch.from_numpy(W.copy()).requires_grad_()
    x, labels = torch.from_numpy(X), torch.from_numpy(y)
    rows = torch.arange(len(y))

    def loss_of(w: Any) -> Any:
        s = x @ w.T
        return (torch.relu(s - s[rows, labels][:, None] + 1).sum() - len(y)) / len(y)

    compiled = torch.compile(loss_of, dynamic=False)

    def work() -> Any:
        w.grad = None
        loss = compiled(w)
        loss.backward()
        return loss.detach(), w.grad

    return work


def jax_by_hand(W: np.ndarray, X: np.ndarray, y: np.ndarray, threads: int) -> Work:
    """jit(value_and_grad) of the loss in jax.numpy."""
    needs("jax")
    import jax
    import jax.numpy as jnp

    w, x, labels = map(jnp.asarray, (W, X, y))

    def loss_of(w: Any, x: Any, labels: Any) -> Any:
        s = x @ w.T
        own = jnp.take_along_axis(s, labels[:, None], axis=1)
        return (jax.nn.relu(s - own + 1).sum() - len(labels)) / len(labels)

    function = jax.jit(jax.value_and_grad(loss_of))
    return lambda: jax.block_until_ready(function(w, x, labels))


def numba_rows(W: np.ndarray, X: np.ndarray, y: np.ndarray, threads: int) -> Work:
    """Loops over rows in numba, with fastmath."""
    needs("numba")
    import numba

    @numba.njit(fastmath=True)  # type: ignore[untyped-decorator]
    def loops(W: Any, X: Any, y: Any) -> Any:
        n, D = X.shape
        C = W.shape[0]
        G = np.zeros_like(W)
        s = np.empty(C, W.dtype)
        loss = 0.0
        for i in range(n):
            for a in range(C):
                total = W[a, 0] * X[i, 0]
                for d in range(1, D):
                    total += W[a, d] * X[i, d]
                s[a] = total
            violated = 0
            for a in range(C):
                margin = s[a] - s[y[i]] + 1
                if a != y[i] and margin > 0:
                    loss += margin
                    violated += 1
                    for d in range(D):
                        G[a, d] += X[i, d]
            for d in range(D):
                G[y[i], d] -= violated * X[i, d]
        return loss / n, G / n

    loops(W[:, :1].copy(), X[:1, :1].copy(), y[:1])
    return lambda: loops(W, X, y)


#: The rows of the table. "c-fast" is timed with all checks of its arguments, the others without.
RIVALS: dict[str, Rival] = {
    "emitted: c-fast": emitted("c-fast", whole=True),
    "emitted: c": emitted("c"),
    "emitted: numpy": emitted("numpy"),
    "emitted: jax": emitted("jax"),
    "emitted: torch": emitted("torch"),
    "NumPy by hand, W Xᵀ": vectorized,
    "NumPy by hand, X Wᵀ": vectorized_by_rows,
    "two bare products, BLAS": two_products,
    "C by hand, plain loops": plain_loops,
    "numba, loops over rows": numba_rows,
    "PyTorch, eager": torch_eager,
    "PyTorch, compiled": torch_compiled,
    "JAX, jit(value_and_grad)": jax_by_hand,
}

#: Those that take minutes where there are many classes or that compile for long.
SLOW = ("PyTorch, compiled",)
