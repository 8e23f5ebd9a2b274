"""An answer in the page's layout, and several answers made into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from gradbook.subjects import Answer


@dataclass(frozen=True, eq=False)
class Reply(Answer):
    """An answer in the page's layout: gradient is (C, D) in the dtype that came.

    error: "" or one clause that follows the function's name; also where what came is no answer.
    shape: of a gradient that has another one than W, as it came. of_bias: what came after the
    gradient, with respect to a b beside W; () if nothing did.
    """

    shape: tuple[int, ...] | None = None


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
