"""A page's formulas as terms, and its definitions as arrays, in the order in which they are made.

`Lowering.entry` asks a formula for its entry at a row and a column: of a product that is a sum over
the axis between them, of a transpose the entry at the column and the row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
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

#: What a name stands for: an index, or an argument of a function with the place that it is at.
Names = Mapping[Any, Any]


@dataclass(frozen=True)
class Place:
    """The entry that a formula is asked for: its row and its column, None where it has one alone.

    names: what the indices are there, and the letters of a function.
    """

    row: Index | None = None
    column: Index | None = None
    names: Names = field(default_factory=dict)

    @property
    def alone(self) -> Place:
        """The place of a number."""
        return Place(None, None, self.names)

    def at(self, row: Index | None, column: Index | None) -> Place:
        return replace(self, row=row, column=column)

    def where(self, names: Names) -> Place:
        """The same with more names."""
        return replace(self, names={**self.names, **names})


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

    def index(self, index: c.Index, names: Names) -> Index:
        match index:
            case c.Running(name=name):
                return names[name]
            case c.Fixed(value=value):
                return Fixed(value)
            case c.Label(letter=letter, slots=slots, range=found):
                name = name_of(letter, self.letters)
                if name not in self.labels:
                    axes = tuple(self.axis(slot) for slot in letter.slots)
                    self.labels[name] = Array(name, axes, letter)
                indices = tuple(self.index(slot, names) for slot in slots)
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
            place = Place(row, column, dict(zip(definition.slots, slots, strict=True)))
            for condition in definition.domain:
                self.condition(condition, place.alone)
            body = self.entry(definition.body, place)
        elif letter.kind == "defined":
            raise NotEmitted(f"{name} is a function of others on the page, and is not emitted")
        self.arrays[name] = Array(name, axes, letter, body)
        return self.arrays[name]

    # Formulas.

    def entry(self, part: Core, at: Place) -> Term:
        """The entry of a formula at a place."""
        match part:
            case c.Value(value=value):
                return Number(value)
            case c.Zeros():
                return ZERO
            case c.IndexValue(index=index):
                return Counted(self.index(index, at.names))
            case c.Ref():
                return self._letter(part, at)
            case c.Applied():
                return self._applied(part, at)
            case c.At(of=inner, row=row, column=column):
                chosen = at.row if row is None else self.index(row, at.names)
                other = at.column if column is None else self.index(column, at.names)
                return self.entry(inner, at.at(chosen, other))
            case c.Plus(terms=terms):
                entries = ((sign, self.entry(term, at)) for sign, term in terms)
                return plus(term if sign > 0 else minus(term) for sign, term in entries)
            case c.Scaled(factor=factor, of=inner):
                return times(self.entry(factor, at.alone), self.entry(inner, at))
            case c.MatMul(left=left, right=right):
                between = self._between(left.shape.columns)
                product = times(
                    self.entry(left, at.at(at.row, between)),
                    self.entry(right, at.at(between, at.column)),
                )
                return product if between is None else total(product, between)
            case c.Entrywise(left=left, right=right):
                return times(self.entry(left, at), self.entry(right, at))
            case c.Over(above=above, below=below):
                return quotient(self.entry(above, at), self.entry(below, at.alone))
            case c.ToThe(base=base, exponent=exponent):
                return power(self.entry(base, at), exponent)
            case c.Function():
                return self._function(part, at)
            case c.Ones(conditions=conditions):
                return times(*(self.condition(each, at) for each in conditions))
            case c.SumOver(index=name, range=found, conditions=conditions, of=inner):
                axis = self.axis(found)
                within = at.where({name: axis})
                chosen_ones = [self.condition(each, within.alone) for each in conditions]
                return total(times(*chosen_ones, self.entry(inner, within)), axis)
            case c.MaxOver():
                return largest(self, part, at.alone)
            case c.Each():
                return self._each(part, at)
            case c.GradientBy():
                return self._slope(part, at)
            case c.Stack():
                return self._stack(part, at)
            case c.Choice(branches=branches):
                return self._choice(branches, at)
        raise NotEmitted(f"{type(part).__name__} is not emitted")

    def condition(self, found: c.Condition, at: Place) -> Term:
        left, right = found.left, found.right
        if isinstance(left, Core) and isinstance(right, Core):
            sides = [
                ZERO if isinstance(one, c.Zeros) else self.entry(one, at) for one in (left, right)
            ]
            return Holds(plus([sides[0], minus(sides[1])]), found.sign)
        assert not isinstance(left, Core)
        assert not isinstance(right, Core)
        return same(self.index(left, at.names), found.sign, self.index(right, at.names))

    def _between(self, size: Expr | None) -> Axis | None:
        return None if size == 1 else self.axis(self.along(size))

    def _letter(self, part: c.Ref, at: Place) -> Term:
        """An entry of an array; of a letter of a function, of what stands in its place."""
        if part.key in at.names:
            argument, outside, by_entries = at.names[part.key]
            inner = outside if by_entries else outside.at(at.row, at.column)
            return self.entry(argument, inner)
        letter = part.letter
        sides = zip((at.row, at.column), (letter.shape.rows, letter.shape.columns), strict=True)
        places = [place for place, size in sides if size != 1 and place is not None]
        indices = tuple(self.index(slot, at.names) for slot in part.slots)
        return Ref(self.array(letter).name, (*indices, *places))

    def _function(self, part: c.Function, at: Place) -> Term:
        inner = part.of
        match part.name:
            case "log":  # of p_y = exp(…) / Σ exp(…), say: p_y itself may be too small
                return logarithm(spelled_out(self.entry(inner, at), self.unfolded))
            case "exp" | "sqrt" | "max0":
                return Apply(part.name, self.entry(inner, at))
            case "transpose":
                return self.entry(inner, at.at(at.column, at.row))
            case "square":
                sides = self.sides(inner.shape)
                found = power(self.entry(inner, at.at(*sides)), 2)
                for side in sides:
                    found = found if side is None else total(found, side)
                return found
            case "tr":
                axis = self._between(inner.shape.rows)
                found = self.entry(inner, at.at(axis, axis))
                return found if axis is None else total(found, axis)
            case "inverse":
                name, axes = inverse(self, inner, at)
                indices = zip((at.row, at.column), axes, strict=True)
                return Ref(name, tuple(one for one, axis in indices if one is not None))
            case "det":
                name, (row, column) = inverse(self, inner, at)
                return Det(self.entry(inner, at.at(row, column)), row, column, name)
            case "diag":
                if at.row is None or at.column is None:
                    return self.entry(inner, at)
                ends = (at.row, None) if inner.shape.columns == 1 else (None, at.row)
                return times(same(at.row, "=", at.column), self.entry(inner, at.at(*ends)))
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

    def _applied(self, part: c.Applied, at: Place) -> Term:
        """f(u): the body of f, with what stands in the brackets in the place of its letters."""
        function = part.function
        definition = function.letter.definition
        if definition is None:
            raise NotEmitted(f"{function.letter.head} is not defined on the page")
        slots = zip(definition.slots, function.slots, strict=True)
        names: dict[Any, Any] = {name: self.index(slot, at.names) for name, slot in slots}
        by_entries = function.shape.is_number
        for parameter, argument in zip(part.parameters, part.arguments, strict=True):
            names[parameter.key] = argument, at, by_entries and not argument.shape.is_number
        here = Place(None, None, names) if by_entries else Place(at.row, at.column, names)
        return self.entry(definition.body, here)

    def _slope(self, part: c.GradientBy, at: Place) -> Term:
        """The slope of a number by a letter, or by a row or an entry of it."""
        whole = part.by.of if isinstance(part.by, c.At) else part.by
        if not isinstance(whole, c.Ref):
            raise NotEmitted("a slope by what is no letter is not emitted")
        array = self.array(whole.letter)
        f = self._down_to(self.entry(part.of, at.alone), array.name)
        axes = tuple(self.axis(axis.range) for axis in array.axes)
        shares = [share for name, share in pushed(f, ONE) if name == array.name]
        found = collected(shares, axes, f.axes)
        place = self.entry(part.by, at)  # the entry by which it is asked
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

    def _each(self, part: c.Each, at: Place) -> Term:
        """Blocks of one row (or column) each: the entry of the block whose number the row is."""
        size = part.of.shape.rows if part.down else part.of.shape.columns
        place = at.row if part.down else at.column
        if size != 1 or place is None:
            raise NotEmitted("blocks of more than one row, put together, are not emitted")
        ends = (None, at.column) if part.down else (at.row, None)
        within = at.at(*ends).where({part.index: place})
        found = self.entry(part.of, within)
        for index, other in part.besides:
            here = same(place, "=", self.index(index, at.names))
            found = Where(here, self.entry(other, within), found)
        return found

    def _stack(self, part: c.Stack, at: Place) -> Term:
        """Blocks in one column, or in one row, one after the other."""
        blocks = part.blocks
        down = len(blocks[0]) == 1
        parts = [each[0] for each in blocks] if down else list(blocks[0])
        along = at.row if down else at.column
        if (len(blocks) > 1 and not down) or not isinstance(along, Axis):
            raise NotEmitted("blocks beside and below each other are not emitted")
        places: list[Axis | Fixed] = []
        terms: list[Term] = []
        first = along.range.first
        for block in parts:
            size = block.shape.rows if down else block.shape.columns
            if size is None:
                raise NotEmitted("the page leaves a shape open")
            place: Axis | Fixed = Fixed(first)
            inside = None
            if size != 1:
                inside = self.axis(self.along(size))
                place = Axis(inside.name, Range(first, (first + size - 1).expand()))
            places.append(place)
            ends = (inside, at.column) if down else (at.row, inside)
            terms.append(self.entry(block, at.at(*ends)))
            first = (first + size).expand()
        return Joined(along, tuple(places), tuple(terms))

    def _choice(
        self, branches: tuple[tuple[tuple[c.Condition, ...], Core], ...], at: Place
    ) -> Term:
        (given, of), *others = branches
        value = self.entry(of, at)
        if given and not others:
            raise NotEmitted("cases that do not say what holds otherwise are not emitted")
        if not given:
            return value
        condition = times(*(self.condition(each, at.alone) for each in given))
        return Where(condition, value, self._choice(tuple(others), at))
