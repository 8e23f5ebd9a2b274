"""The kernels of the course's pages beside ones written by hand, differences and autodiff."""

from pathlib import Path

import numpy as np
import pytest

import derivation
from gradbook import emit
from gradbook.page.discover import find

SIZES = {"n": 5, "m": 3, "C": 4, "d": 3, "h": 6, "o": 2}
PAGES = {page.path.stem: page for page in find([Path(derivation.__file__).parent])}


def log_softmax(z):
    z = z - z.max()
    return z - np.log(np.exp(z).sum())


def one_hot(y, C):
    return np.eye(C)[y]


def attention(q, K, V, g):
    p = np.exp(log_softmax(K @ q / np.sqrt(len(q))))
    along = (np.diag(p) - np.outer(p, p)) @ V @ g / np.sqrt(len(q))
    return g @ V.T @ p, {"q": K.T @ along, "K": np.outer(along, q), "V": np.outer(p, g)}


def batch_normalisation(x, epsilon, gamma, beta, g):
    sigma = np.sqrt(x.var() + epsilon)
    h = (x - x.mean()) / sigma
    dx = gamma / sigma * (g - g.mean() - h * (g * h).mean())
    return g @ (gamma * h + beta), {"x": dx, "gamma": g @ h, "beta": g.sum()}


def crammer_singer(x, y, W):
    s, slope = W @ x, np.zeros_like(W)
    rival = max((j for j in range(len(W)) if j != y), key=s.__getitem__)
    if 1 + s[rival] - s[y] > 0:
        slope[rival] += x
        slope[y] -= x
    return max(0, 1 + s[rival] - s[y]), {"W": slope}


def focal_and_smoothed(y, z, epsilon):
    q = (1 - epsilon) * one_hot(y, len(z)) + epsilon / len(z)
    return -q @ log_softmax(z), {"z": np.exp(log_softmax(z)) - q}


def logistic(s, y):
    sign = 1 - 2 * one_hot(y, len(s))
    return np.logaddexp(0, sign * s).sum(), {"s": sign * (1 + np.tanh(sign * s / 2)) / 2}


def multiclass_svm(x, y, W):
    ones = np.column_stack([np.ones(len(x)), x])
    loss, slope = 0.0, np.zeros_like(W)
    for row, label in zip(ones, y, strict=True):
        for j in range(len(W)):
            margin = (W[j] - W[label]) @ row + 1
            if j != label and margin > 0:
                loss += margin / len(x)
                slope[j] += row / len(x)
                slope[label] -= row / len(x)
    return loss, {"W": slope}


def ridge(X, y, w, lambda_):
    rows = np.vstack([X / np.sqrt(len(y)), np.sqrt(lambda_) * np.eye(len(w))])
    r = rows @ w - np.concatenate([y / np.sqrt(len(y)), np.zeros(len(w))])
    return r @ r / 2, {"w": rows.T @ r}


def softmax(x, y, W):
    log_p = log_softmax(W @ x)
    return -log_p[y], {"W": np.outer(np.exp(log_p) - one_hot(y, len(W)), x)}


def squared_hinge(x, y, W):
    loss, slopes = weston_watkins(W @ x, y, np.ones((len(W), len(W))))
    return loss, {"W": np.outer(slopes["s"], x)}


def weston_watkins(s, y, D):
    others = [j for j in range(len(s)) if j != y]
    margins = [max(0, s[j] - s[y] + D[y, j]) for j in others]
    slope = np.zeros_like(s)
    slope[others] = 2 * np.array(margins)
    slope[y] = -2 * sum(margins)
    return sum(margin**2 for margin in margins), {"s": slope}


def two_layer_network(x, y, A, a, B, b):
    u = A @ x + a
    log_p = log_softmax(B @ np.maximum(u, 0) + b)
    db = np.exp(log_p) - one_hot(y, len(b))
    da = np.where(u > 0, B.T @ db, 0)
    dB = np.outer(db, np.maximum(u, 0))
    return -log_p[y], {"x": A.T @ da, "A": np.outer(da, x), "a": da, "B": dB, "b": db}


