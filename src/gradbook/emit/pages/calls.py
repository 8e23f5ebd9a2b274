"""What a source defines, called with NumPy's arrays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from gradbook.emit import build
from gradbook.emit.called_in_c import passed

#: The function of a source, the sizes, the letters and the shapes of the results → the results.
Call = Callable[[Any, Sequence[int], Sequence[Any], Sequence[tuple[int, ...]]], list[Any]]


def compiled(source: str) -> Any:
    """The function of a source in C. Raises build.NoCompiler and build.CompilationFailed."""
    return build.function(build.library(source, ("-O3",)), "objective")


def in_numpy(function: Any, sizes: object, letters: Sequence[Any], shapes: object) -> list[Any]:
    return _listed(function(*letters))


def in_jax(function: Any, sizes: object, letters: Sequence[Any], shapes: object) -> list[Any]:
    import jax

    # By default JAX would round float64 to float32, silently, and factors to ten bits or so.
    with jax.enable_x64(True), jax.default_matmul_precision("highest"):
        return _listed(function(*map(jax.numpy.asarray, letters)))


def in_torch(function: Any, sizes: object, letters: Sequence[Any], shapes: object) -> list[Any]:
    import torch

    tensors = [torch.from_numpy(np.array(letter)) for letter in letters]
    try:
        with torch.no_grad():
            return _listed(function(*tensors))
    except torch.linalg.LinAlgError as error:
        raise np.linalg.LinAlgError(error) from None


def _listed(found: Any) -> list[Any]:
    """E, {"A": …, "b": …} in a row, or a value alone."""
    return [found[0], *found[1].values()] if isinstance(found, tuple) else [found]


def in_c(
    function: Any,
    sizes: Sequence[int],
    letters: Sequence[Any],
    shapes: Sequence[tuple[int, ...]],
) -> list[Any]:
    made = [np.empty(shape) for shape in shapes]
    given = [
        np.require(each, np.float64 if each.dtype.kind == "f" else np.int64, ["C", "A"])
        for each in letters
    ]
    if function(*passed(*sizes, *(each if each.ndim else each.item() for each in given), *made)):
        raise MemoryError("there is not enough memory for what the page defines")
    return made


CALLS: Mapping[str, Call] = {
    "numpy": in_numpy,
    "lambdify": in_numpy,
    "jax": in_jax,
    "torch": in_torch,
    "c": in_c,
    "codegen": in_c,
}
