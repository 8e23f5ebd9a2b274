"""Terms as a person writes them in NumPy: sums of products with @ and einsum, the rest by entries.

An array has an axis for each of the axes of its term, in an order that what stands around it wants.
JAX and PyTorch differ in a few words alone (`libraries`).
"""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from sympy import Expr
from sympy.printing.pycode import pycode

from gradbook.emit.pages.algebra import minus, times
from gradbook.emit.pages.formulas import (
    ATOM,
    POWER,
    PRODUCT,
    SIGN,
    SUM,
    Axes,
    Code,
    Formulas,
)
from gradbook.emit.pages.libraries import OF_SIZES
from gradbook.emit.pages.terms import (
    Axis,
    Det,
    FirstLargest,
    Fixed,
    Inverse,
    Joined,
    LabelAt,
    LogDet,
    LogTotalExp,
    Number,
    Ref,
    Term,
    Times,
    Total,
    axes_of,
    is_mask,
)
from gradbook.page.core import Range


class Arrays(Formulas):
    """Terms as arrays of a library."""

    def size(self, value: Expr) -> Code:
        text = pycode(value)
        return Code(text, ATOM if value.is_Symbol or (value.is_Integer and value >= 0) else SUM)

    def applied(self, name: str, of: Term, wanted: Axes) -> Code:
        if isinstance(of, Number):  # of sizes: a number of Python, not an array
            return Code(OF_SIZES[name].format(self(of).text), ATOM)
        if name == "softplus" and self.words.softplus[0] == "-":
            return Code(self.words.softplus.format(self(minus(of), wanted).text), PRODUCT, wanted)
        inner = self(of, wanted).text
        if name in ("max0", "softplus"):
            return Code(getattr(self.words, name).format(inner), ATOM, wanted)
        return Code(f"{self.words.module}.{name}({inner})", ATOM, wanted)

    def divisor(self, factors: Sequence[Term], wanted: Axes) -> str:
        return self.spread(self.times(factors, wanted), wanted).within(POWER)

    def over(self, term: Term, wanted: Axes) -> Code:
        match term:
            case FirstLargest(of=of, axis=axis):
                values = self.spread(self.of_numbers(of, (*wanted, axis)), (*wanted, axis))
                return Code(f"{values.within(ATOM)}.argmax({len(wanted)})", ATOM, wanted)
            case LogTotalExp(of=of, axis=axis):
                along = self(of, (*wanted, axis)).text
                text = self.words.logsumexp.format(along, len(wanted))
                return Code(text, ATOM, wanted)
            case Inverse(of=of, row=row, column=column):
                inside = self(of, (row, column)).text
                text = f"{self.words.module}.linalg.inv({inside})"
                return Code(text, ATOM, (row, column))
            case Det(of=of, row=row, column=column):
                inside = self(of, (row, column)).text
                form = self.words.logdet if isinstance(term, LogDet) else "{}.linalg.det({})"
                return Code(form.format(self.words.module, inside), ATOM, ())
            case Total():
                return self._total(term, wanted)
            case Joined():
                return self._joined(term, wanted)
        raise TypeError(f"{term!r} is no term")

    def outer(self, factors: Sequence[Term], wanted: Axes) -> str:
        """The outer product of two vectors, each of which may be a product; "" for others."""
        vectors = [[each for each in factors if each.axes == {axis}] for axis in wanted]
        if len(wanted) != 2 or not all(vectors) or sum(map(len, vectors)) != len(factors):
            return ""
        left, right = (self.of_numbers(times(*each), wanted).text for each in vectors)
        return f"{self.words.module}.outer({left}, {right})"

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
            return Code(f"({self.times(factors, tuple(axes)).text}).sum()", ATOM, ())
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
            text = self.spread(code, (*rest, along)).text
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

    def ref(self, ref: Ref) -> Code:
        """An array, or the part of it that indices choose."""
        own = self.arrays[ref.name].axes
        several = [index for index in ref.indices if isinstance(index, Axis)]
        of_labels = frozenset().union(
            *(axes_of(each) for each in ref.indices if isinstance(each, LabelAt))
        )
        advanced = {axis for axis in several if axis in of_labels or several.count(axis) > 1}
        texts, places = [], []
        for place, (index, axis) in enumerate(zip(ref.indices, own, strict=True)):
            if isinstance(index, Axis) and index not in advanced:
                texts.append(self._slice(index, axis))
                continue
            code = self.index(index, axis.range.first)
            grid = tuple(sorted(advanced | of_labels, key=lambda a: a.name))
            texts.append(self.spread(code, tuple(a for a in grid)).text if grid else code.text)
            places.append(place)
        grid = tuple(sorted(advanced | of_labels, key=lambda a: a.name))
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

    def running(self, index: Axis | LabelAt) -> Code:
        if isinstance(index, Axis):
            count = pycode(index.range.count)
            return Code(self.words.arange.format(count), ATOM, (index,))
        axes = self.arrays[index.name].axes
        places = zip(index.indices, axes, strict=True)
        fixed = [
            pycode((each.value - axis.range.first).expand())
            for each, axis in places
            if isinstance(each, Fixed)
        ]
        text = f"{index.name}[{', '.join(fixed)}]" if fixed else index.name
        return Code(text, ATOM, tuple(each for each in index.indices if isinstance(each, Axis)))

    # The order of axes.

    def arranged(self, code: Code, wanted: Axes) -> Code:
        """The same with its axes in the order that is wanted."""
        if code.axes == wanted or not code.axes:
            return code
        if len(wanted) == 2:
            return Code(f"{code.within(ATOM)}.T", ATOM, wanted, code.is_truth)
        letter = dict(zip(wanted, ascii_lowercase, strict=False))
        before, after = ("".join(letter[a] for a in axes) for axes in (code.axes, wanted))
        text = f'{self.words.module}.einsum("{before}->{after}", {code.text})'
        return Code(text, ATOM, wanted)

    def spread(self, code: Code, wanted: Axes) -> Code:
        """The same, of which entry by entry with an array of the axes `wanted` is right."""
        if not code.axes:
            return code
        first = min(wanted.index(axis) for axis in code.axes)
        missing = [axis not in code.axes for axis in wanted[first:]]
        if not any(missing):
            return code
        inner = ", ".join("None" if gap else ":" for gap in missing)
        return Code(f"{code.within(ATOM)}[{inner}]", ATOM, code.axes, code.is_truth)
