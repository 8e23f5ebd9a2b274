"""A penalty that is counted once for each batch of so many examples, and not once for the call."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradbook.judge.penalties.where import Added
from gradbook.questions.batch_sizes import USUAL

#: A factor is a whole number to within this.
_WHOLE = 1e-9


def counted_by_batch(losses: Sequence[Added], gradients: Sequence[Added]) -> str:
    """Says so, if that is so in all answers of the one part or of both; else ""."""
    said = {
        part: _batch(added)
        for part, added in (("loss", losses), ("gradient", gradients))
        if any(one.wrong for one in added)
    }
    if not said or not all(said.values()) or len(set(said.values())) > 1:
        return ""
    place = "" if len(said) == 2 or not (losses and gradients) else f"in the {next(iter(said))}, "
    return f"{place}the penalty is {next(iter(said.values()))}"


def _batch(added: Sequence[Added]) -> str:
    """How often the penalty is counted, from how often it was at every n."""
    counted = [(one.question.n, times) for one in added if (times := _times(one)) is not None]
    if len(counted) < 2 or any(times < 0 for _, times in counted):
        return ""
    # ⌈n / B⌉ = k where n / k ≤ B < n / (k − 1).
    low = max((-(-n // k) for n, k in counted if k), default=1)
    high = min((-(-n // (k - 1)) - 1 for n, k in counted if k > 1), default=0)
    if all(k for _, k in counted) and low <= high:
        return f"counted once for each batch of {_size(low, high)} examples, not once"
    # ⌊n / B⌋ = k where n / (k + 1) < B ≤ n / k.
    low = max(n // (k + 1) + 1 for n, k in counted)
    high = min((n // k for n, k in counted if k), default=0)
    if low <= high:
        return f"counted once for each full batch of {_size(low, high)} examples, not once"
    return ""


def _times(one: Added) -> int | None:
    """How often the right penalty was added; None if there is none; −1 for no whole number."""
    size = float((one.right * one.right).sum())
    if not size:
        return None
    times = float((one.found * one.right).sum()) / size
    if not np.isfinite(times):
        return -1
    near = abs(times - round(times)) <= _WHOLE * max(1.0, abs(times))
    with np.errstate(all="ignore"):
        same = np.abs(one.found - round(times) * one.right) <= one.bound * max(1, round(times))
    return round(times) if near and bool(same.all()) else -1


def _size(low: int, high: int) -> str:
    if low == high:
        return str(low)
    usual = [size for size in USUAL if low <= size <= high]
    return str(usual[0]) if len(usual) == 1 else f"{low} to {high}"
