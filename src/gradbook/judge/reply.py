"""An answer in the page's layout, and several answers made into one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np


@dataclass(frozen=True, eq=False)
class Reply:
    """An answer in the page's layout: gradient is (C, D) in the dtype that came.

    error: "" or one clause that follows the function's name. shape: of a gradient that has another
    one than W, as it came.
    """

    loss: float | None = None
    gradient: np.ndarray | None = None
    error: str = ""
    fatal: bool = False
    changed: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    shape: tuple[int, ...] | None = None

    def with_numbers(
        self, of_loss: Callable[[float], float], of_gradient: Callable[[np.ndarray], np.ndarray]
    ) -> Reply:
        """The same with other numbers, where there are any."""
        if self.error:
            return self
        with np.errstate(all="ignore"):
            return replace(
                self,
                loss=None if self.loss is None else float(of_loss(self.loss)),
                gradient=None if self.gradient is None else of_gradient(self.gradient),
            )


def combined(replies: Sequence[Reply], weights: Sequence[float]) -> Reply:
    """The sum of weight · answer; the first one that failed, if one did."""
    failed = [reply for reply in replies if reply.error]
    if failed:
        return failed[0]
    first = replies[0]
    losses = [reply.loss for reply in replies]
    gradients = [reply.gradient for reply in replies]
    with np.errstate(all="ignore"):
        return replace(
            first,
            loss=None
            if first.loss is None
            else sum(w * a for w, a in zip(weights, losses, strict=True) if a is not None),
            gradient=None
            if first.gradient is None
            else np.sum(
                [w * a for w, a in zip(weights, gradients, strict=True) if a is not None], axis=0
            ).astype(_kept(first.gradient.dtype)),
            changed=tuple(dict.fromkeys(chain(*(reply.changed for reply in replies)))),
            aliases=tuple(dict.fromkeys(chain(*(reply.aliases for reply in replies)))),
        )


def _kept(dtype: np.dtype) -> np.dtype:
    """Single precision stays what it is; whole numbers may become fractions."""
    return dtype if dtype.kind == "f" else np.dtype(np.float64)
