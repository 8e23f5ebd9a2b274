"""Sums over the classes, the features and the examples."""

from __future__ import annotations

from typing import Any

from sympy import Expr, Integer, Piecewise, Sum, Symbol, true

from gradbook.any_size.conditions import indicator_of
from gradbook.any_size.letters import CLASSES, EXAMPLES, FEATURES, i, n
from gradbook.notation import unequal


def over_classes(index: Symbol, summand: Any, besides: Expr | None = None) -> Expr:
    """Σ_index summand, over all classes, or over all `besides` one: Σ_{j≠y} for besides = y."""
    mask = 1 if besides is None else unequal(index, besides)
    return Sum(mask * without_cases(summand), CLASSES.over(index))


def over_features(index: Symbol, summand: Any) -> Expr:
    """Σ_index summand, over the entries 0 … m of x̃."""
    return Sum(without_cases(summand), FEATURES.over(index))


def mean(summand: Any, index: Symbol = i) -> Expr:
    """(1/n) Σ_index summand, over the examples."""
    return Sum(without_cases(summand), EXAMPLES.over(index)) / n


def without_cases(formula: Any) -> Any:
    """The formula with 1{…} in place of a Piecewise about indices.

    SymPy moves a Piecewise out of a Σ, out of an inner one too, and the index of that is then free.
    """

    def written(cases: Piecewise) -> Expr:
        if cases.args[-1][1] != true:
            return cases
        found, otherwise = Integer(0), Integer(1)
        for result, given in cases.args:
            found += result * otherwise * indicator_of(given)
            otherwise *= 1 - indicator_of(given)
        return found

    if not isinstance(formula, Expr) or not formula.has(Piecewise):
        return formula
    return formula.replace(lambda part: isinstance(part, Piecewise), written)
