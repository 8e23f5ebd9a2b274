"""What is proved of a loss for any C before code relies on it.

Both proofs are by `any_size.decide`: two formulas with one canonical form are equal, for any number
of classes, every label and all real scores, kinks included, where they have the declared values.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from sympy import Basic, Expr, Indexed, Integer, Sum, Symbol, expand_log

from gradbook import notation
from gradbook.any_size.canonical import canonical
from gradbook.any_size.decide import is_zero
from gradbook.any_size.letters import CLASSES, a
from gradbook.any_size.limits import with_usual_limits
from gradbook.loss import Loss
from gradbook.notation import step

t = Symbol("t", real=True)

#: More indicators than this in one coefficient are not tried: two values for each.
INDICATORS = 8


@dataclass(frozen=True)
class Fact:
    """A statement that holds of a loss for every C ≥ 2, every y and all real scores.

    name:      what it is asked for by.
    statement: in the letters of the page.
    proof:     how it was proved.
    values:    for "integer coefficients", the integers.
    """

    name: str
    statement: str
    proof: str
    values: tuple[int, ...] = ()

    def __str__(self) -> str:
        return f"{self.statement} · {self.proof}"


def facts_of(loss: Loss, mu: Expr, other: Expr) -> Iterator[Fact]:
    """Those facts that could be proved. mu: μ_a of any class; other: for a ≠ y, in s_a and s_y."""
    if is_zero(Sum(mu, CLASSES.over(a))):
        yield Fact("coefficients sum to zero", "Σ_a μ_a = 0", "the canonical form of Σ_a μ_a is 0")
    if _is_shift_invariant(with_usual_limits(loss.formula)):
        yield Fact(
            "shift invariant",
            "ℓ(s + t·𝟙) = ℓ(s) for every real t",
            "the two sides have one canonical form",
        )
    if (values := _integer_values(other)) is not None:
        listed = ", ".join(map(str, values))
        yield Fact(
            "integer coefficients",
            f"μ_a ∈ {{{listed}}} for every a ≠ y",
            "every choice of 0 or 1 for each indicator in μ_a",
            values,
        )


def _is_shift_invariant(formula: Expr) -> bool:
    shifted = formula.replace(_is_score, lambda score: score + t)
    # e^t leaves a logarithm: the rest of its argument is positive where the loss is real.
    without_t = expand_log(canonical(shifted), force=True)
    return is_zero(without_t - expand_log(canonical(formula), force=True))


def _is_score(part: Basic) -> bool:
    return isinstance(part, Indexed) and part.base == notation.s


def _integer_values(other: Expr) -> tuple[int, ...] | None:
    """The values of μ_a for a ≠ y, if it is made of indicators alone and has only integers."""
    indicators = sorted((part for part in other.atoms(step)), key=str)
    choices = [sorted({Integer(0), part.args[1], Integer(1)}, key=str) for part in indicators]
    if len(indicators) > INDICATORS:
        return None
    found = {
        other.xreplace(dict(zip(indicators, values, strict=True))) for values in product(*choices)
    }
    if not all(value.is_Integer for value in found):
        return None
    return tuple(sorted(int(value) for value in found))
