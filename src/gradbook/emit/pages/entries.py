"""A program at sizes that are numbers: every entry of every array, as a SymPy formula of others.

Labels stay letters: z_y is z_0, z_1 or z_2, whichever y is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

from sympy import (
    Abs,
    Add,
    And,
    Eq,
    Expr,
    Function,
    Ge,
    ImmutableMatrix,
    IndexedBase,
    Integer,
    Max,
    Mul,
    Ne,
    Piecewise,
    Symbol,
    exp,
    log,
    sqrt,
)
from sympy.codegen.cfunctions import log1p
from sympy.printing.precedence import PRECEDENCE

from gradbook.emit.pages.expressions import quotient_of, sides_of
from gradbook.emit.pages.names import NotEmitted, free
from gradbook.emit.pages.program import Program
from gradbook.emit.pages.terms import (
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
Definition = tuple[Symbol, Expr]


class quotient(Function):
    """a / b, for a whole number b. SymPy's own 1/3 · a would round where a / 3 may be exact."""

    nargs = 2
    is_real = True
    precedence = PRECEDENCE["Mul"]

    def _numpycode(self, printer: Any) -> str:
        a, b = self.args
        return f"{printer.parenthesize(a, self.precedence)}/{printer._print(b)}"

    def _ccode(self, printer: Any) -> str:
        return f"{self._numpycode(printer)}.0"


@dataclass(frozen=True)
class Entries:
    """definitions: in an order in which they can be computed, in letters that are given and others
    that are defined. results: of each array that is a result, its shape and entries in a row.
    """

    definitions: tuple[Definition, ...]
    results: Mapping[str, tuple[tuple[int, ...], tuple[Expr, ...]]]


def entries_of(program: Program, sizes: Mapping[str, int]) -> Entries:
    """Raises NotEmitted where these are too many to be written out, or one cannot be."""
    unfolding = _Unfolding(program, sizes)
    for array in program.made:
        unfolding.define(array)
    results = {
        array: (unfolding.shape(program.arrays[array]), tuple(unfolding.all(array)))
        for _, array in program.results
    }
    return Entries(tuple(unfolding.definitions), results)


