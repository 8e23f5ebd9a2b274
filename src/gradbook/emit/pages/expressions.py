"""How sums, products and comparisons are put into words, alike in every language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, Integer, fraction

from gradbook.emit.pages.algebra import minus, plus, power
from gradbook.emit.pages.terms import Axis, Index, LabelAt, Number, Plus, Power, Term, Times

SUM, PRODUCT, SIGN, POWER, ATOM = range(5)
#: What compares, in Python and in C.
COMPARED: Mapping[str, str] = {"=": "==", "≠": "!=", "<": "<", ">": ">", "≤": "<=", "≥": ">="}
Axes = tuple[Axis, ...]


@dataclass(frozen=True)
class Code:
    """A text, how tightly it binds, and the axes of the array that it makes, in order.

    is_truth: whether it begins with an array of truth values, which have no minus.
    """

    text: str
    binds: int
    axes: Axes = ()
    is_truth: bool = False

    def within(self, binds: int) -> str:
        return self.text if self.binds >= binds else f"({self.text})"


def summed(terms: Sequence[Term]) -> list[tuple[str, Term]]:
    """The terms of a sum with their signs, those that are added first."""
    ordered = sorted(terms, key=is_negative)
    return [("-", minus(each)) if is_negative(each) else ("+", each) for each in ordered]


def in_a_row(signed: Iterable[tuple[str, str]]) -> str:
    """a + b - c, of texts with their signs."""
    (sign, first), *others = signed
    head = first if sign == "+" else f"-{first}"
    return head + "".join(f" {sign} {text}" for sign, text in others)


def quotient_of(factors: Sequence[Term]) -> tuple[bool, list[Term], list[Term]]:
    """Whether a product is negative, and what is above and below its line."""
    number = Integer(1)
    above: list[Term] = []
    below: list[Term] = []
    for factor in factors:
        if isinstance(factor, Number):
            number *= factor.value
        elif isinstance(factor, Power) and factor.exponent < 0:
            below.append(power(factor.base, -factor.exponent))
        else:
            above.append(factor)
    numerator, denominator = fraction(number)
    negative = bool(numerator.could_extract_minus_sign())
    numerator = -numerator if negative else numerator
    if numerator != 1 or not above:
        above.insert(0, Number(numerator))
    if denominator != 1:
        below.insert(0, Number(denominator))
    return negative, above, below


def is_negative(term: Term) -> bool:
    number = term.factors[0] if isinstance(term, Times) else term
    return isinstance(number, Number) and bool(number.value.could_extract_minus_sign())


def sides_of(of: Term) -> tuple[Term, Term]:
    """u and 0, or a and b of a − b, that are compared."""
    if isinstance(of, Plus):
        negative = [each for each in of.terms if is_negative(each)]
        positive = [each for each in of.terms if not is_negative(each)]
        if len(positive) and len(negative) == 1:
            return plus(positive), minus(negative[0])
    return of, Number(Integer(0))


def index_first(index: Index) -> Expr:
    """The number of the first value that it may have."""
    match index:
        case Axis(range=found):
            return found.first
        case LabelAt(first=first):
            return first
    return Integer(0)
