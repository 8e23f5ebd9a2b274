"""What is emitted of a page: a function of its letters, with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradbook.emit.pages.given import Argument, by_name, read


@dataclass(frozen=True)
class PageKernel:
    """The objective of a page and its gradient: (A, b, …) → (E, {"A": …, "b": …}).

    Of a line of a page, emitted alone, a call returns the value of its right side.

    name:      what it is of. target: what it was printed for.
    arguments: what a call gives, in this order or by name. Labels are counted from 0.
    by:        the letters that the objective is differentiated by.
    least:     the smallest value of each size.
    source:    the program text.
    """

    name: str
    target: str
    arguments: tuple[Argument, ...]
    by: tuple[str, ...]
    least: tuple[tuple[str, int], ...]
    source: str
    language: str = "Python"

    def __call__(self, *values: Any, **named: Any) -> Any:
        """What the source computes, of arrays that fit together.

        A number is a float, an array a new one. Raises TypeError for a letter too many, too few or
        twice, and for what is no numbers, and ValueError for shapes that do not fit together, for
        labels out of range, and for what is not finite, given or found.
        """
        arrays, _ = read(self.arguments, by_name(self.arguments, values, named), dict(self.least))
        with np.errstate(all="ignore"):
            try:
                found = _CALLED[self.target](self.function, arrays.values())
            except (np.linalg.LinAlgError, RuntimeError) as error:
                raise ValueError(f"it has no value there: {error}") from None
        if not self.by:
            return _result("its value", found)
        objective, slopes = found
        return (
            _result("the objective", objective),
            {name: _result(f"the gradient by {name}", slopes[name]) for name in self.by},
        )

    @property
    def origin(self) -> str:
        """Where it comes from: the target that printed it."""
        return self.target

    @cached_property
    def function(self) -> Any:
        """What runs: it takes the library's own arrays and trusts them."""
        names: dict[str, Any] = {}
        exec(compile(self.source, f"<{self.name}, {self.target}>", "exec"), names)
        return names["objective"]

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "function"}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<PageKernel {self.name}, {self.target}>"


def _by_jax(function: Any, values: Iterable[Any]) -> Any:
    import jax

    # By default JAX would round float64 to float32, silently, and factors to ten bits or so.
    with jax.enable_x64(True), jax.default_matmul_precision("highest"):
        return jax.tree.map(np.asarray, function(*map(jax.numpy.asarray, values)))


def _by_torch(function: Any, values: Iterable[Any]) -> Any:
    import torch

    with torch.no_grad():
        found = function(*(torch.from_numpy(np.array(value)) for value in values))
    return torch.utils._pytree.tree_map(np.asarray, found)


#: How the function of a target is called with NumPy's arrays, and gives them.
_CALLED: Mapping[str, Callable[[Any, Iterable[Any]], Any]] = {
    "numpy": lambda function, values: function(*values),
    "jax": _by_jax,
    "torch": _by_torch,
}


def _result(name: str, value: Any) -> Any:
    """A float, or an array of its own, that is finite."""
    array = np.array(value, order="C")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} is not finite there: it has no value, or one that is too large")
    return array if array.ndim else array.item()
