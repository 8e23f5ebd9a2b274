"""A loss and its slopes at given scores, by dual numbers: nothing is derived.

A second way to the gradient, which shares no rule of differentiation with the derivation for any
size, nor with SymPy's of one size: each number carries its derivative by every score, and sums run
over the class numbers. Every number is a `Ball`, so that it is known how exact the answer is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sympy import Add, Basic, Expr, Function, Indexed, Integer, Mul, Pow, Sum, Symbol, log

from gradbook import notation
from gradbook.emit.rounding import EXACT, Ball, Floats, Labels, Rounding, Unbounded
from gradbook.loss import Loss
from gradbook.notation import hinge, step

#: A function's argument, in its derivative.
u = Symbol("u", real=True)


@dataclass(frozen=True)
class Dual:
    """value: (P,), at P points. slope: (C, P), by each score, or None where it is 0."""

    value: Ball
    slope: Ball | None = None

    def where(self, counted: NDArray[np.bool_]) -> Dual:
        """The same at some of the points, and 0 at the others."""
        return Dual(self.value.where(counted), self.slope and self.slope.where(counted))


def loss_and_slopes(loss: Loss, S: Floats, y: Labels, rounding: Rounding) -> tuple[Ball, Ball]:
    """ℓ (P,) and μ (C, P) of a loss without letters, at the scores S (C, P) and the labels y (P,).

    Raises rounding.Unbounded for a function that is not known here.
    """
    with np.errstate(all="ignore"):
        found = _Evaluation(rounding, S, y).of(loss.formula, {})
    zero = Ball(EXACT, EXACT, 1.0)
    return found.value.spread(y.shape), (found.slope or zero).spread(S.shape)


def sides_of_kinks(loss: Loss, S: Floats, y: Labels) -> NDArray[np.float64]:
    """(K, P): −1, 0 or 1 for each hinge and step that is met, at P examples."""
    evaluation = _Evaluation(Rounding(np.float64), S, y, sloped=False)
    with np.errstate(all="ignore"):
        evaluation.of(loss.formula, {})
    return np.array([np.broadcast_to(np.sign(u), y.shape) for u in evaluation.kinks] or [0 * y])


class _Evaluation:
    """The formula at the scores S (C, P) and the labels y (P,)."""

    def __init__(self, rounding: Rounding, S: Floats, y: Labels, sloped: bool = True) -> None:
        self.rounding, self.S, self.y, self.sloped = rounding, S, y, sloped
        #: Sums in which no index of another sum occurs.
        self.known: dict[Sum, Dual] = {}
        #: The arguments of hinges and steps.
        self.kinks: list[Floats] = []
        self.labels, self.place_of_label = np.unique(y, return_inverse=True)

    def of(self, expr: Basic, indices: Mapping[Basic, Expr]) -> Dual:
        match expr:
            case Sum() if expr.free_symbols.isdisjoint(indices):
                if expr not in self.known:
                    self.known[expr] = self.sum(expr, {})
                return self.known[expr]
            case Sum():
                return self.sum(expr, indices)
            case Indexed():
                return self.score(self.whole(expr.indices[0], indices))
        if not expr.has(Sum, Indexed):
            return Dual(self.number(expr, indices))
        return self.operation(expr, [self.of(part, indices) for part in expr.args])

    def for_each_label(self, expr: Expr, indices: Mapping[Basic, Expr]) -> list[Expr]:
        """A formula without scores in numbers; one of which the label is no part, once."""
        at_indices = expr.xreplace({notation.C: Integer(len(self.S)), **indices})
        if notation.y not in at_indices.free_symbols:
            return [at_indices]
        return [at_indices.xreplace({notation.y: Integer(label)}) for label in self.labels]

    def number(self, expr: Expr, indices: Mapping[Basic, Expr]) -> Ball:
        balls = [self.rounding.number(each) for each in self.for_each_label(expr, indices)]
        if len(balls) == 1:
            return balls[0]
        value, error = ([getattr(ball, of) for ball in balls] for of in ("value", "error"))
        grain = min(ball.grain for ball in balls)
        return Ball(np.array(value), np.array(error), grain)[self.place_of_label]

    def whole(self, expr: Expr, indices: Mapping[Basic, Expr]) -> Labels:
        """A place among the scores, for every example."""
        found = np.array([int(each) for each in self.for_each_label(expr, indices)])
        return found[self.place_of_label if len(found) > 1 else 0 * self.y]

    def score(self, places: Labels) -> Dual:
        outside = places[(places < 0) | (places >= len(self.S))]
        if len(outside):
            raise ValueError(f"the formula asks for the score s[{outside[0]}]")
        value = self.rounding.exact(self.S[places, np.arange(len(places))])
        if not self.sloped:
            return Dual(value)
        own = places == np.arange(len(self.S))[:, None]
        return Dual(value, Ball(own.astype(np.float64), EXACT, 1.0))

    def sum(self, expr: Sum, indices: Mapping[Basic, Expr]) -> Dual:
        *inner, (index, *limits) = expr.limits  # the limits of the outermost sum come last
        first, last = (self.whole(limit, indices) for limit in limits)
        summand = Sum(expr.function, *inner) if inner else expr.function
        terms = []
        for j in range(int(first.min()), int(last.max()) + 1):
            term = self.of(summand, {**indices, index: Integer(j)})
            counted = (first <= j) & (j <= last)
            terms.append(term if counted.all() else term.where(counted))
        return self.add(terms) if terms else Dual(self.rounding.number(Integer(0)))

    def operation(self, expr: Basic, parts: Sequence[Dual]) -> Dual:
        if isinstance(expr, hinge | step):
            self.kinks.append(parts[0].value.value)
        match expr:
            case Add():
                return self.add(parts)
            case Mul():
                return self.multiply(parts)
            case Pow():
                return self.power(*parts)
            case step():
                return Dual(self.rounding.step(parts[0].value, expr.args[1]))
            case hinge():
                slope = self.rounding.step(parts[0].value, expr.args[1])
                return self.chained(self.rounding.hinge(parts[0].value), slope, parts[0])
            case Function() if len(parts) == 1:
                value, derivative = expr.func(u), expr.func(u).diff(u)
                values = {u: parts[0].value}
                value, slope = (self.rounding.evaluate(f, values) for f in (value, derivative))
                return self.chained(value, slope, parts[0])
        raise Unbounded(f"the rounding of {expr.func.__name__} is not bounded")

    def chained(self, value: Ball, slope: Ball, inner: Dual) -> Dual:
        """f(g) with f′(g) g′."""
        if inner.slope is None:
            return Dual(value)
        return Dual(value, self.rounding.multiply([slope, inner.slope]))

    def add(self, parts: Sequence[Dual]) -> Dual:
        slopes = [part.slope for part in parts if part.slope is not None]
        value = self.rounding.add([part.value for part in parts])
        return Dual(value, self.rounding.add(slopes) if slopes else None)

    def multiply(self, parts: Sequence[Dual]) -> Dual:
        values = [part.value for part in parts]
        terms = [
            self.rounding.multiply([*values[:i], *values[i + 1 :], part.slope])
            for i, part in enumerate(parts)
            if part.slope is not None
        ]
        value = self.rounding.multiply(values)
        return Dual(value, self.rounding.add(terms) if terms else None)

    def power(self, base: Dual, exponent: Dual) -> Dual:
        """b^e, with the slope e b^(e − 1) b′; where e has a slope, it is exp(e log b)."""
        value = self.rounding.power(base.value, exponent.value)
        if exponent.slope is None:
            less = self.rounding.add([exponent.value, self.rounding.number(Integer(-1))])
            slope = [exponent.value, self.rounding.power(base.value, less)]
            return self.chained(value, self.rounding.multiply(slope), base)
        logarithm = self.rounding.evaluate(log(u), {u: base.value})
        terms = [self.rounding.multiply([value, logarithm, exponent.slope])]
        if base.slope is not None:
            inverse = self.rounding.power(base.value, self.rounding.number(Integer(-1)))
            terms.append(self.rounding.multiply([value, exponent.value, inverse, base.slope]))
        return Dual(value, self.rounding.add(terms))
