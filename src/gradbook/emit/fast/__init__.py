"""Target "c-fast": one pass over X, in tiles that are summed in registers.

    >>> from derivation.multiclass_svm import svm
    >>> from gradbook.emit import emit
    >>> kernel = emit(svm, "c-fast")
    >>> print(kernel.source.partition("and used:\\n")[2].partition("\\n\\n")[0])
         ℓ(s + t·𝟙) = ℓ(s) for every real t · the two sides have one canonical form:
           scores are differences to one class
         Σ_a μ_a = 0 · the canonical form of Σ_a μ_a is 0:
           that class's row of the gradient is minus the sum of the others

What is computed is what target "c" computes; how the code goes through the data is a `Schedule`.
`schedule` is that order and how it is chosen, `source` the code around the loss, `lanes` the loops
over the classes, `binding` the way from C to Python.

C is a number in the code, so that a kernel for any size is compiled once for each C, when it is
first called with it; the source shown is the one for `NOMINAL_CLASSES` unless C is given.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gradbook.emit.compared import require_right
from gradbook.emit.fast.binding import Call, Result, compiled
from gradbook.emit.fast.schedule import Machine, Schedule, choose, shifted
from gradbook.emit.fast.source import printed
from gradbook.emit.kept import kept
from gradbook.emit.lowering import lower
from gradbook.kernels import Kernel
from gradbook.loss import Loss

__all__ = ["NOMINAL_CLASSES", "Machine", "Schedule", "choose", "emit"]

#: C of the source that is shown where nobody has said how many classes there are.
NOMINAL_CLASSES = 10


def emit(
    loss: Loss,
    classes: int | None = None,
    features: int | None = None,
    *,
    schedule: Schedule | None = None,
    threads: int = 1,
) -> Kernel:
    """A kernel in C, for float64 and float32, compiled for each size that it is called with.

    classes, features: C and m, if the kernel is for one size only.
    schedule: of the code; chosen by the cost model for C, D, the dtype and this machine otherwise.
    threads:  how many may work on one call. They are POSIX threads of that call: none is left
              behind to be missed after a fork.

    Raises NotLowerable for a loss that is more than loops over the classes, and ValueError for one
    with a function that C99 does not have, or for a schedule or threads that are none; it, and the
    kernel for another size, build.NoCompiler and build.CompilationFailed.
    """
    width = None if features is None else int(features) + 1
    functions = _Functions(loss, schedule, threads)
    source = functions.source(NOMINAL_CLASSES if classes is None else int(classes), width)
    size = "any size" if classes is None else f"C = {classes}"
    return Kernel(
        name=f"C, fast, {size}",
        origin="c-fast",
        language="C",
        source=source,
        function=functions.any_layout,
        direct=None if loss.weighted or loss.parameters else functions.direct,
        loss=loss.key,
        classes=classes,
        features=features,
        weighted=loss.weighted,
    )


@dataclass
class _Functions:
    """The compiled functions of one kernel, each of one source, for one C and one dtype."""

    loss: Loss
    schedule: Schedule | None
    threads: int
    #: By C, D or None, and the dtype.
    sources: dict[tuple[int, int | None, str], str] = field(default_factory=dict)
    compiled: dict[tuple[int, np.dtype[Any], str], Call] = field(default_factory=dict)
    #: By W's shape and the number of its type: a dtype takes long to look up.
    by_shape: dict[tuple[tuple[int, ...], int], Call] = field(default_factory=dict)

    def source(self, classes: int, width: int | None, dtype: Any = np.float64) -> str:
        """The source for C and a dtype, with the schedule for D = width."""

        def made() -> str:
            lowered = lower(self.loss)
            schedule = self.schedule or choose(lowered, classes, width, dtype, machine)
            return printed(lowered, classes, schedule)

        def compared(source: str) -> None:
            function = partial(_result, compiled(source, classes, np.dtype(dtype), self.loss), 1)
            smallest_from_others = shifted(lower(self.loss))
            require_right(
                function, self.loss, [classes], width, dtype, shifted=smallest_from_others
            )

        machine = Machine.here()
        asked = classes, width, np.dtype(dtype).str
        if asked not in self.sources:
            everything = *asked, self.schedule, machine
            self.sources[asked] = kept(made, compared, self.loss, "c-fast", *everything)
        return self.sources[asked]

    def __reduce__(self) -> tuple[Any, ...]:
        """With the sources, of which the functions are made anew where it arrives."""
        return _Functions, (self.loss, self.schedule, self.threads, self.sources)

    def direct(self, W: Any, X: Any, y: Any) -> Result | None:
        """The result for plain arrays of which the code itself finds them usable; else None."""
        if type(W) is not np.ndarray:
            return None
        call = self.by_shape.get((W.shape, W.dtype.num))
        return None if call is None else call(W, X, y, self.threads)

    def any_layout(self, *arguments: Any) -> Result:
        """The result for what the contract has read: W, X, y, weights and parameters."""
        return _result(self.call_for(arguments[0]), self.threads, *arguments)

    def call_for(self, W: NDArray[Any]) -> Call:
        shape, dtype = W.shape, W.dtype
        place = shape, dtype.num
        if place not in self.by_shape:
            classes, width = shape
            source = self.source(classes, width, dtype)
            key = classes, dtype, source
            if key not in self.compiled:
                self.compiled[key] = compiled(source, classes, dtype, self.loss)
            self.by_shape[place] = self.compiled[key]
        return self.by_shape[place]


def _result(call: Call, threads: int, *arguments: Any) -> Result:
    """The result for arrays of any layout; NaN for a score that is not finite."""
    given = [np.require(a, requirements=["C", "A"]) if np.ndim(a) else a for a in arguments]
    W = given[0]
    result = call(*given, threads)
    return (np.nan, np.full(W.shape, np.nan)) if result is None else result
