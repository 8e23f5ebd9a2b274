"""What the libraries of arrays call things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """What a library calls things; ⟨like⟩ stands for an array whose type and device are meant.

    max0: max(0, ·), whose slope at 0 is 0 by the library's own derivatives as well.
    softplus: log(1 + exp(·)), of −· where it begins with a −.
    full: an array of one number. numbers: 1{…} as numbers.
    """

    module: str
    imports: str
    max0: str
    softplus: str
    logsumexp: str
    logdet: str
    arange: str
    full: str
    array: str
    numbers: str


NUMPY = Words(
    module="np",
    imports="import numpy as np",
    max0="np.maximum(0, {})",
    softplus="np.logaddexp(0, {})",
    logsumexp="logsumexp({}, {})",
    logdet="logdet({1})",
    arange="np.arange({})",
    full="np.full({}, {})",
    array="np.asarray({})",
    numbers="{}",
)
JAX = Words(
    module="jnp",
    imports="import jax\nimport jax.numpy as jnp",
    max0="jax.nn.relu({})",
    softplus="jnp.logaddexp(0, {})",
    logsumexp="jax.nn.logsumexp({}, axis={})",
    logdet="logdet({1})",
    arange="jnp.arange({})",
    full="jnp.full({}, {}, ⟨like⟩.dtype)",
    array="jnp.asarray({}, ⟨like⟩.dtype)",
    numbers="{}",
)
TORCH = Words(
    module="torch",
    imports="import torch",
    max0="torch.relu({})",
    softplus="-torch.nn.functional.logsigmoid({})",
    logsumexp="torch.logsumexp({}, dim={})",
    logdet="{}.logdet({})",
    arange="torch.arange({}, device=⟨like⟩.device)",
    full="torch.full({}, {}, dtype=⟨like⟩.dtype, device=⟨like⟩.device)",
    array="torch.as_tensor({}, dtype=⟨like⟩.dtype, device=⟨like⟩.device)",
    numbers="{}.to(⟨like⟩.dtype)",
)
#: What a page is printed for, by its name.
LIBRARIES: Mapping[str, Words] = {"numpy": NUMPY, "jax": JAX, "torch": TORCH}
#: Functions of numbers of Python, which are no arrays of a library.
OF_SIZES = {
    "exp": "math.exp({})",
    "log": "math.log({})",
    "sqrt": "math.sqrt({})",
    "max0": "max(0, {})",
    "softplus": "math.log1p(math.exp({}))",
}
