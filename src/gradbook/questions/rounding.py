"""How far rounding may take a right kernel: bounds that are derived, and nothing chosen to fit.

The standard model (Higham, Accuracy and Stability of Numerical Algorithms, 2nd ed., 2002, §2.2):
every operation commits a relative error of at most the unit roundoff u. A term that passes through
at most k operations is off by at most γ_k = k u / (1 − k u) of its size (§3.1, Lemma 3.1). So for a
sum of products it is enough to know, *whatever the order of summation*,

    |computed − exact| ≤ γ_k Σ|terms|,    k the most operations that any one term can pass through.

What a kernel is free to do, and what is counted for it:

- A score W_a x̃ is D products and D − 1 additions: at most D operations on a term. A margin may be
  summed in one go, over the products of both scores and the constant (2D + 1 terms), or as
  (W_j − W_y) x̃ + 1, which takes fewer; the count is for the one sum.
- A hinge is a barrier: no kernel can add what is beyond it before it knows its sign. |max(0, û) −
  max(0, u)| ≤ |û − u|, and past the barrier only the further additions count. They are counted as
  though each score in the hinge were added alone, as in ℓ = Σ_a μ_a s_a + (number of active terms).
- An indicator 1{u > 0} is exact, or it flips: it can flip only where |u| is within the rounding
  error of u, and there the bound grows by its whole jump, 1. (The float64 value that decides
  "where" is itself computed, so that float64's own error in u is added.)
- The mean may divide a sum by n, or multiply any part of it by a rounded 1/n: two operations.
- Scores may be taken relative to the class c whose row of W is the smallest, as (W_a − W_c) x̃: the
  terms of W_c x̃ are then terms of every score, and pass through one operation more. The row c of
  the gradient may be computed from the others, by Σ_a μ_a = 0: what these are off by adds up.

What is not covered: scores relative to any other class; overflow and underflow, from which the
checks keep away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import DTypeLike

from gradbook.loss import Loss
from gradbook.questions.formula import Floats, evaluate, formulas

#: The operations of a mean: rounding 1/n, and multiplying by it.
_MEAN = 2

#: A bound is a sum of positive float64 numbers, and off by a few 10⁻¹² of itself at most.
_BOUND_ROUNDED_UP = 1 + 1e-9


def unit_roundoff(dtype: DTypeLike) -> float:
    """u: 2⁻⁵³ for float64, 2⁻²⁴ for float32."""
    return float(np.finfo(dtype).eps) / 2


def gamma(k: int | Floats, unit: float) -> float | Floats:
    """γ_k = k u / (1 − k u), Higham 2002 §3.1. Raises ValueError unless k u < 1."""
    if np.max(k, initial=0) * unit >= 1:
        raise ValueError(f"k must be less than 1/u = {1 / unit:.3g}, not {np.max(k)}")
    return k * unit / (1 - k * unit)


def operations(C: int, D: int, n: int) -> int:
    """More than a term passes through in any sensible way to a loss of so many classes, features
    and examples, or to its gradient.
    """
    return 8 * (C + D + n) + 64


@dataclass(frozen=True)
class Rounded:
    """A float64 answer, and how far from the *exact* answer a right kernel may be.

    loss, loss_error: numbers. gradient, gradient_error: (C, D).
    `own_loss_error` and `own_gradient_error` say the same of this float64 answer itself.
    """

    loss: float
    loss_error: float
    own_loss_error: float
    gradient: Floats
    gradient_error: Floats
    own_gradient_error: Floats


def rounded(loss: Loss, W: Floats, X: Floats, y: np.ndarray, dtype: DTypeLike) -> Rounded:
    """Loss and gradient in float64, and bounds for a kernel that computes in `dtype`.

    W: (C, D), X: (n, D), y: (n,). Raises Unsuitable for a loss whose rounding is not bounded.
    """
    unit, double = unit_roundoff(dtype), unit_roundoff(np.float64)
    n = len(y)
    total = _total_loss(loss, W, X, y, unit)
    mu = _coefficients(loss, W, X, y, unit)
    size = (mu.size + mu.slack).T @ np.abs(X) / n
    slack = mu.slack.T @ np.abs(X) / n
    # One operation more for the product with x̃, and the mean's.
    operations = (mu.inside + mu.terms + 1 + _MEAN)[:, None]

    def error(unit: float) -> Floats:
        own = gamma(operations, unit) * size + slack
        others = gamma(operations.max() + len(W), unit) * size.sum(0) + slack.sum(0)
        return np.where(_smallest_rows(W)[:, None], others, own) * _BOUND_ROUNDED_UP

    return Rounded(
        loss=float(total.value) / n,
        loss_error=float(total.error(unit, _MEAN)) / n,
        own_loss_error=float(total.error(double, _MEAN)) / n,
        gradient=mu.value.T @ X / n,
        gradient_error=error(unit),
        own_gradient_error=error(double),
    )


def loss_error(loss: Loss, W: Floats, X: Floats, y: np.ndarray, dtype: DTypeLike) -> Floats:
    """The bound on the rounding of the mean loss alone, for weights of shape (…, C, D): (…)."""
    unit = unit_roundoff(dtype)
    return np.asarray(_total_loss(loss, W, X, y, unit).error(unit, _MEAN)) / len(y)


@dataclass(frozen=True)
class Ball:
    """A quantity in float64, and what a kernel's rounding may do to it.

    value: the quantity. size: Σ|terms| of it, all signs made positive, surely inactive hinges left
    out. slack: what indicators that may flip can change. The operations on one term are `inside` up
    to the last barrier and at most `terms` since; `leaves` counts a score as one.
    """

    value: Floats
    size: Floats
    slack: Floats
    inside: int
    terms: int
    leaves: int

    def error(self, unit: float, more: int = 0) -> Floats:
        """The bound on |computed − exact|, with `more` operations at the end."""
        relative = gamma(self.inside + self.terms + more, unit)
        return (relative * (self.size + self.slack) + self.slack) * _BOUND_ROUNDED_UP


@dataclass(frozen=True)
class Balls:
    """Formulas of the scores in balls.

    value, size: (…, C). operations: on one term of a score. unit: the kernel's u.
    """

    value: Floats
    size: Floats
    operations: int
    unit: float

    def number(self, value: Fraction) -> Ball:
        # A factor ±2^k rounds nothing; another binary fraction once; any other is rounded itself.
        whole, power = abs(value.numerator), value.denominator
        dyadic = power & (power - 1) == 0
        rounds = 2 if not dyadic else int(whole & (whole - 1) != 0)
        number = np.array(float(value))
        return Ball(number, np.abs(number), np.zeros(()), 0, rounds, rounds)

    def score(self, a: int) -> Ball:
        value = self.value[..., a]
        return Ball(value, self.size[..., a], np.zeros_like(value), 0, self.operations, 1)

    def add(self, parts: Sequence[Ball]) -> Ball:
        return Ball(
            value=_sum(part.value for part in parts),
            size=_sum(part.size for part in parts),
            slack=_sum(part.slack for part in parts),
            inside=max(part.inside for part in parts),
            terms=sum(max(1, part.terms) for part in parts),
            leaves=sum(max(1, part.leaves) for part in parts),
        )

    def multiply(self, parts: Sequence[Ball]) -> Ball:
        product, *others = parts
        for part in others:
            product = Ball(
                value=product.value * part.value,
                size=product.size * part.size,
                slack=product.slack * (part.size + part.slack) + product.size * part.slack,
                inside=product.inside + part.inside,
                # Multiplied out, or factor by factor: this is at least as much as either.
                terms=(1 + product.terms) * (1 + part.terms) - 1,
                leaves=(1 + product.leaves) * (1 + part.leaves) - 1,
            )
        return product

    def hinge(self, u: Ball) -> Ball:
        possible = u.value > -self._doubt(u)
        return Ball(
            value=np.maximum(u.value, 0),
            size=np.where(possible, u.size, 0),
            slack=np.where(possible, u.slack, 0),
            inside=u.inside + u.terms,
            terms=u.leaves,
            leaves=u.leaves,
        )

    def step(self, u: Ball, at_kink: Fraction) -> Ball:
        c = float(at_kink)
        value = np.where(u.value > 0, 1.0, np.where(u.value == 0, c, 0.0))
        jump = np.max([abs(value - other) for other in (0.0, c, 1.0)], axis=0)
        doubtful = np.abs(u.value) <= self._doubt(u)
        size = np.where(doubtful, max(abs(c), 1), np.abs(value))
        return Ball(value, size, np.where(doubtful, jump, 0.0), 0, 0, 0)

    def _doubt(self, u: Ball) -> Floats:
        """How far the u that the kernel sees may be from the u that is computed here."""
        return u.error(self.unit) + u.error(unit_roundoff(np.float64))


def _sum(arrays: Iterable[Floats]) -> Floats:
    """The sum of arrays whose shapes broadcast."""
    total = np.zeros(())
    for array in arrays:
        total = total + array
    return total


@dataclass(frozen=True)
class _Coefficients:
    """μ of every example: value, size and slack are (n, C); inside and terms, over all, (C,)."""

    value: Floats
    size: Floats
    slack: Floats
    inside: np.ndarray
    terms: np.ndarray


def _by_label(
    loss: Loss, W: Floats, X: Floats, y: np.ndarray, unit: float
) -> Iterator[tuple[int, np.ndarray, Balls]]:
    """For each label that occurs: its examples' places, and their scores as balls."""
    for label in np.unique(y):
        places = np.flatnonzero(y == label)
        examples = X[places].T
        s = np.swapaxes(W @ examples, -1, -2)
        sizes = np.swapaxes(np.abs(W) @ np.abs(examples), -1, -2)
        relative = np.where(_smallest_rows(W)[..., None, :], sizes, 0).max(-1, keepdims=True)
        # A difference of two weights, their product with x̃, and the sum.
        yield int(label), places, Balls(s, sizes + relative, X.shape[-1] + 1, unit)


