"""A page at sizes that are numbers: formulas as SymPy's matrices, letters as symbols.

Definitions are unfolded, but for the letters that the page differentiates by: those stay symbols,
with what they stand for in `meant`. What holds for the symbols holds for all real values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from itertools import product
from math import prod
from typing import Any

from sympy import Expr, ImmutableMatrix, Integer, Symbol, diag, exp, log
from sympy.core.relational import Relational

from gradbook.notation import hinge, indicator, partial
from gradbook.page import core as c
from gradbook.page.core import (
    ClaimRead,
    Condition,
    Core,
    Fixed,
    Index,
    Key,
    Label,
    Letter,
    Range,
    Running,
    Shape,
)
from gradbook.page.entries import REAL, compared, declared, matrix, number_if, root, spread
from gradbook.page.letters import size_symbol
from gradbook.page.stated import Given, Instance, Known, Meant, Needs, Stated
from gradbook.page.written import head_written


class NotSaid(Exception):
    """None of the cases of a claim is this one."""


@dataclass(frozen=True, eq=False)
class AtSizes:
    """Numbers for the sizes, and for the given indices; everything else stays a letter.

    kept: the defined letters that the page differentiates by. known: may be shared by all that is
    written out of one page with these numbers. given: the given letters that were met.
    """

    sizes: Mapping[str, int]
    labels: Mapping[Instance, int]
    kept: frozenset[Key]
    numbering: Mapping[Expr, Range]
    known: Known = field(default_factory=Known)
    given: Given = field(default_factory=dict)
    _needs: Needs = field(default_factory=Needs)

    @property
    def meant(self) -> Meant:
        return self.known.meant

    def claim(self, claim: ClaimRead, at: Mapping[str, int]) -> Stated | None:
        """The claim for these values of its free indices; None where its conditions say no, or its
        cases say nothing.
        """
        given = []
        with self._needs.apart() as needs:
            for condition in claim.given:
                said = self.each_condition(condition, at)
                if False in said:
                    return None
                given += [each for each in said if each is not True]
            try:
                left, right = (matrix(self.value(side, at)) for side in (claim.left, claim.right))
            except NotSaid:
                return None
        left, right = (spread(side, other) for side, other in ((left, right), (right, left)))
        relation = claim.sign
        if relation in ("≤", "<"):
            left, right, relation = right, left, {"≤": "≥", "<": ">"}[relation]
        more = tuple(needs)
        given += [each for of in self.given.values() for each in declared(*of)]
        return Stated(left, right, relation, tuple(given), self.meant, more)

    def number(self, size: Expr) -> int:
        """A formula of sizes."""
        values = {size_symbol(head): Integer(value) for head, value in self.sizes.items()}
        return int(size.xreplace(values))

    def range(self, found: Range) -> range:
        return range(self.number(found.first), self.number(found.last) + 1, found.step)

    def index(self, index: Index, at: Mapping[str, int]) -> int:
        match index:
            case Running(name=name):
                return at[name]
            case Fixed(value=value):
                return self.number(value)
            case Label(key=key, slots=slots):
                return self.labels[key, tuple(self.index(slot, at) for slot in slots)]
        raise TypeError(f"{index!r} is no index")

    def shape(self, shape: Shape) -> tuple[int, int]:
        assert shape.rows is not None
        assert shape.columns is not None
        return self.number(shape.rows), self.number(shape.columns)

    # Conditions.

    def each_condition(self, found: Condition, at: Mapping[str, int]) -> list[bool | Relational]:
        """Whether it holds; of two matrices, for each entry."""
        if not isinstance(found.left, Core) or not isinstance(found.right, Core):
            assert not isinstance(found.left, Core)
            assert not isinstance(found.right, Core)
            return [bool(REAL[found.sign](self.index(found.left, at), self.index(found.right, at)))]
        left, right = (matrix(self.value(side, at)) for side in (found.left, found.right))
        left, right = spread(left, right), spread(right, left)
        return [compared(found.sign, u - v) for u, v in zip(left, right, strict=True)]

    def indicators(self, found: tuple[Condition, ...], at: Mapping[str, int]) -> Expr:
        said = (each for condition in found for each in self.each_condition(condition, at))
        return prod(map(_indicator, said), start=Integer(1))

    # Formulas.

    def value(self, part: Core, at: Mapping[str, int]) -> Expr | ImmutableMatrix:
        """A number where the shape is one, else a matrix."""
        match part:
            case c.Value(value=value):
                return value.xreplace({size_symbol(s): Integer(v) for s, v in self.sizes.items()})
            case c.Zeros(shape=shape):
                return ImmutableMatrix.zeros(*self.shape(shape))
            case c.IndexValue(index=index):
                return Integer(self.index(index, at))
            case c.Ref():
                return self.letter(part, at)
            case c.Applied():
                return self.applied(part, at)
            case c.At():
                return self.entry(part, at)
            case c.Plus(terms=terms):
                values = [(sign, self.value(term, at)) for sign, term in terms]
                first, *rest = [value if sign > 0 else -value for sign, value in values]
                for value in rest:
                    first = first + value
                return first
            case c.Scaled(factor=factor, of=of):
                return self.value(factor, at) * self.value(of, at)
            case c.MatMul(left=left, right=right, shape=shape):
                return number_if(shape, self.value(left, at) * self.value(right, at))
            case c.Entrywise(left=left, right=right):
                a, b = self.value(left, at), self.value(right, at)
                if part.shape.is_number:
                    return a * b
                return ImmutableMatrix(*a.shape, [u * v for u, v in zip(a, b, strict=True)])
            case c.Over(above=above, below=below):
                return self.value(above, at) / self.divisor(below, at)
            case c.ToThe(base=base, exponent=exponent):
                if exponent < 0:
                    return self.divisor(base, at) ** exponent
                return self.value(base, at) ** exponent
            case c.Function():
                return self.function(part, at)
            case c.Ones(conditions=conditions, shape=shape):
                return self.ones(conditions, shape, at)
            case c.SumOver():
                return self.sum(part, at)
            case c.MaxOver():
                return self.largest(part, at)
            case c.GradientBy(by=by, of=of):
                with self._needs.apart() as needs:
                    f, V = self.value(of, at), self.value(by, at)
                for need in needs:  # √ has no slope at 0
                    self._needs.add(need.value, need.sign.replace("≥", ">"), need.of)
                if isinstance(V, ImmutableMatrix):
                    return ImmutableMatrix(*V.shape, [partial(f, v) for v in V])
                return partial(f, V)
            case c.Stack() | c.Each():
                return self.stacked(part, at)
            case c.Choice(branches=branches):
                return self.choice(branches, at)
        raise TypeError(f"{part!r} has no value")

    def letter(self, ref: c.Ref, at: Mapping[str, int]) -> Expr | ImmutableMatrix:
        place = ref.key, tuple(self.index(slot, at) for slot in ref.slots)
        if place not in self.known.values:
            apart = replace(self, given={}, _needs=Needs())
            with apart._needs.apart() as needs:
                found = apart._letter(ref, place)
            self.known.values[place] = found, tuple(needs), apart.given
        value, needed, given = self.known.values[place]
        self._needs.again(needed)
        self.given.update(given)
        return value

    def _letter(self, ref: c.Ref, place: Instance) -> Expr | ImmutableMatrix:
        definition = ref.letter.definition
        if definition is None:
            symbols = self.symbols(ref.letter, place)
            self.given[place] = ref.letter, symbols
            return number_if(ref.shape, symbols)
        slots = dict(zip(definition.slots, place[1], strict=True))
        return self.named(ref, place, self.value(definition.body, slots))

    def applied(self, part: c.Applied, at: Mapping[str, int]) -> Expr | ImmutableMatrix:
        """The value of f, with what stands in the brackets in the place of its letters."""
        definition = part.function.letter.definition
        assert definition is not None
        slots = {
            name: self.index(slot, at)
            for name, slot in zip(definition.slots, part.function.slots, strict=True)
        }
        with self._needs.apart() as needs:
            body = self.value(definition.body, slots)
        sides = [
            [matrix(self.value(each, at)) for each in pair]
            for pair in zip(part.parameters, part.arguments, strict=True)
        ]
        by_entries = not part.shape.is_number and part.function.shape.is_number
        if by_entries:
            ((parameter, argument),) = sides
            each = [{parameter[0]: entry} for entry in argument]
        else:
            each = [{u: v for pair in sides for u, v in zip(*pair, strict=True)}]
        for need, others in product(needs, each):
            same = not need.value.free_symbols & others.keys()
            self._needs.add(need.value.xreplace(others), need.sign, need.of if same else None)
        values = [body.xreplace(others) for others in each]
        return ImmutableMatrix(*argument.shape, values) if by_entries else values[0]

    def named(
        self, ref: c.Ref, place: Instance, value: Expr | ImmutableMatrix
    ) -> Expr | ImmutableMatrix:
        """Symbols in place of what a letter is defined as, if the page differentiates by it."""
        if ref.key not in self.kept:
            return value
        symbols = self.symbols(ref.letter, place)
        for symbol, entry in zip(symbols, matrix(value), strict=True):
            self.meant.of[symbol] = entry
            self.meant.family[symbol] = place
        return number_if(ref.shape, symbols)

    def symbols(self, letter: Letter, place: Instance) -> ImmutableMatrix:
        rows, columns = self.shape(letter.shape)
        above, below = place[1][: letter.above], place[1][letter.above :]
        head = head_written(letter.head) + "".join(f"({slot})" for slot in above)
        signs = {">": {"positive": True}, ">=": {"nonnegative": True}}.get(letter.sign, {})

        def symbol(a: int, b: int) -> Symbol:
            one = [a + 1] if columns == 1 and letter.shape.columns == 1 else [a + 1, b + 1]
            lowered = ",".join(map(str, (*below, *one[: 2 * (not letter.shape.is_number)])))
            return Symbol(f"{head}_{lowered}" if lowered else head, real=True, **signs)

        return ImmutableMatrix(
            rows, columns, [symbol(a, b) for a in range(rows) for b in range(columns)]
        )

    def entry(self, part: c.At, at: Mapping[str, int]) -> Expr | ImmutableMatrix:
        of = matrix(self.value(part.of, at))
        places: list[int | slice[None]] = []
        for index, size in ((part.row, part.of.shape.rows), (part.column, part.of.shape.columns)):
            if index is None:
                places.append(slice(None))
                continue
            assert size is not None
            places.append(self.index(index, at) - self.first(size))
        row, column = places
        if isinstance(row, int) and not 0 <= row < of.rows:
            raise IndexError(f"there is no entry {row + 1} of {of.rows}")
        return of[row, column]

    def first(self, size: Expr) -> int:
        """The number of the first entry along a size."""
        return self.number(self.numbering[size].first) if size in self.numbering else 1

    def function(self, part: c.Function, at: Mapping[str, int]) -> Expr | ImmutableMatrix:
        of = self.value(part.of, at)
        if part.name in ("log", "sqrt"):
            self.needed(of, ">" if part.name == "log" else "≥", part.of)
        one = {"max0": hinge, "exp": exp, "log": log, "sqrt": root}.get(part.name)
        if one is not None:
            return of.applyfunc(one) if isinstance(of, ImmutableMatrix) else one(of)
        M = matrix(of)
        match part.name:
            case "square":
                return sum((entry**2 for entry in M), Integer(0))
            case "transpose":
                return number_if(part.shape, M.T)
            case "diag":
                return number_if(part.shape, ImmutableMatrix(diag(*M)) if len(M) else M[:0, :0])
            case "tr":
                return M.trace()
            case "det":
                return M.det(method="berkowitz")
            case "inverse":
                det = M.det(method="berkowitz")
                return M.adjugate() / self.needed(det, "≠", c.Function(c.NUMBER, "det", part.of))
        raise TypeError(f"{part.name} is no function")

    def divisor(self, part: Core, at: Mapping[str, int]) -> Expr:
        """A value that must not be 0: of √u, that u > 0."""
        if isinstance(part, c.Function) and part.name == "sqrt":
            self.needed(self.value(part.of, at), ">", part.of)
            return self.value(part, at)
        return self.needed(self.value(part, at), "≠", part)

    def needed(self, value: Expr | ImmutableMatrix, sign: str, of: Core) -> Any:
        """The value, noted as one that something needs to be of this sign."""
        for entry in value if isinstance(value, ImmutableMatrix) else (value,):
            if not entry.is_Rational or entry == 0 or (entry < 0 and sign != "≠"):
                self._needs.add(entry, sign, of)
        return value

    def ones(
        self, found: tuple[Condition, ...], shape: Shape, at: Mapping[str, int]
    ) -> Expr | ImmutableMatrix:
        if shape.is_number:
            return self.indicators(found, at)
        (only,) = found
        entries = map(_indicator, self.each_condition(only, at))
        return ImmutableMatrix(*self.shape(shape), list(entries))

    def largest(self, part: c.MaxOver, at: Mapping[str, int]) -> Expr:
        """max(u, v, …): u + max(0, v − u) of the first two, and so on."""
        inner = ({**at, part.index: value} for value in self.range(part.range))
        first, *others = (
            self.value(part.of, each) for each in inner if self.indicators(part.conditions, each)
        )
        return reduce(lambda u, v: u + hinge(v - u), others, first)

    def sum(self, part: c.SumOver, at: Mapping[str, int]) -> Expr | ImmutableMatrix:
        shape = part.shape
        result = Integer(0) if shape.is_number else ImmutableMatrix.zeros(*self.shape(shape))
        for value in self.range(part.range):
            inner = {**at, part.index: value}
            counts = self.indicators(part.conditions, inner)
            if counts != 0:
                result = result + counts * self.value(part.of, inner)
        return result

    def stacked(self, part: c.Stack | c.Each, at: Mapping[str, int]) -> ImmutableMatrix:
        rows, columns = self.shape(part.shape)
        if isinstance(part, c.Stack):
            blocks = [[matrix(self.value(block, at)) for block in row] for row in part.blocks]
        else:
            besides = {self.index(index, at): of for index, of in part.besides}
            each = [
                matrix(self.value(besides.get(value, part.of), {**at, part.index: value}))
                for value in self.range(part.range)
            ]
            blocks = [[block] for block in each] if part.down else [each]
        entries: list[Expr] = []
        for row in blocks:
            for a in range(row[0].rows if row else 0):
                entries += [entry for block in row for entry in block.row(a)]
        return number_if(part.shape, ImmutableMatrix(rows, columns, entries))

    def choice(
        self, branches: tuple[tuple[tuple[Condition, ...], Core], ...], at: Mapping[str, int]
    ) -> Expr | ImmutableMatrix:
        if not branches:
            raise NotSaid
        (given, of), *others = branches
        counts = self.indicators(given, at)
        if counts == 1 or not given:
            return self.value(of, at)
        rest = self.choice(tuple(others), at)
        return rest if counts == 0 else counts * self.value(of, at) + (1 - counts) * rest


def _indicator(said: bool | Relational) -> Expr:
    return Integer(said) if isinstance(said, bool) else indicator(said)
