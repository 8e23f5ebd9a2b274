"""What is proved of a loss for any C before code relies on it.

Both proofs are by `any_size.decide`: two formulas with one canonical form are equal, for any number
of classes, every label and all real scores, kinks included, where they have the declared values.
"""

from __future__ import annotations

from collections.abc import Callable
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
from gradbook.prove.expansion import TooLarge

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


def coefficients_sum_to_zero(mu: Expr) -> Fact | None:
    """Σ_a μ_a = 0, if that is proved. mu: μ_a of any class."""
    if not _is_proved(lambda: Sum(mu, CLASSES.over(a))):
        return None
    proof = "the canonical form of Σ_a μ_a is 0"
    return Fact("coefficients sum to zero", "Σ_a μ_a = 0", proof)


def shift_invariant(loss: Loss) -> Fact | None:
    """ℓ(s + t·𝟙) = ℓ(s), if that is proved."""
    formula = with_usual_limits(loss.formula)
    if not _is_proved(lambda: _shifted(formula) - expand_log(canonical(formula), force=True)):
        return None
    statement = "ℓ(s + t·𝟙) = ℓ(s) for every real t"
    return Fact("shift invariant", statement, "the two sides have one canonical form")


def integer_coefficients(other: Expr) -> Fact | None:
    """The integers that μ_a is one of, if that is proved. other: μ_a for a ≠ y, in s_a and s_y."""
    values = _integer_values(other)
    if values is None:
        return None
    listed = ", ".join(map(str, values))
    return Fact(
        "integer coefficients",
        f"μ_a ∈ {{{listed}}} for every a ≠ y",
        "every choice of 0 or 1 for each indicator in μ_a",
        values,
    )


def _is_proved(expr: Callable[[], Expr]) -> bool:
    """Whether the form of an expression is 0; one whose form is too large to be had may be."""
    try:
        return is_zero(expr())
    except (TooLarge, RecursionError):
        return False


def _shifted(formula: Expr) -> Expr:
    """ℓ(s + t·𝟙). e^t leaves a logarithm: the rest of its argument is positive where ℓ is real."""
    return expand_log(canonical(formula.replace(_is_score, lambda score: score + t)), force=True)


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
