"""Every source is compared with the exact gradient before anybody gets it.

The data are `telling_data`, the right answer is that of `slopes`. How far a source may be from it
follows from the operations that it has (`rounding`): where nothing is rounded, not at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray
from sympy import Rational, Symbol

from gradbook import notation
from gradbook.emit.build import CompilationFailed
from gradbook.emit.lowering import Lowered, s_a, s_y
from gradbook.emit.rounding import Ball, Floats, Labels, Rounding, Unbounded
from gradbook.emit.slopes import loss_and_slopes
from gradbook.emit.stages import Stages
from gradbook.emit.telling_data import Batch, batches
from gradbook.kernels.kernel import Function, NoCompiler
from gradbook.loss import Loss

Numbers: TypeAlias = Mapping[Symbol, Rational]

#: ℓ (P,) and μ (C, P), at P examples; or L () and G (C, D).
Balls: TypeAlias = tuple[Ball, Ball]


class WrongSource(RuntimeError):
    """A source that does not compute the loss and its gradient: nothing is emitted."""


class Steps:
    """The operations that a source was printed from."""

    #: Whether the source may take scores relative to the class whose row of W is the smallest, and
    #: that row of the gradient from the others.
    shifted = False

    def balls(self, rounding: Rounding, S: Floats, y: Labels, numbers: Numbers) -> Balls:
        """ℓ and μ at scores S (C, P) and labels y (P,), with numbers for the loss's letters."""
        raise NotImplementedError


@dataclass(frozen=True)
class OfStages(Steps):
    """Those of one size."""

    stages: Stages

    def balls(self, rounding: Rounding, S: Floats, y: Labels, numbers: Numbers) -> Balls:
        names = [name for name, _ in self.stages.scores]
        values = {name: rounding.exact(s) for name, s in zip(names, S, strict=True)}
        values[self.stages.y] = rounding.exact(y)
        algebra = [step for stage in self.stages.algebra for step in stage.definitions]
        for name, value in (*algebra, *self.stages.mu, self.stages.loss):
            values[name] = rounding.evaluate(value, values)
        mu = [values[name].spread(y.shape) for name, _ in self.stages.mu]
        return values[self.stages.loss[0]].spread(y.shape), Ball(
            np.stack([ball.value for ball in mu]),
            np.stack([ball.error for ball in mu]),
            min(ball.grain for ball in mu),
        )


@dataclass(frozen=True)
class OfLowered(Steps):
    """Those of any size: loops over the classes."""

    lowered: Lowered
    shifted: bool = False

    def balls(self, rounding: Rounding, S: Floats, y: Labels, numbers: Numbers) -> Balls:
        own = y == np.arange(len(S))[:, None]
        values = {letter: rounding.number(number) for letter, number in numbers.items()}
        values |= {notation.C: rounding.exact(len(S)), s_a: rounding.exact(S)}
        values[s_y] = rounding.exact(S[y, np.arange(len(y))])
        for reduction in self.lowered.reductions:
            array = rounding.evaluate(reduction.summand, values).spread(S.shape)
            counted = ~own if reduction.over == "other" else np.ones_like(own)
            reduce = rounding.total if reduction.op == "sum" else rounding.greatest
            values[reduction.name] = reduce(array, counted)
        formulas = self.lowered.label, self.lowered.other, self.lowered.loss
        label, other, loss = (rounding.evaluate(formula, values) for formula in formulas)
        value, error = (
            np.where(own, label.value, other.value),
            np.where(own, label.error, other.error),
        )
        return loss.spread(y.shape), Ball(value, error, min(label.grain, other.grain))


def require_right(
    function: Function,
    loss: Loss,
    steps: Steps,
    classes: Sequence[int] = (2, 3),
    width: int | None = None,
    dtype: DTypeLike = np.float64,
) -> None:
    """Raises WrongSource where the function is further from the right answer than rounding may be,
    and ValueError for a loss that has no gradient where it has a value, or that cannot be compared.

    function: a kernel's, for so many classes, and for D = width or any. steps: what its source was
    printed from. dtype: of W and X.
    """
    rounding = Rounding(dtype)
    for more, C in enumerate(classes):
        numbers = {letter: number + more for letter, number in loss.parameters}
        at_numbers = loss
        if numbers:
            at_numbers = loss.where(**{letter.name: value for letter, value in numbers.items()})
        calls = list(batches(at_numbers, C, width))
        S = np.hstack([batch.scores for batch in calls])
        y = np.hstack([batch.y for batch in calls])
        with np.errstate(all="ignore"):
            try:
                right = loss_and_slopes(at_numbers, S, y, rounding)
                code = _code(steps, calls, S, y, rounding, numbers)
            except Unbounded as error:
                raise ValueError(f"{loss.name} cannot be emitted: {error}") from None
            usable = _usable(loss, S, y, right, code)
            both = [own.with_error_of(other) for own, other in zip(right, code, strict=True)]
            for batch, places in _parts(calls, usable):
                expected = means(batch, at_numbers, rounding, *(ball[places] for ball in both))
                found = _answer(function, loss, batch, dtype, numbers)
                _require_near(found, expected, steps.shifted, batch)