def _smallest_rows(W: Floats) -> np.ndarray:
    """Which rows of W have the smallest 2-norm, or one that rounding may take for it: (…, C)."""
    squares = (W**2).sum(-1)
    return np.asarray(squares <= squares.min(-1, keepdims=True) * (1 + 1e-5))


def _total_loss(loss: Loss, W: Floats, X: Floats, y: np.ndarray, unit: float) -> Ball:
    """Σ_i ℓ_i for weights of shape (…, C, D), as one sum."""
    parts = []
    for label, places, balls in _by_label(loss, W, X, y, unit):
        ball = evaluate(formulas(loss, W.shape[-2], label)[0], W.shape[-2], balls)
        shape = balls.value.shape[:-1]
        parts.append(
            Ball(
                value=np.broadcast_to(ball.value, shape).sum(-1),
                size=np.broadcast_to(ball.size, shape).sum(-1),
                slack=np.broadcast_to(ball.slack, shape).sum(-1),
                inside=ball.inside,
                terms=len(places) * max(1, ball.terms),
                leaves=len(places) * max(1, ball.leaves),
            )
        )
    return balls.add(parts)


def _coefficients(loss: Loss, W: Floats, X: Floats, y: np.ndarray, unit: float) -> _Coefficients:
    classes = len(W)
    value, size, slack = np.zeros((3, len(y), classes))
    inside, terms = np.zeros((2, classes), dtype=int)
    for label, places, balls in _by_label(loss, W, X, y, unit):
        for a, formula in enumerate(formulas(loss, classes, label)[1]):
            ball = evaluate(formula, classes, balls)
            value[places, a], size[places, a] = ball.value, ball.size
            slack[places, a] = ball.slack
            inside[a] = max(inside[a], ball.inside)
            terms[a] += len(places) * max(1, ball.terms)
    return _Coefficients(value, size, slack, inside, terms)
