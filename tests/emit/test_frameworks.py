"""Targets "jax" and "torch": on their own arrays, compiled, differentiated, in a training loop."""

import subprocess
import sys

import numpy as np
import pytest
from losses_and_data import cross_entropy, integers, squared, svm

from gradbook.emit import emit


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.fixture
def jax():
    return pytest.importorskip("jax")


needs_jax, needs_torch = pytest.mark.framework("jax"), pytest.mark.framework("torch")
smooth_and_not = pytest.mark.parametrize(
    "loss", [svm, squared, cross_entropy], ids=lambda loss: loss.key
)


@pytest.mark.quick("jax")
@pytest.mark.parametrize("target", ["jax", "torch"])
def test_a_source_can_be_printed_without_the_library_but_not_run(target):
    program = (
        f"import sys; sys.modules[{target!r}] = None\n"
        "from derivation.multiclass_svm import svm\nfrom gradbook import emit\n"
        f"kernel = emit(svm, {target!r})\nassert 'def loss_and_gradient' in kernel.source\n"
        "try:\n    kernel([[0.0], [0.0]], [[1.0]], [0])\n"
        "except ImportError as error:\n    print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.stdout == (
        f"a kernel for {target} needs it to run, and there is none: pip install {target}\n"
    )


@needs_torch
@smooth_and_not
def test_torch_differentiates_the_mean_loss_by_the_weights_and_by_the_examples(torch, loss):
    mean_loss = emit(loss, "torch").module.mean_loss
    generator = torch.Generator().manual_seed(1)
    W, X = (
        torch.randn(shape, dtype=torch.float64, generator=generator, requires_grad=True)
        for shape in ((4, 3), (6, 3))
    )
    y = torch.tensor([0, 1, 2, 3, 0, 1])
    assert torch.autograd.gradcheck(lambda W, X: 3 * mean_loss(W, X, y), (W, X))


@needs_torch
def test_torch_refuses_a_second_derivative(torch):
    W = torch.zeros(3, 2, requires_grad=True)
    loss = emit(svm, "torch").module.mean_loss(W, torch.ones(4, 2), torch.tensor([0, 1, 2, 0]))
    (gradient,) = torch.autograd.grad(loss, W, create_graph=True)
    with pytest.raises(RuntimeError, match="does not require grad"):
        gradient.sum().backward()


@needs_torch
def test_a_layer_of_torch_learns_through_the_mean_loss(torch):
    mean_loss = emit(svm, "torch").module.mean_loss
    generator = torch.Generator().manual_seed(2)
    centres = 3 * torch.eye(3)
    y = torch.arange(60) % 3
    X = centres[y] + 0.3 * torch.randn(60, 3, generator=generator)
    hidden, last = torch.nn.Linear(3, 4), torch.nn.Linear(4, 3, bias=False)
    optimizer = torch.optim.SGD([*hidden.parameters(), *last.parameters()], lr=0.1)
    for _ in range(60):
        optimizer.zero_grad()
        loss = mean_loss(last.weight, hidden(X), y)
        loss.backward()
        optimizer.step()
    assert loss < 0.05
    assert bool((last(hidden(X)).argmax(dim=1) == y).all())


@needs_torch
def test_torch_keeps_the_dtype_and_changes_no_input(torch):
    module = emit(svm, "torch").module
    W, X, y = map(torch.from_numpy, integers(3, 2, 8, dtype=np.float32))
    before = W.clone(), X.clone(), y.clone()
    loss, gradient = module.loss_and_gradient(W, X, y)
    assert (loss.dtype, gradient.dtype) == (torch.float32, torch.float32)
    assert all(map(torch.equal, before, (W, X, y)))


@needs_jax
@smooth_and_not
def test_jax_compiles_the_function_and_differentiates_its_loss(jax, loss):
    function = emit(loss, "jax").module.loss_and_gradient
    with jax.enable_x64(True):
        rng = np.random.default_rng(3)
        W, X = (jax.numpy.asarray(rng.standard_normal(shape)) for shape in ((4, 3), (6, 3)))
        y = jax.numpy.asarray([0, 1, 2, 3, 0, 1])
        value, gradient = jax.jit(function)(W, X, y)
        plain_value, plain_gradient = function(W, X, y)
        assert value == pytest.approx(float(plain_value), rel=1e-14)
        assert np.asarray(gradient) == pytest.approx(np.asarray(plain_gradient), rel=1e-13)
        # No example is on a kink, where JAX would choose a slope of its own.
        own = jax.grad(lambda W: function(W, X, y)[0])(W)
        assert np.asarray(gradient) == pytest.approx(np.asarray(own), abs=1e-13)


@needs_jax
def test_a_kernel_of_jax_computes_in_the_precision_of_the_data(jax):
    kernel = emit(svm, "jax")
    W, X = np.array([[1.0], [1 + 2.0**-40]]), np.array([[1.0]])
    assert kernel(W, X, [0])[0] == 1 + 2.0**-40
    assert kernel.module.loss_and_gradient(*map(jax.numpy.asarray, (W, X, [0])))[0] == 1


@needs_jax
def test_a_kernel_of_jax_rounds_no_factor_of_a_product(jax):
    kernel = emit(svm, "jax")
    traced = kernel.module.loss_and_gradient
    seen = []

    def watched(*arguments):
        seen.append(jax.config.jax_default_matmul_precision)
        return traced(*arguments)

    kernel.module.loss_and_gradient = watched
    kernel(np.zeros((2, 1), np.float32), np.ones((1, 1), np.float32), [0])
    assert seen == ["highest"]
    assert jax.config.jax_default_matmul_precision is None
