"""What the libraries of arrays call things, and C."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Words:
    """What a library calls things; ⟨like⟩ stands for an array whose type and device are meant.

    max0: max(0, ·), whose slope at 0 is 0 by the library's own derivatives as well.
    softplus: log(1 + exp(·)), of −· where it begins with a −.
    full: an array of one number. numbers: 1{…} as numbers. square: of a letter, where it has a way
    of its own. has_truth: whether 1{…} is True or False, and no number.
    """

    module: str = ""
    imports: str = ""
    max0: str = "max0({})"
    softplus: str = "softplus({})"
    logsumexp: str = "logsumexp({}, {})"
    logdet: str = "logdet({1})"
    arange: str = ""
    full: str = ""
    array: str = ""
    where: str = ""
    larger: str = ""
    least: str = ""
    numbers: str = "{}"
    power: str = "{atom}**{exponent}"
    square: str = ""
    times: str = " * "
    over: str = " / "
    has_truth: bool = True


NUMPY = Words(
    module="np",
    imports="import numpy as np",
    max0="np.maximum(0, {})",
    softplus="np.logaddexp(0, {})",
    where="np.where({}, {}, {})",
    least="-np.inf",
    arange="np.arange({})",
    full="np.full({}, {})",
    array="np.asarray({})",
)
JAX = Words(
    module="jnp",
    imports="import jax\nimport jax.numpy as jnp",
    max0="jax.nn.relu({})",
    softplus="jnp.logaddexp(0, {})",
    logsumexp="jax.nn.logsumexp({}, axis={})",
    where="jnp.where({}, {}, {})",
    least="-jnp.inf",
    arange="jnp.arange({})",
    full="jnp.full({}, {}, ⟨like⟩.dtype)",
    array="jnp.asarray({}, ⟨like⟩.dtype)",
)
TORCH = Words(
    module="torch",
    imports="import torch",
    max0="torch.relu({})",
    softplus="-torch.nn.functional.logsigmoid({})",
    logsumexp="torch.logsumexp({}, dim={})",
    logdet="{}.logdet({})",
    where="torch.where({}, {}, {})",
    least="-torch.inf",
    arange="torch.arange({}, device=⟨like⟩.device)",
    full="torch.full({}, {}, dtype=⟨like⟩.dtype, device=⟨like⟩.device)",
    array="torch.as_tensor({}, dtype=⟨like⟩.dtype, device=⟨like⟩.device)",
    numbers="{}.to(⟨like⟩.dtype)",
)
#: One number after the other: cases are Python's own.
NUMBERS = replace(NUMPY, where="({1} if {0} else {2})", larger="max({}, {})")
C = Words(
    where="({} ? {} : {})",
    larger="fmax({}, {})",
    least="-INFINITY",
    power="pow({base}, {exponent})",
    square="{0}*{0}",
    times="*",
    over="/",
    has_truth=False,
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
