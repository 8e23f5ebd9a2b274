"""No false alarm: right kernels, put together at random from what people write, pass."""

import random

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.subjects import InProcess

# For each part of a kernel, the ways in which people write it. W is (D, C) and X is (N, D).
SCORES = (
    "X.dot(W)",
    "np.einsum('nd,dc->nc', X, W)",
    "np.dot(W.T, X.T).T",
    "np.array([x @ W for x in X])",
    "np.inner(X, W.T)",
)
CORRECT = (
    "s[np.arange(n), y][:, None]",
    "s[range(n), list(y)].reshape(n, 1)",
    "np.take_along_axis(s, y[:, None], 1)",
    "(s * np.eye(C)[y]).sum(axis=1, keepdims=True)",
    "np.array([s[i, y[i]] for i in range(n)])[:, np.newaxis]",
)
MARGINS = ("s - sy + 1", "1 - (sy - s)", "s + (1 - sy)", "-(sy - s - 1)", "np.add(1.0, s - sy)")
LEFT_OUT = ("u[np.arange(n), y] = 0", "u[range(n), y] = -1", "u = np.where(np.eye(C)[y], 0, u)")
INDICATORS = (
    "(u > 0).astype(float)",
    "np.sign(np.maximum(u, 0))",
    "1.0 - (u <= 0)",
    "np.heaviside(u, 0)",
    "np.heaviside(u, 0.5) * (1 - np.eye(C)[y])",
    "(u >= 0) * (1 - np.eye(C)[y])",
)
ROW_Y = (
    "a[np.arange(n), y] = -a.sum(axis=1)",
    "a[np.arange(n), y] -= np.sum(a, axis=1)",
    "a = a - np.eye(C)[y] * a.sum(axis=1, keepdims=True)",
)
GRADIENTS = (
    "X.T @ a / n",
    "(X / n).T @ a",
    "(1.0 / n) * X.T.dot(a)",
    "np.einsum('nd,nc->dc', X, a) / n",
    "sum(np.outer(X[i], a[i]) for i in range(n)) / n",
    "np.mean([np.outer(X[i], a[i]) for i in range(n)], axis=0)",
    "np.dot(a.T, X).T / n",
)
LOSSES = (
    "np.sum(np.maximum(0, u)) / n",
    "np.mean(np.sum(np.maximum(u, 0), axis=1))",
    "sum(max(0.0, v) for v in u.ravel()) / n",
    "u[u > 0].sum() * (1 / n)",
)
SQUARES = (
    "np.sum(W * W)",
    "np.linalg.norm(W) ** 2",
    "np.trace(W.T @ W)",
    "np.einsum('ij,ij', W, W)",
    "sum(w * w for w in W.ravel())",
)

KERNEL = """
def svm_loss(W, X, y, reg):
    n, C = len(y), W.shape[1]
    s = {}
    sy = {}
    u = {}
    {}
    loss = {}
    a = {}
    {}
    dW = {}
    return loss + {factor} * reg * {}, dW + 2 * {factor} * reg * W
"""


def put_together(seed, kernel=KERNEL):
    """One of nearly two million kernels: its source, and the function."""
    chance = random.Random(seed)
    parts = (SCORES, CORRECT, MARGINS, LEFT_OUT, LOSSES, INDICATORS, ROW_Y, GRADIENTS, SQUARES)
    chosen = [chance.choice(part) for part in parts]
    source = kernel.format(*chosen, factor=chance.choice((1, 0.5)))
    names = {"np": np}
    exec(source, names)
    return source, names["svm_loss"]


@pytest.mark.quick("3")
@pytest.mark.parametrize("seed", range(10))
def test_a_right_kernel_put_together_at_random_is_called_right(seed):
    source, function = put_together(seed)
    assert judge(InProcess(function), svm).status == "right", source


@pytest.mark.quick("0")
@pytest.mark.parametrize("seed", range(2))
def test_one_with_a_wrong_factor_is_called_wrong(seed):
    source, function = put_together(seed, KERNEL.replace("dW + 2 *", "dW + 3 *"))
    assert judge(InProcess(function), svm).status == "wrong", source
