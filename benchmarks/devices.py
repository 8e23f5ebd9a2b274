"""The emitted code for PyTorch and JAX, and PyTorch's own loss, on a device."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.rivals import NotHere, Work, needs
from derivation.multiclass_svm import svm
from gradbook.emit import emit
from gradbook.kernels import Kernel

#: What no way of computing the gradient can do without; it has no result to compare.
PRODUCTS = "torch: the two products alone"

#: What the others are compared with.
BASELINE = "multi_margin_loss, backward"


def torch_on(device: str) -> Any:
    """PyTorch. Raises NotHere where it has no such device."""
    needs("torch")
    import torch

    try:
        torch.zeros(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise NotHere(f"PyTorch has no {device}: {first_line(error)}") from None
    return torch


def jax_on(device: str) -> tuple[Any, Any]:
    """JAX, and its device. Raises NotHere where it has no such device."""
    needs("jax")
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")  # PyTorch needs memory too
    import jax

    try:
        return jax, jax.devices(device.partition(":")[0])[0]
    except RuntimeError as error:
        raise NotHere(f"JAX has no {device}: {first_line(error)}") from None


def first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:70]


# What is checked: kernels that take NumPy's arrays and compute on the device.


def torch_module(device: str) -> Kernel:
    """`loss_and_gradient` of the emitted module."""
    torch, kernel = torch_on(device), emit(svm, "torch")

    def function(*arrays: Any) -> Any:
        value, gradient = kernel.module.loss_and_gradient(*on_torch(torch, device, arrays))
        return float(value), gradient.cpu().numpy()

    return replace(kernel, function=function)


def torch_backward(device: str) -> Kernel:
    """`mean_loss` of the emitted module, and the gradient that PyTorch's backward finds."""
    torch, kernel = torch_on(device), emit(svm, "torch")

    def function(*arrays: Any) -> Any:
        W, X, y = on_torch(torch, device, arrays)
        W.requires_grad_()
        value = kernel.module.mean_loss(W, X, y)
        value.backward()
        return float(value.detach()), W.grad.cpu().numpy()

    return replace(kernel, function=function)


def on_torch(torch: Any, device: str, arrays: Sequence[Any]) -> list[Any]:
    return [torch.from_numpy(np.array(array, order="C")).to(device) for array in arrays]


def jax_kernel(device: str) -> Kernel:
    """The emitted kernel as it is called: jitted, no factor of a product rounded."""
    (jax, place), kernel = jax_on(device), emit(svm, "jax")

    def function(*arrays: Any) -> Any:
        with jax.default_device(place):
            return kernel.function(*arrays)

    return replace(kernel, function=function)


# What is timed: functions without arguments, with the data on the device.


def torch_works(device: str, W: Any, X: Any, y: Any) -> Iterator[tuple[str, Callable[[], Work]]]:
    torch = torch_on(device)
    module = emit(svm, "torch").module
    assert module is not None
    w, x, labels = on_torch(torch, device, (W, X, y))
    leaf = w.clone().requires_grad_()
    classes = len(W)

    def own(w: Any, x: Any, labels: Any) -> Any:
        return torch.nn.functional.multi_margin_loss(x @ w.T, labels) * classes

    def waited(function: Callable[..., Any]) -> Work:
        def work() -> Any:
            result = function(w, x, labels)
            if device.startswith("cuda"):
                torch.cuda.synchronize()
            return result

        return work

    def backward(loss_of: Callable[..., Any]) -> Work:
        def both(w: Any, x: Any, labels: Any) -> Any:
            leaf.grad = None
            value = loss_of(leaf, x, labels)
            value.backward()
            return value.detach(), leaf.grad

        return waited(both)

    def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
        return torch.compile(function, dynamic=False)

    yield "multi_margin_loss, backward", lambda: backward(own)
    yield "multi_margin_loss, compiled", lambda: backward(compiled(own))
    yield "torch: loss_and_gradient", lambda: waited(module.loss_and_gradient)
    yield "torch: loss_and_gradient, compiled", lambda: waited(compiled(module.loss_and_gradient))
    yield "torch: mean_loss, backward", lambda: backward(module.mean_loss)
    yield PRODUCTS, lambda: waited(lambda w, x, labels: (w @ x.T) @ x)


def jax_works(device: str, W: Any, X: Any, y: Any) -> Iterator[tuple[str, Callable[[], Work]]]:
    jax, place = jax_on(device)
    module = emit(svm, "jax").module
    assert module is not None
    with jax.enable_x64(True):
        data = jax.device_put((W, X, y), place)

    def jitted(precision: str) -> Work:
        function = jax.jit(module.loss_and_gradient)

        def work() -> Any:
            with jax.enable_x64(True), jax.default_matmul_precision(precision):
                return jax.block_until_ready(function(*data))

        return work

    yield "jax: loss_and_gradient, default", lambda: jitted("default")
    yield "jax: loss_and_gradient, highest", lambda: jitted("highest")
