"""A loss and its slopes at given scores, by dual numbers: nothing is derived.

A second way to the gradient, which shares no rule of differentiation with the derivation for any
size, nor with SymPy's of one size: each number carries its derivative by every score, and sums run
over the class numbers. Every number is a `Ball`, so that it is known how exact the answer is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sympy import Add, Basic, Expr, Function, Indexed, Integer, Mul, Pow, Sum, Symbol, log

from gradbook import notation
from gradbook.emit.rounding import EXACT, Ball, Floats, Rounding, Unbounded
from gradbook.loss import Loss
from gradbook.notation import hinge, step

#: A function's argument, in its derivative.
u = Symbol("u", real=True)


@dataclass(frozen=True)
class Dual:
    """value: (P,), at P points. slope: (C, P), by each score, or None where it is 0."""

    value: Ball
    slope: Ball | None = None


def loss_and_slopes(loss: Loss, S: Floats, label: int, rounding: Rounding) -> tuple[Ball, Ball]:
    """ℓ (P,) and μ (C, P) of a loss without letters, at the scores S (C, P), for one label.

    Raises rounding.Unbounded for a function that is not known here.
    """
    with np.errstate(all="ignore"):
        found = _Evaluation(rounding, S, label).of(loss.formula, {})
    zero = Ball(EXACT, EXACT, 1.0)
    return found.value.spread(S.shape[1:]), (found.slope or zero).spread(S.shape)


class _Evaluation:
    """The formula at the scores S (C, P), for one label."""

    def __init__(self, rounding: Rounding, S: Floats, label: int) -> None:
        self.rounding = rounding
        #: Sums in which no index of another sum occurs.
        self.known: dict[Sum, Dual] = {}
        self.numbers = {notation.C: Integer(len(S)), notation.y: Integer(label)}
        self.scores = [
            Dual(rounding.exact(s), Ball(own[:, None], EXACT, 1.0))
            for s, own in zip(S, np.eye(len(S)), strict=True)
        ]

    def of(self, expr: Basic, indices: Mapping[Basic, Expr]) -> Dual:
        letters = {**self.numbers, **indices}
        match expr:
            case Sum() if expr.free_symbols.isdisjoint(indices):
                if expr not in self.known:
                    self.known[expr] = self.sum(expr, {})
                return self.known[expr]
            case Sum():
                return self.sum(expr, indices)
            case Indexed():
                place = expr.indices[0].xreplace(letters)
                if not 0 <= place < len(self.scores):
                    raise ValueError(f"the formula asks for the score s[{place}]")
                return self.scores[int(place)]
        if not expr.has(Sum, Indexed):
            return Dual(self.rounding.number(expr.xreplace(letters)))
        return self.operation(expr, [self.of(part, indices) for part in expr.args])

    def sum(self, expr: Sum, indices: Mapping[Basic, Expr]) -> Dual:
        *inner, (index, *limits) = expr.limits  # the limits of the outermost sum come last
        letters = {**self.numbers, **indices}
        first, last = (int(limit.xreplace(letters)) for limit in limits)
        summand = Sum(expr.function, *inner) if inner else expr.function
        terms = [self.of(summand, {**indices, index: Integer(j)}) for j in range(first, last + 1)]
        return self.add(terms) if terms else Dual(self.rounding.number(Integer(0)))

    def operation(self, expr: Basic, parts: Sequence[Dual]) -> Dual:
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
