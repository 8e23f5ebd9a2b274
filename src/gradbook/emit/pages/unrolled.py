"""A program at sizes that are numbers: every entry of every array by itself, and no axis left.

z_k = Σ_j B_kj v_j + b_k    is, for C = h = 2,    z_0 = B_00 v_0 + B_01 v_1 + b_0
                                                  z_1 = B_10 v_0 + B_11 v_1 + b_1

Labels stay letters: z_y is z[y] of a letter that is given; of one that is made it is z_0 where y is
0, and so on.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, count, product
from math import prod

from sympy import Expr, Integer

from gradbook.emit.pages.algebra import mapped, minus, plus, power, times
from gradbook.emit.pages.names import NotEmitted
from gradbook.emit.pages.program import Program
from gradbook.emit.pages.terms import (
    LEAST,
    ONE,
    ZERO,
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
    Largest,
    Listed,
    LogDet,
    LogTotalExp,
    Number,
    Over,
    Ref,
    Same,
    Term,
    Total,
    Where,
)
from gradbook.page.core import Range
from gradbook.page.entries import REAL
from gradbook.page.letters import size_symbol

#: More formulas than this nobody reads, and no compiler likes.
MOST = 20_000

#: And no determinant of a larger matrix.
MOST_ROWS = 4

#: Where each axis is, counted from 0.
At = Mapping[Axis, int]
Place = tuple[int, ...]


def unrolled(program: Program, sizes: Mapping[str, int]) -> Program:
    """The program for these sizes: numbers, and the results that are arrays of them.

    Raises NotEmitted where these are too many to be written out, or one cannot be.
    """
    unrolling = _Unrolling(program, sizes)
    for array in program.made:
        unrolling.define(array)
    results = {array for _, array in program.results}
    listed = (unrolling.listed(each) for each in program.made if each.axes and each.name in results)
    given = tuple(unrolling.at_sizes(array) for array in program.given)
    return replace(program, given=given, made=(*unrolling.made, *listed))


class _Unrolling:
    """entries: of each array so far. made: the numbers so far, each an array without axes."""

    def __init__(self, program: Program, sizes: Mapping[str, int]) -> None:
        self._program, self._arrays = program, program.arrays
        self._results = {array for _, array in program.results}
        self._sizes = {size_symbol(name): Integer(value) for name, value in sizes.items()}
        self._taken = {*self._arrays, *map(str, program.sizes)}
        self._once: dict[Hashable, Term] = {}
        self.entries: dict[str, dict[Place, Term]] = {}
        self.made: list[Array] = []

    # Arrays.

    def at_sizes(self, array: Array) -> Array:
        axes = (replace(axis, range=self._numbered(axis.range)) for axis in array.axes)
        return replace(array, axes=tuple(axes))

    def listed(self, array: Array) -> Array:
        return replace(self.at_sizes(array), body=Listed(tuple(self.entries[array.name].values())))

    def define(self, array: Array) -> None:
        """A name for each entry of an array."""
        body = array.body
        assert body is not None
        if not array.axes:
            value = self._of(body, {})
            if isinstance(value, Number | Ref) and array.name not in self._results:
                self.entries[array.name] = {(): value}
                return
            self.made.append(replace(array, body=value))
            self.entries[array.name] = {(): Ref(array.name, ())}
            return
        places = list(self._places(array))
        values = (
            self._inverse(body)
            if isinstance(body, Inverse)
            else (self._of(body, dict(zip(array.axes, place, strict=True))) for place in places)
        )
        self.entries[array.name] = {
            place: self._named("_".join([array.name, *map(str, place)]), value)
            for place, value in zip(places, values, strict=True)
        }

    def _places(self, array: Array) -> Iterator[Place]:
        along = [self._along(axis) for axis in array.axes]
        if prod(map(len, along)) + len(self.made) > MOST:
            raise NotEmitted(
                f"{self._program.title} is more than {MOST:,} formulas at these sizes: "
                "name a target for any size"
            )
        return product(*along)

    def _named(self, name: str, value: Term) -> Term:
        """A name for a value that is more than a number or a letter."""
        if isinstance(value, Number | Ref):
            return value
        names = chain([name], (f"{name}{n}" for n in count(2)))
        name = next(each for each in names if each not in self._taken)
        self._taken.add(name)
        self.made.append(Array(name, (), None, value))
        return Ref(name, ())

    def _made_once(self, key: Hashable, name: str, value: Callable[[], Term]) -> Term:
        if key not in self._once:
            self._once[key] = self._named(name, value())
        return self._once[key]

    # Formulas.

    def _of(self, term: Term, at: At) -> Term:
        match term:
            case Number(value=value):
                return Number(value.xreplace(self._sizes))
            case Ref(name=name, indices=indices):
                return self._entry(name, [self._index(each, at) for each in indices])
            case Counted(index=index):
                place = self._index(index, at)
                return Number(place.value) if isinstance(place, Fixed) else Counted(place)
            case Same(left=left, sign=sign, right=right):
                return _same(self._index(left, at), sign, self._index(right, at))
            case Holds(of=of, sign=sign):
                return _holds(self._of(of, at), sign)
            case Where(condition=condition, then=then, other=other):
                said = self._of(condition, at)
                if isinstance(said, Number):
                    return self._of(other if said == ZERO else then, at)
                return Where(said, self._of(then, at), self._of(other, at))
            case Over():
                return self._over(term, at)
            case Joined():
                return self._joined(term, at)
            case Det():
                det = _det(self._matrix(term, at))
                return Apply("log", det) if isinstance(term, LogDet) else det
        return mapped(term, lambda part: self._of(part, at))

    def _over(self, term: Over, at: At) -> Term:
        """What runs over an axis; it is made once, where it does not depend on all that runs."""
        if len(term.axes) == len(at):
            return self._all(term, at)
        here = {axis: at[axis] for axis in term.axes}
        key = term, frozenset(here.items())
        return self._made_once(key, "sum", lambda: self._all(term, here))

    def _all(self, term: Over, at: At) -> Term:
        values = [self._of(term.of, {**at, term.axis: n}) for n in self._along(term.axis)]
        match term:
            case Total():
                return plus(values)
            case LogTotalExp():
                named = [self._named("u", each) for each in values]
                top = self._named("top", Largest(tuple(named))) if named else LEAST
                total = plus(Apply("exp", plus([each, minus(top)])) for each in named)
                return plus([top, Apply("log", total)])
            case FirstLargest():
                named = [each if each == LEAST else self._named("u", each) for each in values]
                possible = [(n, each) for n, each in enumerate(named) if each != LEAST]
                *others, (last, _) = possible or [(0, ZERO)]
                found: Term = Number(Integer(last))
                for place, (n, u) in reversed(list(enumerate(others, 1))):
                    later = (_holds(plus([u, minus(v)]), "≥") for _, v in possible[place:])
                    found = Where(times(*later), Number(Integer(n)), found)
                return found
        raise TypeError(f"{term!r} is no term")

    def _joined(self, term: Joined, at: At) -> Term:
        n = self._value(term.axis, at)
        for place, part in zip(term.places, term.joined, strict=True):
            if isinstance(place, Fixed):
                if self._number(place.value) == n:
                    return self._of(part, at)
            elif 0 <= n - self._number(place.range.first) < len(self._along(place)):
                return self._of(part, {**at, place: n - self._number(place.range.first)})
        raise AssertionError(f"there is no part {n} of {term}")

    def _entry(self, name: str, indices: Sequence[Index]) -> Term:
        """An entry of an array; of those made that a label may name, one."""
        if name not in self.entries:
            return Ref(name, tuple(indices))
        labels = [place for place, index in enumerate(indices) if isinstance(index, LabelAt)]
        places = [
            int(index.value) - self._number(axis.range.first) if isinstance(index, Fixed) else 0
            for index, axis in zip(indices, self._arrays[name].axes, strict=True)
        ]
        if not labels:
            return self.entries[name][tuple(places)]
        shown = (
            index.name if isinstance(index, LabelAt) else str(place)
            for index, place in zip(indices, places, strict=True)
        )
        key = name, tuple(indices)
        return self._made_once(key, "_".join([name, *shown]), lambda: self._chosen(*key, labels[0]))

    def _chosen(self, name: str, indices: tuple[Index, ...], place: int) -> Term:
        """The entry that a label names."""
        axis = self._arrays[name].axes[place]
        first = self._number(axis.range.first)
        (_, found), *others = [
            (n, self._entry(name, [*indices[:place], n, *indices[place + 1 :]]))
            for n in (Fixed(Integer(first + n)) for n in reversed(self._along(axis)))
        ]
        for n, value in others:
            found = Where(_same(indices[place], "=", n), value, found)
        return found

    # Matrices.

    def _matrix(self, body: Inverse | Det, at: At) -> list[list[Term]]:
        """The matrix that something is of, each entry with a name."""
        rows, columns = (self._along(axis) for axis in (body.row, body.column))
        if len(rows) > MOST_ROWS:
            raise NotEmitted(
                f"the determinant of {len(rows)} × {len(rows)} entries is not written out: name "
                "numpy, jax or torch"
            )
        places = (
            [{**at, body.row: row, body.column: column} for column in columns] for row in rows
        )
        return [[self._named("a", self._of(body.of, each)) for each in row] for row in places]

    def _inverse(self, body: Inverse) -> list[Term]:
        """The entries, row by row: cofactors of the transpose, over the determinant."""
        M = self._matrix(body, {})
        det = self._named("det", _det(M))
        return [
            times(_signed(row + column, _det(_without(M, column, row))), power(det, -1))
            for row, column in product(range(len(M)), repeat=2)
        ]

    # Indices and sizes.

    def _index(self, index: Index, at: At) -> Index:
        """In the page's numbers."""
        if not isinstance(index, LabelAt):
            return Fixed(Integer(self._value(index, at)))
        indices = [self._index(each, at) for each in index.indices]
        first = Integer(self._number(index.first))
        label = self._named("label", self._entry(index.name, indices))
        if isinstance(label, Number):
            return Fixed(label.value + first)
        assert isinstance(label, Ref)
        return LabelAt(label.name, label.indices, first)

    def _value(self, index: Axis | Fixed, at: At) -> int:
        if isinstance(index, Fixed):
            return self._number(index.value)
        return at[index] + self._number(index.range.first)

    def _number(self, size: Expr) -> int:
        return int(size.xreplace(self._sizes))

    def _along(self, axis: Axis) -> range:
        """Where an axis may be, counted from 0."""
        return range(self._number(axis.range.count))

    def _numbered(self, found: Range) -> Range:
        first, last = (Integer(self._number(each)) for each in (found.first, found.last))
        return replace(found, first=first, last=last)


def _same(left: Index, sign: str, right: Index) -> Term:
    """1{left sign right}, with the label on the left."""
    if isinstance(left, Fixed) and isinstance(right, Fixed):
        return ONE if REAL[sign](left.value, right.value) else ZERO
    if isinstance(left, Fixed):
        return Same(right, _MIRRORED.get(sign, sign), left)
    return Same(left, sign, right)


_MIRRORED = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}


def _holds(of: Term, sign: str) -> Term:
    if isinstance(of, Number):
        return ONE if REAL[sign](of.value, 0) else ZERO
    return Holds(of, sign)


def _det(M: Sequence[Sequence[Term]]) -> Term:
    """By the entries of the first row, and the determinants of what is left of the others."""
    if not M:
        return ONE
    return plus(
        times(entry, _signed(column, _det(_without(M, 0, column))))
        for column, entry in enumerate(M[0])
    )


def _signed(place: int, term: Term) -> Term:
    return minus(term) if place % 2 else term


def _without(M: Sequence[Sequence[Term]], row: int, column: int) -> list[list[Term]]:
    rest = (each for n, each in enumerate(M) if n != row)
    return [[*each[:column], *each[column + 1 :]] for each in rest]
