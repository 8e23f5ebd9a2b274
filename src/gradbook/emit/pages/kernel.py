"""What is emitted of a page: a function of its letters, with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from sympy import Expr, Integer, Symbol

from gradbook import arguments
from gradbook.emit.pages.source import solved


@dataclass(frozen=True)
class Argument:
    """A letter that a call gives. counts: the length of each of its axes, in sizes of the page.

    labels: of a label, how many there are, counted from 0; None of a number or an array of numbers.
    choices: of a label that is one of a few numbers, such as −1 and 1, these.
    """

    name: str
    counts: tuple[Expr, ...]
    labels: Expr | None = None
    choices: tuple[int, ...] = ()

    def __str__(self) -> str:
        shape = ", ".join(str(count).replace("-", "−") for count in self.counts)
        return f"({shape}{',' if len(self.counts) == 1 else ''})" if self.counts else "a number"


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
        given = self._given(values, named)
        with np.errstate(all="ignore"):
            try:
                found = _CALLED[self.target](self.function, self._read(given).values())
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

    def _given(self, values: tuple[Any, ...], named: Mapping[str, Any]) -> dict[str, Any]:
        names = [argument.name for argument in self.arguments]
        if len(values) > len(names):
            raise TypeError(f"it takes {', '.join(names)}, and {len(values)} were given")
        given = dict(zip(names, values, strict=False))
        for name, value in named.items():
            if name not in names:
                raise TypeError(f"it takes {', '.join(names)}, and no {name}")
            if name in given:
                raise TypeError(f"{name} is given twice")
            given[name] = value
        missing = [name for name in names if name not in given]
        if missing:
            raise TypeError(f"it takes {', '.join(names)}: {', '.join(missing)} is not given")
        return {name: given[name] for name in names}

    def _read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        sizes: dict[Symbol, tuple[int, str]] = {}
        read: dict[str, Any] = {}
        for argument in self.arguments:
            value = _numbers(argument, given[argument.name])
            if value.ndim != len(argument.counts):
                raise ValueError(f"{argument.name} must be {argument}, not of shape {value.shape}")
            for place, count in enumerate(argument.counts):
                self._fits(argument, value, place, count, sizes)
            read[argument.name] = value
        for argument in self.arguments:
            if argument.labels is not None:
                _within(argument, read[argument.name], sizes)
        return read

    def _fits(
        self,
        argument: Argument,
        value: np.ndarray,
        place: int,
        count: Expr,
        sizes: dict[Symbol, tuple[int, str]],
    ) -> None:
        """Takes a size from an axis, or compares it with one that another array has."""
        length = value.shape[place]
        (symbol,) = count.free_symbols or (None,)
        if symbol is None:
            if count != length:
                raise ValueError(f"{argument.name} must be {argument}, not {value.shape}")
            return
        found = solved(symbol, count, Integer(length))
        least = dict(self.least).get(str(symbol), 0)
        if not found.is_Integer or found < least:
            raise ValueError(
                f"{argument.name} must be {argument} with {symbol} ≥ {least}, not {value.shape}"
            )
        before, of = sizes.setdefault(symbol, (int(found), argument.name))
        if before != found:
            raise ValueError(
                f"{argument.name} must be {argument} with {symbol} = {before}, as in {of}, "
                f"not {value.shape}"
            )

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


def _numbers(argument: Argument, value: Any) -> np.ndarray:
    accepted = f"real numbers, {argument}" if argument.counts else "a real number"
    if argument.labels is not None:
        accepted = f"whole numbers, {argument}" if argument.counts else "a whole number"
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError(f"{argument.name} must be {accepted}") from None
    kinds = "iu" if argument.labels is not None else "iuf"
    if array.dtype.kind not in kinds:
        shown = arguments.shown(value)
        raise TypeError(f"{argument.name} must be {accepted}, not {shown}")
    if argument.labels is not None:
        return array.astype(np.int64)
    if not np.isfinite(array).all():
        raise ValueError(f"{argument.name} must be finite")
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def _within(argument: Argument, value: np.ndarray, sizes: Mapping[Symbol, tuple[int, str]]) -> None:
    assert argument.labels is not None
    if argument.choices:
        if not np.isin(value, argument.choices).all():
            these = " or ".join(map(str, argument.choices)).replace("-", "−")
            raise ValueError(f"{argument.name} must be {these}, not {value.tolist()}")
        return
    count = int(argument.labels.xreplace({s: Integer(n) for s, (n, _) in sizes.items()}))
    if value.size and not (value.min() >= 0 and value.max() < count):
        raise ValueError(f"{argument.name} must be of labels 0 … {count - 1}, not {value.tolist()}")
