"""Calling a kernel that may do anything: an answer, or one sentence that says what it did."""

from __future__ import annotations

import numbers
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradbook.kernels.kernel import NoCompiler


class Misbehaved(Exception):
    """The kernel broke its contract. The message is one clause about it.

    kind: a short form of it. seen: the size of the data.
    """

    def __init__(self, clause: str, kind: str = "") -> None:
        super().__init__(clause)
        self.kind = kind or clause
        self.seen = ""


@dataclass(frozen=True)
class Subject:
    """The kernel under examination. classes, features: None for any size."""

    name: str
    origin: str
    language: str
    function: Callable[..., Any]
    classes: int | None = None
    features: int | None = None

    @property
    def width(self) -> int | None:
        """D = m + 1, or None for any."""
        return None if self.features is None else self.features + 1


@dataclass(frozen=True)
class Answer:
    """What a kernel returned. gradient: (C, D), in the weights' dtype."""

    loss: float
    gradient: np.ndarray


def subject_of(kernel: Any) -> Subject:
    """A Kernel as it is; a plain function as a kernel of any size, in this project's convention.

    Raises TypeError if `kernel` cannot be called.
    """
    if isinstance(kernel, Subject):
        return kernel
    if not callable(kernel):
        raise TypeError(
            "kernel_or_function must be a Kernel or a function (W, X, y) -> (loss, gradient), "
            f"not {type(kernel).__name__}"
        )
    name = getattr(kernel, "name", None) or getattr(kernel, "__name__", type(kernel).__name__)
    return Subject(
        name=str(name),
        origin=getattr(kernel, "origin", "a function"),
        language=getattr(kernel, "language", "Python"),
        function=kernel,
        classes=getattr(kernel, "classes", None),
        features=getattr(kernel, "features", None),
    )


def ask(
    subject: Subject,
    W: np.ndarray,
    X: np.ndarray,
    y: np.ndarray,
    layout: Callable[[np.ndarray], np.ndarray] = np.copy,
) -> Answer:
    """One call, on copies that `layout` makes, and a copy of its answer.

    Raises Misbehaved if the contract is broken.

    The contract: no exception, a pair, a real number and a NumPy array of W's shape and dtype, all
    finite, and W, X, y as they were.
    """
    answer = ask_for_its_own(subject, W, X, y, layout)
    return Answer(answer.loss, answer.gradient.copy())


def ask_for_its_own(
    subject: Subject,
    W: np.ndarray,
    X: np.ndarray,
    y: np.ndarray,
    layout: Callable[[np.ndarray], np.ndarray] = np.copy,
) -> Answer:
    """The same, with the very array that the kernel returned."""
    try:
        return _answer(subject, layout(W), layout(X), layout(y))
    except Misbehaved as misbehaved:
        (C, D), n = W.shape, len(y)
        misbehaved.seen = f"seen with C = {C}, D = {D}, n = {n} and {W.dtype}"
        raise


def _answer(subject: Subject, W: np.ndarray, X: np.ndarray, y: np.ndarray) -> Answer:
    before = W.tobytes(), X.tobytes(), y.tobytes()
    try:
        # What overflows or is divided by 0 shows in the answer; a warning would say it twice.
        with np.errstate(all="ignore"):
            returned = subject.function(W, X, y)
    except NoCompiler:
        raise
    except (Exception, SystemExit) as error:
        kind, text = f"it raises {type(error).__name__}", " ".join(str(error).split())
        raise Misbehaved(f"{kind}: {text[:200]}", kind) from error
    if before != (W.tobytes(), X.tobytes(), y.tobytes()):
        pairs = zip("WXy", before, (W, X, y), strict=True)
        changed = [name for name, was, array in pairs if was != array.tobytes()]
        raise Misbehaved(f"it modifies its input {' and '.join(changed)}")
    return _read(returned, W)


def _read(returned: Any, W: np.ndarray) -> Answer:
    if not isinstance(returned, tuple) or len(returned) != 2:
        raise Misbehaved(f"it returns {_kind(returned)} and not the pair (loss, gradient)")
    loss, gradient = returned
    if not isinstance(loss, numbers.Real) or isinstance(loss, bool):
        raise Misbehaved(f"its loss is {_kind(loss)} and not a real number")
    if type(gradient) is not np.ndarray:
        raise Misbehaved(f"its gradient is {_kind(gradient)} and not a NumPy array")
    if gradient.shape != W.shape:
        raise Misbehaved(
            f"its gradient has the shape {gradient.shape} where W has {W.shape}",
            "its gradient has another shape than W",
        )
    if gradient.dtype != W.dtype:
        raise Misbehaved(f"its gradient is {gradient.dtype} where W is {W.dtype}")
    if not np.isfinite(float(loss)):
        raise Misbehaved("its loss is not finite, for finite inputs")
    if not np.isfinite(gradient).all():
        raise Misbehaved("its gradient has an entry that is not finite, for finite inputs")
    return Answer(float(loss), gradient)


def _kind(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"a {type(value).__name__} of shape {value.shape}"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    return "None" if value is None else f"a {type(value).__name__}"
