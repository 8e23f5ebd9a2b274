"""A kernel: a loss and its gradient as a function, and the source that a person can read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradbook.kernels import contract
from gradbook.kernels.sums import Mean, Sums, added_up

#: (W, X, y), as `contract.read` returns them, → the mean loss and its gradient, of any float dtype.
#: For a loss that takes more, then come its weights (n,), in the same dtype, and its parameters.
Function = Callable[..., tuple[float, NDArray[Any]]]


class NoCompiler(RuntimeError):
    """No C compiler: $CC is not set or not there, and neither is cc, gcc or clang."""


@dataclass(frozen=True)
class Kernel:
    """The mean loss over n examples and its gradient by W, as a function with its source.

    name:      what a person calls it.
    origin:    where it comes from: "by hand", or the target that printed it ("lambdify", …).
    language:  of the source: "Python" or "C".
    source:    the program text.
    function:  what runs. It gets data that the contract has read, and may return any float dtype.
    loss:      the key of the loss, such as "multiclass_svm".
    classes, features: the C and m that it was emitted for; None where any will do.
    direct:    what runs first, if anything: it gets the caller's own objects, and returns None for
               all but plain arrays that it finds usable itself; its gradient has W's dtype.
    module:    for a source in Python that stands alone, what it defines, without this contract:
               `kernel.module.loss_and_gradient` takes the library's own arrays.
    parameters: the numbers that a call may give by name, and what they are unless it does.
    weighted:  whether a call may give weights, how many times each example counts.

    Two matrices, and their place in the contract:

        >>> import numpy as np
        >>> from gradbook.kernels import augment, by_hand
        >>> kernel = by_hand("multiclass_svm")[-1]
        >>> loss, gradient = kernel(W=np.zeros((3, 2)), X=augment([[5.0]]), y=[1])
        >>> loss                                        # two margins of 1
        2.0
        >>> gradient                                    # x̃ᵀ for the classes 0 and 2, −2 x̃ᵀ for y
        array([[  1.,   5.],
               [ -2., -10.],
               [  1.,   5.]])
    """

    name: str
    origin: str
    language: str
    source: str
    function: Function
    loss: str
    classes: int | None = None
    features: int | None = None
    direct: Callable[[Any, Any, Any], tuple[float, NDArray[Any]] | None] | None = field(
        default=None, repr=False, compare=False
    )
    module: ModuleType | None = field(default=None, repr=False, compare=False)
    parameters: Mapping[str, float] = field(default_factory=dict, hash=False)
    weighted: bool = False

    def __call__(
        self,
        /,
        W: ArrayLike,
        X: ArrayLike,
        y: ArrayLike,
        *,
        weights: ArrayLike | None = None,
        **parameters: float,
    ) -> tuple[float, NDArray[Any]]:
        """The mean loss, and its gradient: a new (C, D) array in W's dtype (float64 for integers).

        W: (C, D). X: (n, D), by convention with D = m + 1 and 1 in column 0; `augment` adds it.
        y: (n,) of integers 0 … C − 1. Lists and arrays of any layout; nothing is modified.
        weights: (n,), for a weighted loss; 1 each unless given. parameters: such as Delta=2.
        Raises TypeError and ValueError as `contract.read` does, and ValueError for a result that
        overflows.
        """
        if self.direct is not None and weights is None and not parameters:
            result = self.direct(W, X, y)
            if result is not None:
                return result
        data = contract.read(W, X, y, classes=self.classes, features=self.features)
        return self._mean(data, self._more(data, weights, parameters), data.dtype)

    def sums(
        self,
        /,
        W: ArrayLike,
        X: ArrayLike,
        y: ArrayLike,
        *,
        weights: ArrayLike | None = None,
        **parameters: float,
    ) -> Sums:
        """What can be added up over chunks of the examples: Σ ℓ_i, Σ μ_i x̃_iᵀ in float64, and n.

        Takes what a call takes, and raises what a call raises. Where the kernel's own sums of
        4096 examples are exact, so is what is returned, whatever the chunks.
        """
        direct = self.direct if weights is None and not parameters else None
        if direct is not None and isinstance(X, np.ndarray) and np.shape(y) == X.shape[:1]:
            found = added_up(len(X), lambda rows: direct(W, X[rows], np.asarray(y)[rows]))
            if found is not None:
                return found
        data = contract.read(W, X, y, classes=self.classes, features=self.features)
        more = self._more(data, weights, parameters)

        def mean(rows: slice) -> Mean:
            part = replace(data, X=data.X[rows], y=data.y[rows])
            of_part = [given[rows] if np.ndim(given) else given for given in more]
            return self._mean(part, of_part, np.dtype(np.float64))

        sums = added_up(len(data.y), mean)
        assert sums is not None
        return sums

    def _mean(
        self, data: contract.Data, more: list[Any], dtype: np.dtype[Any]
    ) -> tuple[float, NDArray[Any]]:
        """The mean loss, and its gradient in a dtype, of data that the contract has read."""
        with np.errstate(over="ignore", invalid="ignore", divide="ignore", under="ignore"):
            loss, gradient = self.function(data.W, data.X, data.y, *more)
            loss, gradient = float(loss), np.array(gradient, dtype, order="C")
        if not (np.isfinite(loss) and np.isfinite(gradient).all()):
            raise ValueError(
                f"W and X must be small enough for {data.dtype} to hold the loss and its gradient, "
                f"and where both have a value, but max|W| is {abs(data.W).max():.3g} and max|X| is "
                f"{abs(data.X).max():.3g}"
            )
        return loss, gradient

    def _more(
        self, data: contract.Data, weights: ArrayLike | None, parameters: Mapping[str, float]
    ) -> list[Any]:
        """What the function takes after y."""
        for name in parameters.keys() - self.parameters.keys():
            known = ", ".join(self.parameters) or "none"
            raise TypeError(f"{self.name} has no parameter {name}, but these: {known}")
        if weights is not None and not self.weighted:
            raise TypeError(f"{self.name} takes no weights: its loss is not weighted")
        numbers = {**self.parameters, **parameters}
        of_examples = [contract.example_weights(weights, data)] if self.weighted else []
        return of_examples + [contract.number(name, value) for name, value in numbers.items()]

    def __repr__(self) -> str:
        return f"<Kernel {self.name}: {self.loss}, {self.origin}, {self.language}>"

    def _repr_html_(self) -> str:
        return (
            f"<details open><summary>{escape(self.name)} · {escape(self.language)}</summary>"
            f"<pre><code>{escape(self.source)}</code></pre></details>"
        )