def _code(
    steps: Steps,
    calls: Sequence[Batch],
    S: Floats,
    y: Labels,
    rounding: Rounding,
    numbers: Numbers,
) -> Balls:
    """The same of the source's operations; the largest errors, for each class that it may take
    scores relative to.
    """
    ell, mu = steps.balls(rounding, S, y, numbers)
    if not steps.shifted:
        return ell, mu
    squares = [(batch.W**2).sum(axis=1) for batch in calls]
    smallest = np.any([each == each.min() for each in squares], axis=0)
    for row in np.unique(S[smallest], axis=0):
        for_loss, for_mu = steps.balls(rounding, S - row, y, numbers)
        ell, mu = ell.with_error_of(for_loss), mu.with_error_of(for_mu)
    return ell, mu


def _usable(loss: Loss, S: Floats, y: Labels, right: Balls, code: Balls) -> NDArray[np.bool_]:
    """Which of the examples have a value that is known."""
    has_value = np.isfinite(right[0].value)
    has_gradient = np.isfinite(right[1].value).all(axis=0)
    if (has_value & ~has_gradient).any():
        at = int(np.argmax(has_value & ~has_gradient))
        scores = ", ".join(f"{score:g}" for score in S[:, at])
        raise ValueError(
            f"{loss.name} cannot be emitted: its formula has a value but no gradient at "
            f"s = ({scores}), y = {y[at]}"
        )
    errors = [ball.error for pair in (right, code) for ball in pair]
    known = np.all(
        [np.isfinite(e) if e.ndim == 1 else np.isfinite(e).all(0) for e in errors], axis=0
    )
    usable = has_value & known
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


def means(batch: Batch, loss: Loss, rounding: Rounding, ell: Ball, mu: Ball) -> Balls:
    """L and G of a batch, given ℓ and μ: means, with weights and penalty."""
    if loss.weighted:
        weights = rounding.exact(batch.weights)
        ell, mu = rounding.multiply([weights, ell]), rounding.multiply([weights, mu])
    L = rounding.divided(rounding.total(ell), len(batch.y))
    G = rounding.divided(rounding.product(mu, rounding.exact(batch.X)), len(batch.y))
    if loss.penalty is None:
        return L, G
    counted = batch.W.copy()
    counted[:, : 0 if loss.penalty.bias else 1] = 0
    W = rounding.exact(counted)
    factor = rounding.number(loss.penalty.factor * loss.penalty.strength)
    squares = rounding.total(rounding.multiply([W, W]).flat)
    twice = rounding.multiply([rounding.exact(2), factor])
    return (
        rounding.add([L, rounding.multiply([factor, squares])]),
        rounding.add([G, rounding.multiply([twice, W])]),
    )


def _answer(
    function: Function, loss: Loss, batch: Batch, dtype: DTypeLike, numbers: Numbers
) -> tuple[float, Floats]:
    arguments: list[Any] = [batch.W.astype(dtype), batch.X.astype(dtype), batch.y]
    arguments += [batch.weights.astype(dtype)] * loss.weighted
    try:
        L, G = function(*arguments, *map(float, numbers.values()))
        return float(L), np.asarray(G, np.float64)
    except (NoCompiler, CompilationFailed, MemoryError):
        raise
    except Exception as error:
        raise WrongSource(f"the emitted code fails: {error}") from None


def _require_near(found: tuple[float, Floats], right: Balls, shifted: bool, batch: Batch) -> None:
    L, G = (2 * ball.error for ball in right)  # either may be off
    if shifted:
        G = G + np.broadcast_to(G, found[1].shape).sum(axis=0)
    where = f"C = {len(batch.W)}, D = {batch.W.shape[1]}, n = {len(batch.y)}"
    if not abs(found[0] - right[0].value) <= L:
        raise WrongSource(
            f"the emitted code is wrong: its loss is {found[0]:.17g}, not "
            f"{float(right[0].value):.17g}, with {where}"
        )
    expected = right[1].value
    same_shape = found[1].shape == expected.shape
    near = np.abs(found[1] - expected) <= G if same_shape else np.zeros(expected.shape, bool)
    if not near.all():
        raise WrongSource(
            f"the emitted code is wrong: its gradient differs in {np.sum(~near)} of {near.size} "
            f"entries, with {where}"
        )
