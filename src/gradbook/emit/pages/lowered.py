"""A page's formulas as terms, and its definitions as arrays, in the order in which they are made.

`Lowering.entry` asks a formula for its entry at a row and a column: of a product that is a sum over
the axis between them, of a transpose the entry at the column and the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from sympy import Expr, Integer

from gradbook.emit.pages.algebra import mapped, minus, plus, power, same, times, total, with_index
from gradbook.emit.pages.exponentials import logarithm, quotient, spelled_out
from gradbook.emit.pages.names import NotEmitted, name_of
from gradbook.emit.pages.slopes import collected, pushed
from gradbook.emit.pages.terms import (
    ONE,
    ZERO,
    Apply,
    Array,
    Axis,
    Counted,
    Det,
    Fixed,
    Holds,
    Index,
    Joined,
    LabelAt,
    Number,
    Ref,
    Term,
    Where,
    names,
)
from gradbook.emit.pages.without_letters import inverse, largest
from gradbook.page import core as c
from gradbook.page.core import Core, Letter, Range
from gradbook.page.letters import Letters


@dataclass
class Lowering:
    """Makes terms. arrays: what they refer to, by name, each after what it is made of."""

    letters: Letters
    arrays: dict[str, Array] = field(default_factory=dict)
    labels: dict[str, Array] = field(default_factory=dict)
    inverses: dict[Term, str] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)

    def along(self, size: Expr | None) -> Range:
        """How the entries along a size are numbered."""
        if size is None:
            raise NotEmitted("the page leaves a shape open")
        return self.letters.numbered(size)

    def axis(self, found: Range, name: str = "r") -> Axis:
        """A new axis."""
        if found.step != 1:
            raise NotEmitted("an index that runs in steps is not emitted")
        return Axis(f"{name}{next(self._numbers)}", found)

    def sides(self, shape: c.Shape, name: str = "r") -> tuple[Axis | None, Axis | None]:
        """New axes for the rows and the columns; None where there is one."""
        rows, columns = (
            None if size == 1 else self.axis(self.along(size), name)
            for size in (shape.rows, shape.columns)
        )
        return rows, columns

    def index(self, index: c.Index, at: Mapping[Any, Any]) -> Index:
        match index:
            case c.Running(name=name):
                return at[name]
            case c.Fixed(value=value):
                return Fixed(value)
            case c.Label(letter=letter, slots=slots, range=found):
                name = name_of(letter, self.letters)
                if name not in self.labels:
                    axes = tuple(self.axis(slot) for slot in letter.slots)
                    self.labels[name] = Array(name, axes, letter)
                indices = tuple(self.index(slot, at) for slot in slots)
                counted = found.step == 1  # −1 and 1 are numbers, and are given as such
                return LabelAt(name, indices, found.first if counted else Integer(0))
        raise TypeError(f"{index!r} is no index")

    def array(self, letter: Letter) -> Array:
        """The array of a letter, made where it is not there yet."""
        name = name_of(letter, self.letters)
        if name in self.arrays:
            return self.arrays[name]
        slots = [self.axis(slot, name) for slot in letter.slots]
        row, column = self.sides(letter.shape, name)
        axes = (*slots, *(side for side in (row, column) if side is not None))
        definition = letter.definition
        body = None
        if definition is not None:
            at: dict[Any, Any] = dict(zip(definition.slots, slots, strict=True))
            for condition in definition.domain:
                self.condition(condition, at)
            body = self.entry(definition.body, row, column, at)
        elif letter.kind == "defined":
            raise NotEmitted(f"{name} is a function of others on the page, and is not emitted")
        self.arrays[name] = Array(name, axes, letter, body)
        return self.arrays[name]

    # Formulas.

    def entry(
        self, part: Core, row: Index | None, column: Index | None, at: Mapping[Any, Any]
    ) -> Term:
        """The entry of a formula at a row and a column; None where it has one alone."""

        def of(one: Core) -> Term:
            return self.entry(one, row, column, at)

        match part:
            case c.Value(value=value):
                return Number(value)
            case c.Zeros():
                return ZERO
            case c.IndexValue(index=index):
                return Counted(self.index(index, at))
            case c.Ref(key=key) if key in at:
                argument, outside, place = at[key]
                inner_row, inner_column = place or (row, column)
                return self.entry(argument, inner_row, inner_column, outside)
            case c.Ref(letter=letter, slots=slots):
                sides = zip((row, column), (letter.shape.rows, letter.shape.columns), strict=True)
                places = [place for place, size in sides if size != 1 and place is not None]
                indices = tuple(self.index(slot, at) for slot in slots)
                return Ref(self.array(letter).name, (*indices, *places))
            case c.Applied(function=function, parameters=parameters, arguments=arguments):
                return self._applied(function, parameters, arguments, row, column, at)
            case c.At(of=inner, row=r, column=k):
                return self.entry(
                    inner,
                    row if r is None else self.index(r, at),
                    column if k is None else self.index(k, at),
                    at,
                )
            case c.Plus(terms=terms):
                return plus(of(term) if sign > 0 else minus(of(term)) for sign, term in terms)
            case c.Scaled(factor=factor, of=inner):
                return times(self.entry(factor, None, None, at), of(inner))
            case c.MatMul(left=left, right=right):
                between = self._between(left.shape.columns)
                product = times(
                    self.entry(left, row, between, at), self.entry(right, between, column, at)
                )
                return product if between is None else total(product, between)
            case c.Entrywise(left=left, right=right):
                return times(of(left), of(right))
            case c.Over(above=above, below=below):
                return quotient(
                    self.entry(above, row, column, at), self.entry(below, None, None, at)
                )
            case c.ToThe(base=base, exponent=exponent):
                return power(of(base), exponent)
            case c.Function():
                return self._function(part, row, column, at)
            case c.Ones(conditions=conditions):
                return times(*(self.condition(each, at, row, column) for each in conditions))
            case c.SumOver(index=name, range=found, conditions=conditions, of=inner):
                axis = self.axis(found)
                within = {**at, name: axis}
                chosen = [self.condition(each, within) for each in conditions]
                return total(times(*chosen, self.entry(inner, row, column, within)), axis)
            case c.MaxOver():
                return largest(self, part, at)
            case c.Each(index=name, of=inner, besides=besides, down=down):
                return self._each(name, inner, besides, down, row, column, at)
            case c.GradientBy(by=by, of=inner):
                return self._slope(by, inner, row, column, at)
            case c.Stack(blocks=blocks):
                return self._stack(blocks, row, column, at)
            case c.Choice(branches=branches):
                return self._choice(branches, row, column, at)
        raise NotEmitted(f"{type(part).__name__} is not emitted")

    def condition(
        self,
        found: c.Condition,
        at: Mapping[Any, Any],
        row: Index | None = None,
        column: Index | None = None,
    ) -> Term:
        left, right = found.left, found.right
        if isinstance(left, Core) and isinstance(right, Core):
            sides = [
                ZERO if isinstance(one, c.Zeros) else self.entry(one, row, column, at)
                for one in (left, right)
            ]
            return Holds(plus([sides[0], minus(sides[1])]), found.sign)
        assert not isinstance(left, Core)
        assert not isinstance(right, Core)
        return same(self.index(left, at), found.sign, self.index(right, at))

    def _between(self, size: Expr | None) -> Axis | None:
        return None if size == 1 else self.axis(self.along(size))

    def _function(
        self, part: c.Function, row: Index | None, column: Index | None, at: Mapping[Any, Any]
    ) -> Term:
        inner = part.of
        match part.name:
            case "log":  # of p_y = exp(…) / Σ exp(…), say: p_y itself may be too small
                return logarithm(spelled_out(self.entry(inner, row, column, at), self.unfolded))
            case "exp" | "sqrt" | "max0":
                return Apply(part.name, self.entry(inner, row, column, at))
            case "transpose":
                return self.entry(inner, column, row, at)
            case "square":
                sides = self.sides(inner.shape)
                found = power(self.entry(inner, sides[0], sides[1], at), 2)
                for side in sides:
                    found = found if side is None else total(found, side)
                return found
            case "tr":
                axis = self._between(inner.shape.rows)
                found = self.entry(inner, axis, axis, at)
                return found if axis is None else total(found, axis)
            case "inverse":
                name, axes = inverse(self, inner, at)
                indices = zip((row, column), axes, strict=True)
                return Ref(name, tuple(one for one, axis in indices if one is not None))
            case "det":
                name, (r, k) = inverse(self, inner, at)
                return Det(self.entry(inner, r, k, at), r, k, name)
            case "diag":
                if row is None or column is None:
                    return self.entry(inner, row, column, at)
                down = inner.shape.columns == 1
                found = self.entry(inner, row if down else None, None if down else row, at)
                return times(same(row, "=", column), found)
        raise NotEmitted(f"{part.name} of a matrix is not emitted for any size")

    def unfolded(self, ref: Ref) -> Term:
        """What an entry of a defined array is; the entry itself, of one that is given."""
        array = self.arrays[ref.name]
        if array.body is None:
            return ref
        found = array.body
        for axis, index in zip(array.axes, ref.indices, strict=True):
            found = with_index(found, axis, index)
        return found

    def _applied(
        self,
        function: c.Ref,
        parameters: tuple[c.Ref, ...],
        arguments: tuple[Core, ...],
        row: Index | None,
        column: Index | None,
        at: Mapping[Any, Any],
    ) -> Term:
        """f(u): the body of f, with what stands in the brackets in the place of its letters."""
        definition = function.letter.definition
        if definition is None:
            raise NotEmitted(f"{function.letter.head} is not defined on the page")
        slots = zip(definition.slots, function.slots, strict=True)
        within: dict[Any, Any] = {name: self.index(slot, at) for name, slot in slots}
        by_entries = function.shape.is_number
        for parameter, argument in zip(parameters, arguments, strict=True):
            place = (row, column) if by_entries and not argument.shape.is_number else None
            within[parameter.key] = argument, at, place
        if by_entries:
            row = column = None
        return self.entry(definition.body, row, column, within)

    def _slope(
        self,
        by: Core,
        inner: Core,
        row: Index | None,
        column: Index | None,
        at: Mapping[Any, Any],
    ) -> Term:
        """The slope of a number by a letter, or by a row or an entry of it."""
        whole = by.of if isinstance(by, c.At) else by
        if not isinstance(whole, c.Ref):
            raise NotEmitted("a slope by what is no letter is not emitted")
        array = self.array(whole.letter)
        f = self._down_to(self.entry(inner, None, None, at), array.name)
        axes = tuple(self.axis(axis.range) for axis in array.axes)
        shares = [share for name, share in pushed(f, ONE) if name == array.name]
        found = collected(shares, axes, f.axes)
        place = self.entry(by, row, column, at)  # the entry by which it is asked
        assert isinstance(place, Ref)
        for axis, index in zip(axes, place.indices, strict=True):
            found = with_index(found, axis, index)
        return found

    def _down_to(self, term: Term, name: str) -> Term:
        """The term without defined arrays that are made of the array `name`."""
        if isinstance(term, Ref):
            made_of_it = term.name != name and self._is_made_of(term.name, name)
            return self._down_to(self.unfolded(term), name) if made_of_it else term
        return mapped(term, lambda part: self._down_to(part, name))

    def _is_made_of(self, one: str, name: str) -> bool:
        if one == name:
            return True
        body = self.arrays[one].body if one in self.arrays else None
        return body is not None and any(self._is_made_of(each, name) for each in names(body))

    def _each(
        self,
        name: str,
        inner: Core,
        besides: tuple[tuple[c.Index, Core], ...],
        down: bool,
        row: Index | None,
        column: Index | None,
        at: Mapping[Any, Any],
    ) -> Term:
        """Blocks of one row (or column) each: the entry of the block whose number the row is."""
        size = inner.shape.rows if down else inner.shape.columns
        place = row if down else column
        if size != 1 or place is None:
            raise NotEmitted("blocks of more than one row, put together, are not emitted")
        row, column = (None, column) if down else (row, None)
        found = self.entry(inner, row, column, {**at, name: place})
        for index, other in besides:
            found = Where(
                same(place, "=", self.index(index, at)),
                self.entry(other, row, column, {**at, name: place}),
                found,
            )
        return found

    def _stack(
        self,
        blocks: tuple[tuple[Core, ...], ...],
        row: Index | None,
        column: Index | None,
        at: Mapping[Any, Any],
    ) -> Term:
        """Blocks in one column, or in one row, one after the other."""
        down = len(blocks[0]) == 1
        parts = [each[0] for each in blocks] if down else list(blocks[0])
        along = row if down else column
        if (len(blocks) > 1 and not down) or not isinstance(along, Axis):
            raise NotEmitted("blocks beside and below each other are not emitted")
        places: list[Axis | Fixed] = []
        terms: list[Term] = []
        first = along.range.first
        for part in parts:
            size = part.shape.rows if down else part.shape.columns
            if size is None:
                raise NotEmitted("the page leaves a shape open")
            place: Axis | Fixed = Fixed(first)
            entry_at = None
            if size != 1:
                entry_at = self.axis(self.along(size))
                place = Axis(entry_at.name, Range(first, (first + size - 1).expand()))
            places.append(place)
            of_row, of_column = (entry_at, column) if down else (row, entry_at)
            terms.append(self.entry(part, of_row, of_column, at))
            first = (first + size).expand()
        return Joined(along, tuple(places), tuple(terms))

    def _choice(
        self,
        branches: tuple[tuple[tuple[c.Condition, ...], Core], ...],
        row: Index | None,
        column: Index | None,
        at: Mapping[Any, Any],
    ) -> Term:
        (given, of), *others = branches
        value = self.entry(of, row, column, at)
        if given and not others:
            raise NotEmitted("cases that do not say what holds otherwise are not emitted")
        if not given:
            return value
        condition = times(*(self.condition(each, at) for each in given))
        return Where(condition, value, self._choice(tuple(others), row, column, at))
