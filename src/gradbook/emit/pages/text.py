"""Terms as a person writes them in NumPy: sums of products with @ and einsum, the rest by entries.

An array has an axis for each of the axes of its term, in an order that what stands around it wants.
JAX and PyTorch differ in a few words alone (`libraries`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from sympy import Expr, Integer
from sympy.printing.pycode import pycode

from gradbook.emit.pages.algebra import minus, times
from gradbook.emit.pages.expressions import (
    ATOM,
    COMPARED,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Axes,
    Code,
    in_a_row,
    index_first,
    quotient_of,
    sides_of,
    summed,
)
from gradbook.emit.pages.libraries import OF_SIZES, Words
from gradbook.emit.pages.terms import (
    LEAST,
    Apply,
    Array,
    Axis,
    Counted,
    Det,
    FirstLargest,
    Fixed,
    Holds,
    Index,
    Inverse,
    Joined,
    LabelAt,
    LogDet,
    LogTotalExp,
    Number,
    Plus,
    Power,
    Ref,
    Same,
    Term,
    Times,
    Total,
    Where,
    axes_of,
    is_mask,
)
from gradbook.page.core import Range


@dataclass(frozen=True)
class Printer:
    words: Words
    arrays: Mapping[str, Array]

    def __call__(self, term: Term, order: Axes) -> Code:
        """The array of a term, whose axes are those of `order`, in this order."""
        wanted = tuple(axis for axis in order if axis in term.axes)
        return self._arranged(self._any(term, wanted), wanted)

    def _any(self, term: Term, wanted: Axes) -> Code:
        match term:
            case Number(value=value):
                least = Code(f"-{self.words.module}.inf", SIGN)
                return least if term == LEAST else _number(value)
            case Ref():
                return self._ref(term)
            case Counted(index=index):
                return self._index(index, Integer(0))
            case Same(left=left, sign=sign, right=right):
                sides = [self._index(each, index_first(left)) for each in (left, right)]
                a, b = (self._spread(side, wanted).within(PRODUCT) for side in sides)
                return Code(f"({a} {COMPARED[sign]} {b})", ATOM, wanted, True)
            case Holds(of=of, sign=sign):
                codes = (self._spread(self(side, wanted), wanted) for side in sides_of(of))
                a, b = (code.within(SUM) for code in codes)
                return Code(f"({a} {COMPARED[sign]} {b})", ATOM, wanted, True)
            case Plus(terms=terms):
                return self._plus(terms, wanted)
            case Times(factors=factors):
                return self._times(factors, wanted)
            case Power(base=base, exponent=exponent):
                if exponent < 0:
                    return self._times((term,), wanted)
                return Code(f"{self(base, wanted).within(ATOM)}**{exponent}", POWER, wanted)
            case Apply():
                return self._applied(term, wanted)
            case Where(condition=condition, then=then, other=other):
                return self._where(condition, then, other, wanted)
            case FirstLargest(of=of, axis=axis):
                values = self._spread(self.of_numbers(of, (*wanted, axis)), (*wanted, axis))
                return Code(f"{values.within(ATOM)}.argmax({len(wanted)})", ATOM, wanted)
            case LogTotalExp(of=of, axis=axis):
                exponents = self(of, (*wanted, axis)).text
                return Code(self.words.logsumexp.format(exponents, len(wanted)), ATOM, wanted)
            case Inverse(of=of, row=row, column=column):
                inside = self(of, (row, column)).text
                return Code(f"{self.words.module}.linalg.inv({inside})", ATOM, (row, column))
            case Det(of=of, row=row, column=column):
                inside = self(of, (row, column)).text
                form = self.words.logdet if isinstance(term, LogDet) else "{}.linalg.det({})"
                return Code(form.format(self.words.module, inside), ATOM, ())
            case Total():
                return self._total(term, wanted)
            case Joined():
                return self._joined(term, wanted)
        raise TypeError(f"{term!r} is no term")

    def _applied(self, term: Apply, wanted: Axes) -> Code:
        name, of, words = term.name, term.of, self.words
        inner = self(of, wanted).text
        if isinstance(of, Number):  # of sizes: a number of Python, not an array
            return Code(OF_SIZES[name].format(inner), ATOM)
        if name == "softplus" and words.softplus[0] == "-":
            return Code(words.softplus.format(self(minus(of), wanted).text), PRODUCT, wanted)
        form = (
            getattr(words, name) if name in ("max0", "softplus") else f"{words.module}.{name}({{}})"
        )
        return Code(form.format(inner), ATOM, wanted)

    def _where(self, condition: Term, then: Term, other: Term, wanted: Axes) -> Code:
        said, *values = (self(each, wanted) for each in (condition, then, other))
        if not is_mask(condition):  # an array that is made of one, and has numbers
            said = Code(f"({said.text} != 0)", ATOM, said.axes)
        texts = ", ".join(self._spread(each, wanted).text for each in (said, *values))
        return Code(f"{self.words.module}.where({texts})", ATOM, wanted)

    # Sums and products.

    def _plus(self, terms: Sequence[Term], wanted: Axes) -> Code:
        parts: list[tuple[str, str]] = []
        signed = summed(terms)
        is_count = all(is_mask(term) for _, term in signed)
        for place, (sign, term) in enumerate(signed):
            code = self._spread(self.of_numbers(term, wanted), wanted)
            if code.is_truth and (is_count or (sign == "-" and not place)):
                # True + True is True, and there is no −True.
                code = Code(f"1.0 * {code.within(SIGN)}", PRODUCT, code.axes)
            parts.append((sign, code.within(PRODUCT)))
        return Code(in_a_row(parts), SUM, wanted)

    def _times(self, factors: Sequence[Term], wanted: Axes) -> Code:
        negative, above, below = quotient_of(factors)
        if len(above) + len(below) == 1 and not negative:
            return self(above[0], wanted)
        counts = negative or bool(below) or any(isinstance(each, Number) for each in above)
        outer = self._outer(above, wanted)
        codes = [Code(outer, ATOM)] if outer else self._factors(above, wanted, counts)
        parts = [code.within(SIGN if place else PRODUCT) for place, code in enumerate(codes)]
        text = " * ".join(parts)
        if below:
            under = self._times(below, wanted)
            text += " / " + self._spread(under, wanted).within(POWER)
        if negative:
            text = f"{'-1.0 * ' if codes[0].is_truth else '-'}{text}"
        return Code(text, PRODUCT, wanted, codes[0].is_truth and not negative)

    def _outer(self, factors: Sequence[Term], wanted: Axes) -> str:
        """The outer product of two vectors, each of which may be a product; "" for others."""
        vectors = [[each for each in factors if each.axes == {axis}] for axis in wanted]
        if len(wanted) != 2 or not all(vectors) or sum(map(len, vectors)) != len(factors):
            return ""
        left, right = (self.of_numbers(times(*each), wanted).text for each in vectors)
        return f"{self.words.module}.outer({left}, {right})"

    def _factors(self, factors: Sequence[Term], wanted: Axes, counts: bool) -> list[Code]:
        """counts: whether there must be numbers among them, not masks alone."""
        codes = [self(factor, wanted) for factor in sorted(factors, key=is_mask)]
        masks = [each for each in factors if not isinstance(each, Number)]
        if counts and masks and all(map(is_mask, masks)):
            codes[-1] = self._as_numbers(codes[-1])
        return [self._spread(code, wanted) for code in codes]

    def _total(self, term: Term, wanted: Axes) -> Code:
        axes: list[Axis] = []
        while isinstance(term, Total):
            axes.append(term.axis)
            term = term.of
        factors = self._with_masks(term.factors if isinstance(term, Times) else (term,))
        if len(axes) == 1 and len(factors) > 2:  # X.T @ (q * r)
            vectors = [each for each in factors if each.axes == {axes[0]}]
            others = [each for each in factors if each.axes != {axes[0]}]
            if len(others) in (1, 2):
                factors = [others[0], times(*others[1:], *vectors)]
        if len(factors) == 2 and len(axes) == 1:
            found = self._matmul(factors[0], factors[1], axes[0], wanted)
            if found is not None:
                return found
        if len(factors) == 1:
            inner = self.of_numbers(factors[0], (*wanted, *axes))
            last = [len(wanted) + place for place in range(len(axes))]
            along = str(last[0]) if len(last) == 1 else str(tuple(last))
            summed = f"sum({'axis=' + along if wanted else ''})"
            return Code(f"{inner.within(ATOM)}.{summed}", ATOM, wanted)
        if not wanted and all(each.axes == set(axes) for each in factors):
            return Code(f"({self._times(factors, tuple(axes)).text}).sum()", ATOM, ())
        return self._einsum(factors, wanted)

    def _with_masks(self, factors: Sequence[Term]) -> list[Term]:
        """The factors, with 1{…} beside one that has its axes: sums of products are of numbers."""
        found = [each for each in factors if not is_mask(each)]
        for mask in filter(is_mask, factors):
            place = next((p for p, each in enumerate(found) if mask.axes <= each.axes), None)
            if place is None:
                found.append(mask)
            else:
                found[place] = times(found[place], mask)
        return found

    def of_numbers(self, term: Term, order: Axes) -> Code:
        """The array of a factor, which is of numbers also where it is 1{…}."""
        code = self(term, order)
        return self._as_numbers(code) if is_mask(term) else code

    def _as_numbers(self, code: Code) -> Code:
        if self.words.numbers == "{}":
            return code
        return Code(self.words.numbers.format(code.within(ATOM)), ATOM, code.axes)

    def _matmul(self, one: Term, other: Term, axis: Axis, wanted: Axes) -> Code | None:
        """one @ other, where each has the axis and at most one more, that the other has not."""
        if axis not in one.axes or axis not in other.axes:
            return None
        free = [tuple(each.axes - {axis}) for each in (one, other)]
        if len(free[0]) > 1 or len(free[1]) > 1 or set(free[0]) & set(free[1]):
            return None
        if free[1] and (not free[0] or wanted.index(free[0][0]) > wanted.index(free[1][0])):
            one, other, free = other, one, free[::-1]
        left = self.of_numbers(one, (*free[0], axis))
        right = self.of_numbers(other, (axis, *free[1]))
        text = f"{left.within(SIGN)} @ {right.within(SIGN)}"
        return Code(text, PRODUCT, (*free[0], *free[1]), left.is_truth)

    def _einsum(self, factors: Sequence[Term], wanted: Axes) -> Code:
        all_axes = sorted(frozenset().union(*(each.axes for each in factors)), key=lambda a: a.name)
        letter = dict(zip(all_axes, ascii_lowercase, strict=False))
        codes = [self.of_numbers(each, tuple(all_axes)) for each in factors]
        spelled = ",".join("".join(letter[axis] for axis in code.axes) for code in codes)
        result = "".join(letter[axis] for axis in wanted)
        operands = ", ".join(code.text for code in codes)
        text = f'{self.words.module}.einsum("{spelled}->{result}", {operands})'
        return Code(text, ATOM, wanted)

    def _joined(self, term: Joined, wanted: Axes) -> Code:
        """Parts of the same axes but one; what is the same all along another is written out."""
        rest = tuple(axis for axis in wanted if axis != term.axis)
        texts = []
        for place, part in zip(term.places, term.joined, strict=True):
            is_one = not isinstance(place, Axis)
            along = place if isinstance(place, Axis) else Axis("", Range(place.value, place.value))
            code = self.of_numbers(part, (*rest, along))
            text = self._spread(code, (*rest, along)).text
            if isinstance(part, Number):
                text = self.full(
                    f"{float(part.value)}" if part.value.is_Integer else code.text, (*rest, along)
                )
            elif len(code.axes) + is_one <= len(rest) or not code.axes:
                shape = self._shape((*rest, along))
                text = f"{self.words.module}.broadcast_to({self.words.array.format(text)}, {shape})"
            texts.append(text)
        text = f"{self.words.module}.concatenate([{', '.join(texts)}], {len(rest)})"
        return Code(text, ATOM, (*rest, term.axis))

    # Arrays and indices.

    def full(self, number: str, axes: Axes) -> str:
        """An array of one number."""
        return self.words.full.format(self._shape(axes), number)

    def _shape(self, axes: Axes) -> str:
        counts = ", ".join(pycode(axis.range.count) for axis in axes)
        return f"({counts}{',' if len(axes) == 1 else ''})"

    def _ref(self, ref: Ref) -> Code:
        """An array, or the part of it that indices choose."""
        own = self.arrays[ref.name].axes
        several = [index for index in ref.indices if isinstance(index, Axis)]
        of_labels = frozenset().union(
            *(axes_of(each) for each in ref.indices if isinstance(each, LabelAt))
        )
        advanced = {axis for axis in several if axis in of_labels or several.count(axis) > 1}
        grid = tuple(sorted(advanced | of_labels, key=lambda a: a.name))
        texts, places = [], []
        for place, (index, axis) in enumerate(zip(ref.indices, own, strict=True)):
            if isinstance(index, Axis) and index not in advanced:
                texts.append(self._slice(index, axis))
                continue
            texts.append(self._spread(self._index(index, axis.range.first), grid).text)
            places.append(place)
        plain = [index for index in several if index not in advanced]
        together = places == list(range(places[0], places[-1] + 1)) if places else True
        before = [i for p, i in enumerate(ref.indices) if i in plain and places and p < places[0]]
        front = len(before) if together else 0
        axes = (*plain[:front], *grid, *plain[front:])
        while texts and texts[-1] == ":":
            texts.pop()
        return Code(f"{ref.name}[{', '.join(texts)}]" if texts else ref.name, ATOM, axes)

    def _slice(self, index: Axis, own: Axis) -> str:
        """All along an axis, or the part of it over which the index runs."""
        start = (index.range.first - own.range.first).expand()
        left = (own.range.last - index.range.last).expand()
        if start == 0 and left == 0:
            return ":"
        stop = (index.range.last - own.range.first + 1).expand()
        return f"{'' if start == 0 else pycode(start)}:{'' if left == 0 else pycode(stop)}"

    def _index(self, index: Index, first: Expr) -> Code:
        """An index counted from 0 where the page counts from `first`."""
        match index:
            case Axis():
                count = pycode(index.range.count)
                code = Code(self.words.arange.format(count), ATOM, (index,))
            case LabelAt(name=name, indices=indices):
                inner = self._ref_of_label(name, indices)
                code = Code(inner, ATOM, tuple(each for each in indices if isinstance(each, Axis)))
            case Fixed(value=value):
                return _number((value - first).expand())
        offset = (index_first(index) - first).expand()
        if offset == 0:
            return code
        sign = "-" if offset.could_extract_minus_sign() else "+"
        return Code(f"{code.text} {sign} {pycode(abs(offset))}", SUM, code.axes)

    def _ref_of_label(self, name: str, indices: tuple[Index, ...]) -> str:
        fixed = [each for each in indices if isinstance(each, Fixed)]
        return f"{name}[{', '.join(pycode(each.value - 1) for each in fixed)}]" if fixed else name

    # The order of axes.

    def _arranged(self, code: Code, wanted: Axes) -> Code:
        """The same with its axes in the order that is wanted."""
        if code.axes == wanted or not code.axes:
            return code
        if len(wanted) == 2:
            return Code(f"{code.within(ATOM)}.T", ATOM, wanted, code.is_truth)
        letter = dict(zip(wanted, ascii_lowercase, strict=False))
        before, after = ("".join(letter[a] for a in axes) for axes in (code.axes, wanted))
        text = f'{self.words.module}.einsum("{before}->{after}", {code.text})'
        return Code(text, ATOM, wanted)

    def _spread(self, code: Code, wanted: Axes) -> Code:
        """The same, of which entry by entry with an array of the axes `wanted` is right."""
        if not code.axes:
            return code
        first = min(wanted.index(axis) for axis in code.axes)
        missing = [axis not in code.axes for axis in wanted[first:]]
        if not any(missing):
            return code
        inner = ", ".join("None" if gap else ":" for gap in missing)
        return Code(f"{code.within(ATOM)}[{inner}]", ATOM, code.axes, code.is_truth)


def _number(value: Expr) -> Code:
    text = pycode(value)
    return Code(text, ATOM if value.is_Symbol or (value.is_Integer and value >= 0) else SUM, ())