BY_HAND = {
    each.__name__: each
    for each in (
        attention,
        batch_normalisation,
        crammer_singer,
        focal_and_smoothed,
        logistic,
        multiclass_svm,
        ridge,
        softmax,
        squared_hinge,
        two_layer_network,
        weston_watkins,
    )
}
#: Points with ties and kinks, others, and scores that no exponential of a float has.
KINDS = {"whole": 1.0, "any": 1.0, "far": 1000.0}


def drawn(kernel, kind):
    """A value of every letter."""
    rng = np.random.default_rng(5)
    given = {}
    for argument in kernel.arguments:
        shape = [
            int(count.subs({s: SIZES[s.name] for s in count.free_symbols}))
            for count in argument.counts
        ]
        if argument.labels is not None:
            value = rng.choice(argument.choices or 3, shape)
        elif argument.name in ("epsilon", "lambda_"):
            value = np.array(0.25)
        else:
            value = rng.integers(-2, 3, shape) if kind == "whole" else rng.normal(size=shape)
            value = value * KINDS[kind]
        given[argument.name] = value if shape else value.item()
    return given


def alike(found, right, rtol=1e-12):
    scale = max(1e-300, np.abs(right).max())
    return bool((np.abs(np.asarray(found) - right) <= rtol * scale).all())


@pytest.fixture(scope="module", params=BY_HAND)
def stem(request):
    return request.param


@pytest.fixture(scope="module")
def kernel(stem):
    return emit(PAGES[stem], "numpy")


def test_every_page_that_is_emitted_has_a_witness():
    without = {"matrix_lemmas", "scan"}  # which differentiate no number of their own
    assert BY_HAND.keys() == PAGES.keys() - without


@pytest.mark.parametrize("kind", KINDS)
def test_a_kernel_written_by_hand_agrees(stem, kernel, kind):
    given = drawn(kernel, kind)
    value, slopes = kernel(**given)
    expected, right = BY_HAND[stem](**given)
    assert alike(value, expected)
    assert slopes.keys() == right.keys()
    for name, slope in slopes.items():
        assert alike(slope, right[name])


def test_differences_agree(kernel):
    given = drawn(kernel, "any")
    _, slopes = kernel(**given)
    for name, slope in slopes.items():
        for place in np.ndindex(np.shape(slope)):
            moved = []
            for h in (1e-5, -1e-5):
                value = np.array(given[name])
                value[place] += h
                moved.append(kernel(**{**given, name: value})[0])
            assert np.isclose((moved[0] - moved[1]) / 2e-5, np.asarray(slope)[place], 1e-6, 1e-7)


@pytest.mark.framework("torch")
@pytest.mark.parametrize("kind", KINDS)
def test_torch_computes_the_same_and_differentiates_it_so(stem, kernel, kind):
    import torch

    given = drawn(kernel, kind)
    expected, right = kernel(**given)
    function = emit(PAGES[stem], "torch").function
    tensors = {name: torch.from_numpy(np.array(value)) for name, value in given.items()}
    for name in kernel.by:
        tensors[name].requires_grad_()
    value, slopes = function(**tensors)
    value.backward()
    assert alike(value.detach(), expected)
    for name in kernel.by:
        assert alike(slopes[name].detach(), right[name])
        assert alike(tensors[name].grad, right[name])


@pytest.mark.framework("jax")
@pytest.mark.parametrize("kind", KINDS)
def test_jax_computes_the_same_and_differentiates_it_so(stem, kernel, kind):
    import jax

    given = drawn(kernel, kind)
    expected, right = kernel(**given)
    printed = emit(PAGES[stem], "jax")
    value, slopes = printed(**given)
    assert alike(value, expected)
    with jax.enable_x64(True):
        arrays = {name: jax.numpy.asarray(value) for name, value in given.items()}
        by = {name: arrays[name] for name in kernel.by}
        found = jax.grad(lambda by: printed.function(**{**arrays, **by})[0])(by)
        for name in kernel.by:
            assert alike(slopes[name], right[name])
            assert alike(found[name], right[name])
