"""Every source is compared with the right answer before anybody gets it.

The data are `telling_data`. The right answer is what the formula gives in dual numbers, which share
no rule of differentiation with what was derived (`questions.values`). How far a source may be from
it is what rounding comes to in the formula, times the operations that a term passes through: where
nothing is rounded, not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray
from sympy import Rational, Symbol

from gradbook.emit.build import CompilationFailed
from gradbook.emit.telling_data import Batch, Labels, batches
from gradbook.kernels.kernel import Function, NoCompiler
from gradbook.loss import Loss
from gradbook.questions.formula import Floats, Unsuitable
from gradbook.questions.rounding import gamma, operations, unit_roundoff
from gradbook.questions.values import Values, rounds, values

Numbers: TypeAlias = Mapping[Symbol, Rational]

#: L and G (C, D), and how far each entry of a source's may be from them.
Means: TypeAlias = tuple[float, float, Floats, Floats]


class WrongSource(RuntimeError):
    """A source that does not compute the loss and its gradient: nothing is emitted."""


def require_right(
    function: Function,
    loss: Loss,
    classes: Sequence[int] = (2, 3),
    width: int | None = None,
    dtype: DTypeLike = np.float64,
    shifted: bool = False,
) -> None:
    """Raises WrongSource where the function is further from the right answer than rounding may be,
    and ValueError for a loss that has no gradient where it has a value, or that cannot be compared.

    function: a kernel's, for so many classes, and for D = width or any. dtype: of W and X. shifted:
    whether it may take the gradient's row of the smallest row of W from the others.
    """
    for more, C in enumerate(classes):
        numbers = {letter: number + more for letter, number in loss.parameters}
        at_numbers = loss
        if numbers:
            at_numbers = loss.where(**{letter.name: value for letter, value in numbers.items()})
        try:
            calls = list(batches(at_numbers, C, width))
            S = np.vstack([batch.scores for batch in calls])
            y = np.hstack([batch.y for batch in calls])
            right = values(at_numbers, S, y, sizes=np.abs(S))
            kinks = values(at_numbers, S, y)  # whose scores are exact, as these are
        except Unsuitable as error:
            raise ValueError(f"{loss.name} cannot be emitted: {error}") from None
        usable = _usable(loss, S, y, right, kinks)
        for batch, places in _parts(calls, usable):
            expected = means(batch, at_numbers, right.of(places), dtype)
            found = _answer(function, loss, batch, dtype, numbers)
            _require_near(found, expected, shifted, batch)


def _usable(loss: Loss, S: Floats, y: Labels, right: Values, kinks: Values) -> NDArray[np.bool_]:
    """Which of the examples have a value that is known, on a side of each kink that is known."""
    has_value = np.isfinite(right.loss)
    has_gradient = np.isfinite(right.mu).all(axis=1)
    if (has_value & ~has_gradient).any():
        at = int(np.argmax(has_value & ~has_gradient))
        scores = ", ".join(f"{score:g}" for score in S[at])
        raise ValueError(
            f"{loss.name} cannot be emitted: its formula has a value but no gradient at "
            f"s = ({scores}), y = {y[at]}"
        )
    known = np.isfinite(right.loss_size) & np.isfinite(right.mu_size).all(axis=1)
    room = gamma(operations(S.shape[1], 1, 1), unit_roundoff(np.float64)) * kinks.kink_sizes
    doubtful = (kinks.kink_sizes > 0) & ~(np.abs(kinks.kinks) > room)
    usable = has_value & known & ~doubtful.any(axis=1)
    if not usable.any():
        raise ValueError(
            f"{loss.name} cannot be emitted: at no small scores it has a value to compare with"
        )
    return np.asarray(usable)


def _parts(
    calls: Sequence[Batch], usable: NDArray[np.bool_]
) -> Iterator[tuple[Batch, NDArray[np.int64]]]:
    """Each call with its usable examples alone, and their places among all."""
    start = 0
    for batch in calls:
        end = start + len(batch.y)
        examples = np.flatnonzero(usable[start:end])
        if len(examples):
            yield batch[examples], examples + start
        start = end


def means(batch: Batch, loss: Loss, right: Values, dtype: DTypeLike) -> Means:
    """L and G of a batch: means, with weights and penalty, and how far a source may be off."""
    n, (C, D) = len(batch.y), batch.W.shape
    weights = batch.weights if loss.weighted else np.ones(n)
    penalty = slope = np.zeros(())
    exact = not (rounds(loss) or n & (n - 1))
    if loss.penalty is not None:
        factor = loss.penalty.factor * loss.penalty.strength
        counted = batch.W.copy()
        counted[:, : 0 if loss.penalty.bias else 1] = 0
        penalty = float(factor) * (counted**2).sum()
        slope = 2 * float(factor) * counted
        exact = exact and not factor.q & (factor.q - 1)
    L = float(weights @ right.loss / n + penalty)
    G = (weights[:, None] * right.mu).T @ batch.X / n + slope
    if exact:
        return L, 0.0, G, np.zeros(G.shape)
    relative = float(gamma(operations(C, D, n), unit_roundoff(dtype)))
    # Where a product of two numbers is 0, so much is left of one of their errors.
    least = (relative * (1 + np.abs(batch.scores).max())) ** 2
    sizes = float(weights @ (np.abs(right.loss) + right.loss_size) / n + penalty)
    slopes = weights[:, None] * (np.abs(right.mu) + right.mu_size)
    of_each = slopes.T @ np.abs(batch.X) / n + np.abs(slope)
    return L, relative * sizes + least, G, relative * of_each + least


def _answer(
    function: Function, loss: Loss, batch: Batch, dtype: DTypeLike, numbers: Numbers
) -> tuple[float, Floats]:
    arguments: list[Any] = [batch.W.astype(dtype), batch.X.astype(dtype), batch.y]
    arguments += [batch.weights.astype(dtype)] * loss.weighted
    try:
        with np.errstate(all="ignore"):
            L, G = function(*arguments, *map(float, numbers.values()))
        return float(L), np.asarray(G, np.float64)
    except (NoCompiler, CompilationFailed, MemoryError):
        raise
    except Exception as error:
        raise WrongSource(f"the emitted code fails: {error}") from None


def _require_near(found: tuple[float, Floats], right: Means, shifted: bool, batch: Batch) -> None:
    L, room, G, room_of_each = right
    if shifted:
        room_of_each = room_of_each + room_of_each.sum(axis=0)
    where = f"C = {len(batch.W)}, D = {batch.W.shape[1]}, n = {len(batch.y)}"
    if not abs(found[0] - L) <= room:
        raise WrongSource(
            f"the emitted code is wrong: its loss is {found[0]:.17g}, not {L:.17g}, with {where}"
        )
    same_shape = found[1].shape == G.shape
    near = np.abs(found[1] - G) <= room_of_each if same_shape else np.zeros(G.shape, bool)
    if not near.all():
        raise WrongSource(
            f"the emitted code is wrong: its gradient differs in {np.sum(~near)} of {near.size} "
            f"entries, with {where}"
        )
