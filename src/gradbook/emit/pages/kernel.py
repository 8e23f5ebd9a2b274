"""What is emitted of a page: a function of its letters, with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from gradbook.emit.lazy import Lazy
from gradbook.emit.pages.calls import CALLS, compiled
from gradbook.emit.pages.given import Argument, by_name, known_sizes, length, read


@dataclass(frozen=True)
class PageKernel:
    """The objective of a page and its gradient: (A, b, …) → (E, {"A": …, "b": …}).

    Of a line of a page, emitted alone, a call returns the value of its right side.

    name:      what it is of. target: what it was printed for.
    arguments: what a call gives, in this order or by name. Labels are counted from 0.
    results:   the objective, and the letters that it is differentiated by.
    least:     the smallest value of each size.
    source:    the program text. language: Python or C.
    sizes:     what it was printed for, of a target for one size.
    """

    name: str
    target: str
    arguments: tuple[Argument, ...]
    results: tuple[Argument, ...]
    least: tuple[tuple[str, int], ...]
    source: str
    language: str = "Python"
    sizes: tuple[tuple[str, int], ...] = ()

    def __call__(self, *values: Any, **named: Any) -> Any:
        """What the source computes, of arrays that fit together.

        A number is a float, an array a new one; C computes in float64. Raises TypeError for a
        letter too many, too few or twice, and for what is no numbers, and ValueError for shapes
        that do not fit together, for labels out of range, and for what is not finite, given or
        found; MemoryError where there is not enough for what the page defines, and for C
        build.NoCompiler and build.CompilationFailed; for a library that is not there ImportError.
        """
        given = by_name(self.arguments, values, named)
        arrays, sizes = read(self.arguments, given, dict(self.least))
        shapes = [tuple(length(n, sizes) for n in each.counts) for each in self.results]
        told = [sizes[name] for name in self.told]
        with np.errstate(all="ignore"):
            try:
                found = CALLS[self.target](self.function, told, list(arrays.values()), shapes)
            except np.linalg.LinAlgError as error:
                raise ValueError(f"it has no value there: {error}") from None
        if not self.by:
            return _result("its value", found[0])
        slopes = zip(self.by, found[1:], strict=True)
        return (
            _result("the objective", found[0]),
            {name: _result(f"the gradient by {name}", slope) for name, slope in slopes},
        )

    @property
    def by(self) -> tuple[str, ...]:
        """The letters that the objective is differentiated by."""
        return tuple(result.name for result in self.results[1:])

    @property
    def origin(self) -> str:
        """Where it comes from: the target that printed it."""
        return self.target

    @cached_property
    def function(self) -> Any:
        """What runs: it takes the library's own arrays, or pointers, and trusts them."""
        if self.language == "C":
            return compiled(self.source)
        library = {"lambdify": "numpy"}.get(self.target, self.target)
        return Lazy(f"{self.name}, {self.target}", self.source, library).objective

    @cached_property
    def told(self) -> tuple[str, ...]:
        """The sizes that the arguments tell."""
        return known_sizes(count for letter in self.arguments for count in letter.counts)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name != "function"}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        for name, value in state.items():
            object.__setattr__(self, name, value)

    def __repr__(self) -> str:
        return f"<PageKernel {self.name}, {self.target}>"


def _result(name: str, value: Any) -> Any:
    """A float, or an array of its own, that is finite."""
    array = np.asarray(value).copy()
    if not np.isfinite(array).all():
        raise ValueError(f"{name} is not finite there: it has no value, or one that is too large")
    return array if array.ndim else array.item()
