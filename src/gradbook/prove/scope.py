"""What can be decided: polynomials, with rational coefficients, in letters, hinges and steps.

Everything else is turned away before anything is worked out, with the reason in words. SymPy lets
more through than is true: 1/s − 1/s is 0 to it also where s is 0, and 0.1 s + 0.2 s is not 0.3 s.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from sympy import Add, Basic, Float, Mul, Pow, Rational, Symbol, false

from gradbook.case import Case
from gradbook.claim import Claim
from gradbook.notation import hinge, partial, step

Batch = tuple[Case, ...]
Letters = frozenset[Symbol]


@dataclass(frozen=True, eq=False)
class Scope:
    """The letters of the cases at hand. A score stands for a product of weights and features."""

    weights: Letters
    scores: Letters
    others: Letters

    @property
    def letters(self) -> Letters:
        return self.weights | self.scores | self.others


def why_not(claim: Claim, batch: Batch) -> str | None:
    """Why the claim is not of the kind that can be decided; None where it is."""
    scope = _scope(tuple(replace(case, y=0) for case in batch))  # one for all labels
    for condition in claim.given:
        if condition == false:
            return "its conditions never hold"
        if not condition.is_Relational:
            return f"the condition {condition} is not a comparison"
    parts = [*claim.left, *claim.right, *(side for c in claim.given for side in c.args)]
    return next(filter(None, (_outside(part, scope) for part in parts)), None)


@lru_cache(maxsize=1024)
def _scope(batch: Batch) -> Scope:
    return Scope(
        weights=frozenset(batch[0].W),
        scores=frozenset(score for case in batch for score in case.s),
        others=frozenset(t for case in batch for t in case.x[1:, :]).union(batch[0].s_prime),
    )


@lru_cache(maxsize=100_000)
def _outside(expr: Basic, scope: Scope) -> str | None:
    """The first part of `expr` that is out of scope, in words."""
    match expr:
        case Symbol():
            if expr in scope.letters:
                return None
            return f"{expr} is not one of the letters W, x̃ and s of the case"
        case Rational():
            return None
        case Float():
            return f"{float(expr):g} is not exact: write it as a Rational"
        case Pow(base=base, exp=exponent) if exponent.is_Integer and exponent > 0:
            parts = (base,)
        case Add() | Mul():
            parts = expr.args
        case hinge(args=(u, at_kink)) | step(args=(u, at_kink)):
            if not at_kink.is_Rational:
                return f"the value {at_kink} at the kink of {expr} is not a rational number"
            parts = (u,)
        case partial(args=(f, v)):
            return _outside(f, scope) or _outside_derivative(f, v, scope)
        case _:
            return f"{expr} is not made of sums, products, whole powers, max(0, u) and indicators"
    return next(filter(None, (_outside(part, scope) for part in parts)), None)


def _outside_derivative(f: Basic, v: Basic, scope: Scope) -> str | None:
    if not isinstance(v, Symbol) or v not in scope.letters:
        return f"∂/∂{v} is not a derivative with respect to a letter of the case"
    if f.has(partial):
        return f"∂/∂{v} of a derivative is not worked out"
    if v in scope.scores and scope.weights & f.free_symbols:
        return f"∂/∂{v} is not clear where the formula has weights as well as scores: {f}"
    return None
