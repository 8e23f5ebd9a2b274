"""Terms put into words: what is alike in every language, of arrays and of single numbers.

`Arrays` (`text`) writes a term with axes as one array, `Loops` as one number inside of loops, where
each axis has a value. What they say of letters and of what runs over an axis is their own.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sympy import Expr, Integer, fraction

from gradbook.emit.pages.algebra import minus, plus, power
from gradbook.emit.pages.libraries import Words
from gradbook.emit.pages.terms import (
    LEAST,
    Apply,
    Array,
    Axis,
    Counted,
    Fixed,
    Holds,
    Index,
    LabelAt,
    Largest,
    Number,
    Plus,
    Power,
    Ref,
    Same,
    Term,
    Times,
    Where,
    is_mask,
)

COMPARISON, SUM, PRODUCT, SIGN, POWER, ATOM = range(6)
Axes = tuple[Axis, ...]
#: What compares, in Python and in C.
COMPARED: Mapping[str, str] = {"=": "==", "≠": "!=", "<": "<", ">": ">", "≤": "<=", "≥": ">="}


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


class Formulas(ABC):
    """words: of the language. arrays: by name. An order of axes is wanted by what stands around."""

    def __init__(self, words: Words, arrays: Mapping[str, Array]) -> None:
        self.words, self.arrays = words, arrays

    def __call__(self, term: Term, order: Axes = ()) -> Code:
        """The array of a term, whose axes are those of `order`, in this order."""
        wanted = tuple(axis for axis in order if axis in term.axes)
        return self.arranged(self._any(term, wanted), wanted)

    # What is each language's own.

    @abstractmethod
    def size(self, value: Expr) -> Code:
        """A formula of sizes."""

    @abstractmethod
    def ref(self, ref: Ref) -> Code:
        """An entry of an array, or an array, or the part of it that indices choose."""

    @abstractmethod
    def running(self, index: Axis | LabelAt) -> Code:
        """An index that runs, or a label, counted from 0."""

    @abstractmethod
    def over(self, term: Term, wanted: Axes) -> Code:
        """What runs over an axis, or is made of a whole matrix."""

    @abstractmethod
    def applied(self, name: str, of: Term, wanted: Axes) -> Code:
        """exp, log, sqrt, max0 or softplus of a term."""

    @abstractmethod
    def divisor(self, factors: Sequence[Term], wanted: Axes) -> str:
        """A product to divide by."""

    def arranged(self, code: Code, wanted: Axes) -> Code:
        """The same with its axes in the order that is wanted."""
        return code

    def spread(self, code: Code, wanted: Axes) -> Code:
        """The same, of which entry by entry with an array of the axes `wanted` is right."""
        return code

    def outer(self, factors: Sequence[Term], wanted: Axes) -> str:
        """The product where there is a word for it; "" where there is none."""
        return ""

    # What is alike.

    def _any(self, term: Term, wanted: Axes) -> Code:
        match term:
            case Number(value=value):
                return Code(self.words.least, SIGN) if term == LEAST else self._number(value)
            case Ref():
                return self.ref(term)
            case Counted(index=index):
                return self.index(index, Integer(0))
            case Same(left=left, sign=sign, right=right):
                sides = [self.index(each, index_first(left)) for each in (left, right)]
                return self._compared(sides, sign, wanted)
            case Holds(of=of, sign=sign):
                return self._compared([self(each, wanted) for each in sides_of(of)], sign, wanted)
            case Plus(terms=terms):
                return self._plus(terms, wanted)
            case Times(factors=factors):
                return self.times(factors, wanted)
            case Power(exponent=exponent) if exponent < 0:
                return self.times((term,), wanted)
            case Power(base=base, exponent=exponent):
                return self._power(base, exponent, wanted)
            case Apply(name=name, of=of):
                return self.applied(name, of, wanted)
            case Where(condition=condition, then=then, other=other):
                three = [self(each, wanted) for each in (condition, then, other)]
                if not is_mask(condition):  # an array that is made of one, and has numbers
                    three[0] = Code(f"{three[0].within(SUM)} != 0", COMPARISON, three[0].axes)
                texts = (self.spread(each, wanted).text for each in three)
                return Code(self.words.where.format(*texts), ATOM, wanted)
            case Largest(terms=terms):
                first, *others = (self(each, wanted).text for each in terms)
                for each in others:
                    first = self.words.larger.format(first, each)
                return Code(first, ATOM, wanted)
        return self.over(term, wanted)

    def _power(self, base: Term, exponent: int, wanted: Axes) -> Code:
        inner = self(base, wanted)
        if self.words.square and exponent == 2 and isinstance(base, Ref):
            return Code(self.words.square.format(inner.text), PRODUCT, wanted)
        form = self.words.power.format(base=inner.text, atom=inner.within(ATOM), exponent=exponent)
        return Code(form, POWER, wanted)

    def _number(self, value: Expr) -> Code:
        if fraction(value)[1] == 1:
            return self.size(value)
        return self.times((Number(value),), ())

    def _compared(self, sides: Sequence[Code], sign: str, wanted: Axes) -> Code:
        a, b = (self.spread(side, wanted).within(SUM) for side in sides)
        return Code(f"{a} {COMPARED[sign]} {b}", COMPARISON, wanted, self.words.has_truth)

    def _plus(self, terms: Sequence[Term], wanted: Axes) -> Code:
        parts: list[tuple[str, str]] = []
        signed = summed(terms)
        is_count = all(is_mask(term) for _, term in signed)
        for place, (sign, term) in enumerate(signed):
            code = self.spread(self.of_numbers(term, wanted), wanted)
            if code.is_truth and (is_count or (sign == "-" and not place)):
                # True + True is True, and there is no −True.
                code = Code(f"1.0 * {code.within(SIGN)}", PRODUCT, code.axes)
            parts.append((sign, code.within(PRODUCT)))
        (sign, head), *others = parts
        text = (head if sign == "+" else f"-{head}") + "".join(f" {s} {t}" for s, t in others)
        return Code(text, SUM, wanted)

    def times(self, factors: Sequence[Term], wanted: Axes) -> Code:
        negative, above, below = quotient_of(factors)
        if len(above) + len(below) == 1 and not negative:
            return self(above[0], wanted)
        counts = negative or bool(below) or any(isinstance(each, Number) for each in above)
        whole = self.outer(above, wanted)
        codes = [Code(whole, ATOM)] if whole else self._factors(above, wanted, counts)
        parts = [code.within(SIGN if place else PRODUCT) for place, code in enumerate(codes)]
        text = self.words.times.join(parts)
        if below:
            text += self.words.over + self.divisor(below, wanted)
        if negative:
            text = f"{'-1.0 * ' if codes[0].is_truth else '-'}{text}"
        return Code(text, PRODUCT, wanted, codes[0].is_truth and not negative)

    def _factors(self, factors: Sequence[Term], wanted: Axes, counts: bool) -> list[Code]:
        """counts: whether there must be numbers among them, not masks alone."""
        codes = [self(factor, wanted) for factor in sorted(factors, key=is_mask)]
        masks = [each for each in factors if not isinstance(each, Number)]
        if counts and masks and all(map(is_mask, masks)):
            codes[-1] = self._as_numbers(codes[-1])
        return [self.spread(code, wanted) for code in codes]

    def of_numbers(self, term: Term, order: Axes) -> Code:
        """The array of a factor, which is of numbers also where it is 1{…}."""
        code = self(term, order)
        return self._as_numbers(code) if is_mask(term) else code

    def _as_numbers(self, code: Code) -> Code:
        if self.words.numbers == "{}":
            return code
        return Code(self.words.numbers.format(code.within(ATOM)), ATOM, code.axes)

    def index(self, index: Index, first: Expr) -> Code:
        """An index counted from 0 where the page counts from `first`."""
        if isinstance(index, Fixed):
            return self.size((index.value - first).expand())
        code, offset = self.running(index), (index_first(index) - first).expand()
        if offset == 0:
            return code
        sign = "-" if offset.could_extract_minus_sign() else "+"
        return Code(f"{code.text} {sign} {self.size(abs(offset)).within(PRODUCT)}", SUM, code.axes)


def summed(terms: Sequence[Term]) -> list[tuple[str, Term]]:
    """The terms of a sum with their signs, those that are added first."""
    ordered = sorted(terms, key=is_negative)
    return [("-", minus(each)) if is_negative(each) else ("+", each) for each in ordered]


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
