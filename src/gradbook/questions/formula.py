"""A formula of the scores, worked out in any arithmetic.

The checks ask one formula several questions: what is its value, how far may rounding take it, is it
exact in any order, where are its kinks. Each question is an arithmetic; `evaluate` walks the
formula once and lets the arithmetic answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Protocol, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray
from sympy import Add, Expr, Mul, Pow, Rational, Symbol

from gradbook.loss import Loss, scores
from gradbook.notation import hinge, step

Floats: TypeAlias = NDArray[np.float64]

T = TypeVar("T")


class Unsuitable(ValueError):
    """A check has no derived answer for this loss, this size or this machine; it says why."""


class Arithmetic(Protocol[T]):
    """What a formula of the scores is made of. A sum or product comes whole, in no order."""

    def number(self, value: Fraction) -> T: ...
    def score(self, a: int) -> T: ...
    def add(self, parts: Sequence[T]) -> T: ...
    def multiply(self, parts: Sequence[T]) -> T: ...
    def hinge(self, u: T) -> T: ...
    def step(self, u: T, at_kink: Fraction) -> T: ...


def evaluate(formula: Expr, classes: int, arithmetic: Arithmetic[T]) -> T:
    """`formula`, an expression of the symbols s_0 … s_{C−1}, in `arithmetic`.

    Raises Unsuitable for anything but sums, products, whole powers, hinges and steps: a bound on
    the rounding of exp or log depends on the library that computes it.
    """
    place = {score: a for a, score in enumerate(scores(classes))}

    def walk(part: Expr) -> T:
        match part:
            case Symbol() if part in place:
                return arithmetic.score(place[part])
            case Rational():
                return arithmetic.number(Fraction(int(part.p), int(part.q)))
            case Add():
                return arithmetic.add([walk(term) for term in part.args])
            case Mul():
                return arithmetic.multiply([walk(factor) for factor in part.args])
            case Pow() if part.exp.is_Integer and part.exp > 0:
                return arithmetic.multiply([walk(part.base)] * int(part.exp))
            case hinge():
                return arithmetic.hinge(walk(part.args[0]))
            case step():
                return arithmetic.step(walk(part.args[0]), _fraction(part.args[1]))
        raise Unsuitable(
            "the loss must be made of scores, rational numbers, sums, products, whole powers, "
            f"hinges and steps for its rounding to be bounded; it contains {part.func.__name__}"
        )

    return walk(formula)


@cache
def formulas(loss: Loss, classes: int, label: int) -> tuple[Expr, tuple[Expr, ...]]:
    """ℓ and μ_0 … μ_{C−1} for one label, differentiated once."""
    return loss.at(classes, label), loss.coefficients(classes, label)


@dataclass(frozen=True)
class Forms:
    """The kinks of a loss for one label, u = A s + b: A is (K, C), b is (K,)."""

    A: Floats
    b: Floats

    def at(self, s: Floats) -> Floats:
        """u at scores of shape (…, C): shape (…, K)."""
        return s @ self.A.T + self.b


@cache
def forms(loss: Loss, classes: int, label: int) -> Forms:
    """The kinks of `loss` as affine forms of the scores. Raises Unsuitable if one is not affine."""
    kinks = [evaluate(u, classes, _Affine(classes)) for u in loss.kinks(classes, label)]
    rows = np.array(kinks, dtype=np.float64).reshape(len(kinks), classes + 1)
    return Forms(rows[:, :-1], rows[:, -1])


def degree(loss: Loss, classes: int, label: int) -> int:
    """The degree of ℓ as a polynomial of the scores inside one region."""
    return evaluate(formulas(loss, classes, label)[0], classes, _Degree())


def why_not_exact(loss: Loss) -> str:
    """Why a loss has no answers that are exact, or within bounds; "" where it has."""
    try:
        degree(loss, 2, 0)
    except Unsuitable as error:
        return str(error)
    return ""


@dataclass(frozen=True)
class _Affine:
    """An affine form is its C coefficients followed by its constant."""

    classes: int

    def number(self, value: Fraction) -> Floats:
        return np.append(np.zeros(self.classes), float(value))

    def score(self, a: int) -> Floats:
        return np.eye(self.classes + 1)[a]

    def add(self, parts: Sequence[Floats]) -> Floats:
        return np.sum(parts, axis=0)

    def multiply(self, parts: Sequence[Floats]) -> Floats:
        factor = np.prod([part[-1] for part in parts if not part[:-1].any()])
        varying = [part for part in parts if part[:-1].any()]
        if len(varying) > 1:
            raise Unsuitable("a kink of the loss must be an affine form of the scores")
        return factor * (varying[0] if varying else self.number(Fraction(1)))

    def hinge(self, u: Floats) -> Floats:
        raise Unsuitable(
            "a kink of the loss must be an affine form of the scores, not a nested one"
        )

    def step(self, u: Floats, at_kink: Fraction) -> Floats:
        return self.hinge(u)


class _Degree:
    """Degrees: the largest of a sum, the sum of a product."""

    def number(self, value: Fraction) -> int:
        return 0

    def score(self, a: int) -> int:
        return 1

    def add(self, parts: Sequence[int]) -> int:
        return max(parts)

    def multiply(self, parts: Sequence[int]) -> int:
        return sum(parts)

    def hinge(self, u: int) -> int:
        return u

    def step(self, u: int, at_kink: Fraction) -> int:
        return 0


def _fraction(value: Expr) -> Fraction:
    number = Rational(value)
    return Fraction(int(number.p), int(number.q))
