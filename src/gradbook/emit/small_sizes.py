"""The lowered form against the loss itself, written out for two and for three classes.

`Loss.coefficients` differentiates the formula of so many classes, score by score; it shares no rule
with the derivation for any C. Both are computed at every combination of small whole scores: nearly
half of these have a margin of exactly 0. Rational formulas are compared exactly, others in fifty
digits. A lowering that differs anywhere is a defect here, and no code is printed from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import mpmath
from sympy import Expr, Rational, Symbol, lambdify
from sympy.printing.lambdarepr import LambdaPrinter

from gradbook.any_size.numbers import is_rational, precise, same
from gradbook.loss import Loss, scores

SIZES = (2, 3)
SCORES = (-2, -1, 0, 1, 2)

Formulas = Callable[[int, int], tuple[Expr, ...]]


def difference(loss: Loss, lowered: Formulas) -> str:
    """Where (ℓ, μ_0, …) for so many classes and a label is not the loss's own; "" for nowhere."""
    return next(_differences(loss, lowered), "")


def _differences(loss: Loss, lowered: Formulas) -> Iterator[str]:
    for classes in SIZES:
        for label in range(classes):
            own = (loss.at(classes, label), *loss.coefficients(classes, label))
            for numbers in _numbers(loss):
                yield from _differences_at(
                    classes,
                    label,
                    [formula.xreplace(numbers) for formula in own],
                    [formula.xreplace(numbers) for formula in lowered(classes, label)],
                )


def _numbers(loss: Loss) -> tuple[dict[Symbol, Expr], ...]:
    """Numbers for the parameters: those that they are unless told otherwise, and others."""
    usual = dict(loss.parameters)
    return (usual, {letter: number + 1 for letter, number in usual.items()}) if usual else ({},)


def _differences_at(
    classes: int, label: int, own: Sequence[Expr], lowered: Sequence[Expr]
) -> Iterator[str]:
    expected, found = _function(classes, own), _function(classes, lowered)
    for point in product(SCORES, repeat=classes):
        try:
            values = expected(point)
        except (ValueError, ZeroDivisionError):  # the loss has no value there
            continue
        for name, left, right in zip(_names(), values, found(point), strict=False):
            if not same(left, right):
                yield f"{name} is {left}, not {right}, at s = {point} and y = {label}"


def _names() -> Iterator[str]:
    yield "ℓ"
    yield from (f"μ_{a}" for a in range(max(SIZES)))


def _function(classes: int, formulas: Sequence[Expr]) -> Callable[[Sequence[int]], Sequence[Any]]:
    """The values of the formulas at given scores."""
    number = Fraction if all(map(is_rational, formulas)) else _mpf
    meaning = {
        "hinge": lambda u, at_kink: u if u > 0 else 0 * u,
        "step": lambda u, at_kink: (u > 0) + (u == 0) * number(at_kink),
        "Rational": number,
    }
    modules = [meaning, "mpmath"]
    compute = lambdify(scores(classes), formulas, modules=modules, printer=RationalPrinter())

    def values(point: Sequence[int]) -> Sequence[Any]:
        with precise():
            found: Sequence[Any] = compute(*map(number, point))
        return found

    return values


def _mpf(numerator: int | Fraction, denominator: int = 1) -> Any:
    return mpmath.mpf(numerator) / denominator


class RationalPrinter(LambdaPrinter):
    """Rationals stay rational: 1/2 is printed as Rational(1, 2), not as 0.5."""

    def __init__(self) -> None:
        super().__init__({"fully_qualified_modules": False, "allow_unknown_functions": True})

    def _print_Rational(self, expr: Rational) -> str:
        return f"Rational({expr.p}, {expr.q})"
