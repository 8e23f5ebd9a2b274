"""What has to hold for a formula to have a value: what it divides by is not 0, what it takes a
logarithm of is above 0, and so on. It is shown, or the claim is not proved.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sympy import Expr, Mul, Pow
from sympy.core.relational import Relational

from gradbook.any_size.conditions import indicator_of
from gradbook.any_size.decide import is_zero
from gradbook.any_size.inverses import det
from gradbook.any_size.letters import which, zero
from gradbook.any_size.nonnegative import is_nonnegative, is_positive
from gradbook.notation import step


@dataclass(frozen=True)
class Need:
    """A formula that has to be ≠ 0, > 0 or ≥ 0; written: as on the page."""

    formula: Expr
    sign: str
    written: str


def unmet(needs: Iterable[Need], given: Sequence[Relational]) -> str:
    """The first need that is not shown, in words; "" where all are."""
    for need in dict.fromkeys(needs):
        if not _is_met(need, given):
            return f"it needs {need.written} {need.sign} 0, and that is not shown"
    return ""


def _is_met(need: Need, given: Sequence[Relational]) -> bool:
    u = need.formula
    if isinstance(u, Pow) and need.sign != "≥" and (u.exp.is_even or not u.exp.is_Integer):
        return _is_met(replace(need, formula=u.base, sign="≠" if u.exp.is_even else ">"), given)
    fails = {"≠": zero(u), ">": 1 - step(u, 0), "≥": step(-u, 0)}[need.sign]
    if is_zero(Mul(fails, *map(indicator_of, given))):
        return True
    if need.sign == "≥":
        return is_nonnegative(u)
    if isinstance(u, Mul) and all(_is_met(replace(need, formula=each), given) for each in u.args):
        return True
    if isinstance(u, det) and need.sign == "≠" and which(u.args[0]) == "invertible":
        return True
    return is_positive(u) or (need.sign == "≠" and is_positive(-u))