class _Unfolding:
    def __init__(self, program: Program, sizes: Mapping[str, int]) -> None:
        self._program, self._arrays = program, program.arrays
        self._sizes = {size_symbol(name): Integer(value) for name, value in sizes.items()}
        self._made: dict[str, dict[tuple[int, ...], Expr]] = {}
        self._taken = {name for name, array in self._arrays.items() if array.axes or not array.body}
        self._taken |= {str(size) for size in program.sizes}
        self.definitions: list[Definition] = []
        for array in program.given:
            self._made[array.name] = self._given(array)

    # Arrays.

    def shape(self, array: Array) -> tuple[int, ...]:
        return tuple(self._number(axis.range.count) for axis in array.axes)

    def all(self, name: str) -> Iterator[Expr]:
        yield from self._made[name].values()

    def define(self, array: Array) -> None:
        """A name for each entry of an array."""
        body = array.body
        assert body is not None
        if isinstance(body, Inverse):
            self._made[array.name] = self._inverse(array, body)
            return
        made = self._made[array.name] = {}
        for place in self._places(array):
            at = self._counted(array, place)
            value = self._of(body, dict(zip(array.axes, at, strict=True)))
            made[place] = self._defined(_named(array.name, at), value)

    def _given(self, array: Array) -> dict[tuple[int, ...], Expr]:
        whole = array.name in self._program.labels
        kind: dict[str, Any] = {"integer": True} if whole else {"real": True}
        if not array.axes:
            return {(): Symbol(array.name, **kind)}
        base = IndexedBase(Symbol(array.name, **kind), shape=self.shape(array), **kind)
        return {place: base[tuple(self._counted(array, place))] for place in self._places(array)}

    def _places(self, array: Array) -> Iterator[tuple[int, ...]]:
        ranges = [self._range(axis.range) for axis in array.axes]
        total = reduce(int.__mul__, map(len, ranges), 1)
        if total + len(self.definitions) > MOST:
            raise NotEmitted(
                f"{self._program.title} is more than {MOST:,} formulas at these sizes: "
                "name a target for any size"
            )
        yield from product(*ranges)

    def _counted(self, array: Array, place: Sequence[int]) -> list[int]:
        """The place counted from 0."""
        firsts = (self._number(axis.range.first) for axis in array.axes)
        return [n - first for n, first in zip(place, firsts, strict=True)]

    def _inverse(self, array: Array, body: Inverse) -> dict[tuple[int, ...], Expr]:
        M = self._matrix(body)
        det = self._defined("det", M.det(method="berkowitz"))
        entries = (entry / det for entry in M.adjugate())
        names = (_named(array.name, self._counted(array, p)) for p in self._places(array))
        named = (self._defined(name, entry) for name, entry in zip(names, entries, strict=True))
        return dict(zip(self._places(array), named, strict=True))

    def _matrix(self, body: Inverse | Det) -> ImmutableMatrix:
        """The matrix that something is of, each entry with a name."""
        rows, columns = (self._along(axis) for axis in (body.row, body.column))
        if len(rows) > MOST_ROWS:
            raise NotEmitted(
                f"the determinant of {len(rows)} × {len(rows)} entries is not written out: name "
                "numpy, jax or torch"
            )
        entries = [
            self._defined("a", self._of(body.of, {body.row: row, body.column: column}))
            for row, column in product(rows, columns)
        ]
        return ImmutableMatrix(len(rows), len(columns), entries)

    def _defined(self, name: str, value: Expr) -> Expr:
        """A name for a value that is more than one."""
        if value.is_Number or value.is_Symbol or value.is_Indexed:
            return value
        symbol = Symbol(free(name, self._taken), real=True)
        self._taken.add(symbol.name)
        self.definitions.append((symbol, value))
        return symbol

    # Formulas.

    def _of(self, term: Term, at: At) -> Expr:
        match term:
            case Number(value=value):
                return value.xreplace(self._sizes)
            case Ref():
                return self._entry(term, at)
            case Counted(index=index):
                return self._index(index, at)
            case Same() | Holds():
                return _either(self._holds(term, at), Integer(1), Integer(0))
            case Plus(terms=terms):
                return Add(*(self._of(each, at) for each in terms))
            case Times(factors=factors):
                masks = [each for each in factors if isinstance(each, Same | Holds)]
                said = And(*(self._holds(each, at) for each in masks))
                if said == False:  # noqa: E712 - SymPy's own
                    return Integer(0)
                others = [each for each in factors if each not in masks]
                return _either(said, self._times(others, at), Integer(0))
            case Power(base=base, exponent=exponent):
                return self._of(base, at) ** exponent
            case Apply(name=name, of=of):
                return self._applied(name, self._of(of, at))
            case Where(condition=condition, then=then, other=other):
                return _either(self._holds(condition, at), self._of(then, at), self._of(other, at))
            case Total(of=of, axis=axis):
                return Add(*(self._of(of, {**at, axis: n}) for n in self._along(axis)))
            case LogTotalExp(of=of, axis=axis):
                exponents = (self._of(of, {**at, axis: n}) for n in self._along(axis))
                named = [self._defined("u", each) for each in exponents]
                top = self._defined("top", Max(*named))
                return top + log(Add(*(exp(each - top) for each in named)))
            case FirstLargest(of=of, axis=axis):
                values = [
                    self._defined("u", self._of(of, {**at, axis: n})) for n in self._along(axis)
                ]
                first = [
                    (Integer(n), And(*(Ge(u, v) for v in values[n + 1 :])))
                    for n, u in enumerate(values)
                ]
                return Piecewise(*first)
            case Joined():
                return self._joined(term, at)
            case Det():
                det = self._matrix(term).det(method="berkowitz")
                return log(det) if isinstance(term, LogDet) else det
        raise TypeError(f"{term!r} is no term")

    def _times(self, factors: Sequence[Term], at: At) -> Expr:
        negative, above, below = quotient_of(factors)
        product = Mul(*(self._of(each, at) for each in above))
        divisors = [self._of(each, at) for each in below]
        whole = Mul(*(each for each in divisors if each.is_Integer))
        rest = Mul(*(each for each in divisors if not each.is_Integer))
        divided = product / whole if product.is_Number or whole == 1 else quotient(product, whole)
        return (-1 if negative else 1) * divided / rest

    def _applied(self, name: str, u: Expr) -> Expr:
        if name in _FUNCTIONS:
            return _FUNCTIONS[name](u)
        u = self._defined("t", u)
        if name == "max0":
            return _either(u < 0, Integer(0), u)
        return Max(0, u) + log1p(exp(-Abs(u)))

    def _joined(self, term: Joined, at: At) -> Expr:
        n = at[term.axis] + self._number(term.axis.range.first)
        for place, part in zip(term.places, term.joined, strict=True):
            if isinstance(place, Fixed):
                if self._number(place.value) == n:
                    return self._of(part, at)
            elif n in (along := self._range(place.range)):
                return self._of(part, {**at, place: along.index(n)})
        raise AssertionError(f"there is no part {n} of {term}")

    def _holds(self, term: Term, at: At) -> Any:
        """Whether a term is 1 that is 0 or 1."""
        match term:
            case Same(left=left, sign=sign, right=right):
                difference = self._index(left, at) - self._index(right, at)
                number, rest = difference.as_coeff_Add()
                if rest.could_extract_minus_sign():
                    return REAL[sign](number, -rest)
                return REAL[sign](rest, -number)
            case Holds(of=of, sign=sign):
                a, b = (self._of(each, at) for each in sides_of(of))
                return REAL[sign](a, b, evaluate=(a - b).is_Number)
            case Times(factors=factors):
                return And(*(self._holds(each, at) for each in factors))
        return Ne(self._of(term, at), 0)

    def _entry(self, ref: Ref, at: At, place: tuple[int, ...] = ()) -> Expr:
        """An entry of an array; of those that a label may name, one."""
        if len(place) == len(ref.indices):
            return self._made[ref.name][place]
        index = self._index(ref.indices[len(place)], at)
        if index.is_Integer:
            return self._entry(ref, at, (*place, int(index)))
        found = self._arrays[ref.name].axes[len(place)].range
        number, label = index.as_coeff_Add()
        pieces = [
            (self._entry(ref, at, (*place, n)), Eq(label, n - number)) for n in self._range(found)
        ]
        return Piecewise(*pieces[:-1], (pieces[-1][0], True))

    # Indices and sizes.

    def _index(self, index: Index, at: At) -> Expr:
        """In the page's numbers."""
        match index:
            case Axis():
                return Integer(at[index] + self._number(index.range.first))
            case Fixed(value=value):
                return Integer(self._number(value))
            case LabelAt(name=name, indices=indices, first=first):
                return self._entry(Ref(name, indices), at) + self._number(first)
        raise TypeError(f"{index!r} is no index")

    def _number(self, size: Expr) -> int:
        return int(size.xreplace(self._sizes))

    def _along(self, axis: Axis) -> range:
        """Where an axis may be, counted from 0."""
        return range(self._number(axis.range.count))

    def _range(self, found: Range) -> range:
        return range(self._number(found.first), self._number(found.last) + 1)


_FUNCTIONS: Mapping[str, Any] = {"exp": exp, "log": log, "sqrt": sqrt}


def _named(name: str, place: Sequence[int]) -> str:
    return "_".join([name, *map(str, place)])


def _either(said: Any, then: Expr, other: Expr) -> Expr:
    return Piecewise((then, said), (other, True))
