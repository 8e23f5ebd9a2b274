"""An answer in the page's layout, and several answers made into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np


@dataclass(frozen=True, eq=False)
class Reply:
    """An answer in the page's layout: gradient is (C, D) in the dtype that came.

    error: "" or one clause that follows the function's name. raised: the name of the type of the
    exception that it tells of; "" if none was raised. fatal: whether the process ended with it.
    too_slow: whether that was for the time that the call took. shape: of a gradient that has
    another one than W, as it came. single: whether the loss came in single precision. of_bias: what
    came after the gradient, with respect to a b beside W; () if nothing did.
    """

    loss: float | None = None
    gradient: np.ndarray | None = None
    error: str = ""
    fatal: bool = False
    changed: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    shape: tuple[int, ...] | None = None
    single: bool = False
    of_bias: tuple[float, ...] = ()
    too_slow: bool = False
    raised: str = ""


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
            of_bias=_weighted([reply.of_bias for reply in replies], weights),
            changed=tuple(dict.fromkeys(chain(*(reply.changed for reply in replies)))),
            aliases=tuple(dict.fromkeys(chain(*(reply.aliases for reply in replies)))),
        )


def _weighted(rows: Sequence[tuple[float, ...]], weights: Sequence[float]) -> tuple[float, ...]:
    if len({len(row) for row in rows}) > 1:
        return ()
    return tuple(float(np.dot(weights, column)) for column in zip(*rows, strict=True))


def _kept(dtype: np.dtype) -> np.dtype:
    """Single precision stays what it is; whole numbers may become fractions."""
    return dtype if dtype.kind == "f" else np.dtype(np.float64)
