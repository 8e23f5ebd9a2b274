"""A formula of letters at numbers: given sizes and data, exactly, derivatives included.

`subs(...).doit()` would let SymPy rewrite masks and ranges on the way; `value` only computes.
Numbers are rational, so that nothing is rounded and a margin is 0 or is not. A ∂f/∂v is computed
with dual numbers, u + u′ε: each operation carries the derivative along, each kink with its declared
slope. No rule of the derivations is used. A formula with exp, log or a root has no exact value; it
is computed with 50 digits, and `same` compares 40.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache, reduce
from math import prod
from typing import Any

import mpmath
from sympy import (
    Abs,
    Add,
    And,
    Expr,
    Function,
    Heaviside,
    Indexed,
    Max,
    Min,
    Mul,
    Or,
    Piecewise,
    Pow,
    Sum,
    Symbol,
    sign,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from gradbook.any_size.binding import definition_of, is_closed, nested
from gradbook.any_size.instances import Instance, whole
from gradbook.any_size.inverses import det, inverse
from gradbook.any_size.largest import chosen, largest
from gradbook.any_size.letters import Defined, is_size, range_of, within, zero
from gradbook.any_size.numbers import (
    DIGITS,
    PIECES,
    Dual,
    Number,
    applied,
    determinant,
    dual,
    inverse_entry,
    is_rational,
    plain,
    positive,
    power,
    precise,
    sign_of,
)
from gradbook.notation import equal, hinge, partial, step, unequal


class Undefined(ValueError):
    """A formula that cannot be computed."""


class OutOfRange(Undefined):
    """A formula that asks for what an instance does not have, such as s_C."""


@dataclass
class _Point:
    """An instance while a formula is computed: the bound indices, and what ∂ is taken by.

    directions: the letters that ∂ is taken by, each with its place, the outermost first.
    """

    data: Instance
    exact: bool
    indices: dict[Symbol, int]
    directions: tuple[_Entry, ...] = ()
    on_kink: bool = False

    def number(self, value: Fraction | int) -> Number:
        return value if self.exact else mpmath.mpf(value.numerator) / value.denominator

    def letter(self, letter: Expr, at: tuple[int, ...], defined: Defined | None) -> Number:
        """The value of an entry, with the derivatives that are asked for."""
        if defined is None or not is_closed(defined):
            return self._found(letter, at, defined)
        key, found = (letter, at, self.directions, self.exact), self.data.found
        if key not in found:
            found[key] = self._found(letter, at, defined)
        return found[key]

    def _found(self, letter: Expr, at: tuple[int, ...], defined: Defined | None) -> Number:
        if all(base != letter for base, _ in self.directions):
            if defined is None:
                return self.number(_entry(self.data.values[letter], at, letter))
            return self.with_indices(dict(zip(defined.slots, at, strict=True)), defined.meaning)
        *outer, (base, where) = self.directions
        if base != letter and defined is not None:
            raise Undefined(f"∂/∂{base} of a derivative by {letter} has no value here")
        with self.along(tuple(outer)):
            found = self.letter(letter, at, defined)
        return Dual(found, self.number(int(base == letter and at == where)))

    def with_indices(self, indices: dict[Symbol, int], formula: Expr) -> Number:
        """The value of a formula with other indices, and no others."""
        outer, self.indices = self.indices, indices
        try:
            return _compiled(formula)(self)
        finally:
            self.indices = outer

    @contextmanager
    def along(self, directions: tuple[_Entry, ...]) -> Iterator[None]:
        outer, self.directions = self.directions, directions
        try:
            yield
        finally:
            self.directions = outer


#: A letter without indices, and its place.
_Entry = tuple[Expr, tuple[int, ...]]

_Compiled = Callable[[_Point], Number]


def value(expr: Expr, instance: Instance) -> Number:
    """The value of a formula: an int or a Fraction, or an mpf of 50 digits if it is not rational.

    Raises OutOfRange where an index is, and Undefined for what cannot be computed.
    """
    return computed(expr, instance)[0]


def computed(expr: Expr, instance: Instance) -> tuple[Number, bool]:
    """The value of a formula, and whether a kink was hit on the way."""
    point = _Point(instance, exact=is_rational(expr), indices=dict(instance.indices))
    try:
        with nullcontext() if point.exact else precise():
            found = _compiled(expr)(point)
    except (TypeError, AttributeError, NameError, KeyError, OverflowError) as error:
        raise Undefined(f"{expr} cannot be computed: {error}") from error
    return found, point.on_kink


def holds(condition: Expr, instance: Instance) -> bool:
    """Whether a comparison holds. Raises as `value` does."""
    if isinstance(condition, BooleanAtom):
        return bool(condition)
    return bool(condition.func(sign_of(value(_difference(condition), instance)), 0))


@lru_cache(maxsize=1_000)
def _difference(condition: Expr) -> Expr:
    return condition.lhs - condition.rhs


@lru_cache(maxsize=20_000)
def _compiled(expr: Expr) -> _Compiled:
    match expr:
        case Indexed():
            return _letter(expr)
        case Sum():
            return _sum(expr)
        case Add():
            return _folded(operator.add, expr.args)
        case Mul():
            return _folded(operator.mul, expr.args)
        case partial():
            return _derivative(*expr.args)
        case Piecewise():
            return _piecewise(expr)
        case equal() | unequal():
            wanted = isinstance(expr, equal)
            p, q = map(_index, expr.args)
            return lambda point: int((p(point) == q(point)) == wanted)
        case within():
            term, first, last = map(_index, expr.args)
            return lambda point: int(first(point) <= term(point) <= last(point))
        case hinge() | step() | zero():
            return _kinked(expr)
        case largest() | chosen():
            return _largest(expr)
        case inverse() | det():
            return _of_matrix(expr)
        case Abs() | sign() | Max() | Min() | Heaviside():
            return _in_pieces(expr)
        case Pow() if expr.exp.is_Integer:
            inside, exponent = _compiled(expr.base), int(expr.exp)
            return lambda point: power(inside(point), exponent)
        case Pow() | Function():
            return _function(expr)
        case Symbol():
            return _symbol(expr)
    if expr.is_Rational:
        constant = whole(Fraction(int(expr.p), int(expr.q)))
        return lambda point: point.number(constant)
    if expr.is_number:
        return lambda point: mpmath.mpf(expr.evalf(DIGITS))
    raise Undefined(f"{expr} has no value")


def _symbol(letter: Symbol) -> _Compiled:
    if is_size(letter) or range_of(letter) is not None or letter.is_integer:
        index = _index(letter)
        return lambda point: point.number(index(point))
    defined = definition_of(letter)
    return lambda point: point.letter(letter, (), defined)


@lru_cache(maxsize=5_000)
def _index(expr: Expr) -> Callable[[_Point], int]:
    """An index, a size or the end of a sum: an integer."""
    if isinstance(expr, Symbol):
        return lambda point: _known(expr, point)
    if isinstance(expr, Indexed) and range_of(expr) is not None:
        indices = [_index(index) for index in expr.indices]
        return lambda point: _entry(
            point.data.values[expr.base], tuple(index(point) for index in indices), expr
        )
    if expr.is_Integer:
        return lambda point: int(expr)
    if expr.is_Add or expr.is_Mul:
        parts = [_index(part) for part in expr.args]
        combined = sum if expr.is_Add else prod
        return lambda point: combined(part(point) for part in parts)
    raise Undefined(f"{expr} is not an index")


def _known(letter: Symbol, point: _Point) -> int:
    if is_size(letter):
        return point.data.sizes[letter]
    if letter in point.indices:
        return point.indices[letter]
    if letter in point.data.indices:
        return point.data.indices[letter]
    raise Undefined(f"{letter} has no value")


def _entry(table: Any, at: tuple[int, ...], expr: Expr) -> Any:
    for position in at:
        if not 0 <= position < len(table):
            raise OutOfRange(f"there is no {expr} for the index {position} of {len(table)}")
        table = table[position]
    return table


def _letter(expr: Indexed) -> _Compiled:
    if range_of(expr) is not None:
        index = _index(expr)
        return lambda point: point.number(index(point))
    base, defined, place = expr.base, definition_of(expr), _place(expr)
    return lambda point: point.letter(base, place(point), defined)


def _place(expr: Expr) -> Callable[[_Point], tuple[int, ...]]:
    """The indices of a letter, each in its range; none for a number."""
    indices = [_index(index) for index in getattr(expr, "indices", ())]
    shape = [_index(size) for size in (expr.base.shape if indices else ())]

    def found(point: _Point) -> tuple[int, ...]:
        at = tuple(index(point) for index in indices)
        for position, size in zip(at, shape, strict=True):
            if not 0 <= position < size(point):
                raise OutOfRange(f"there is no {expr} for the index {position} of {size(point)}")
        return at

    return found


def _derivative(f: Expr, v: Expr) -> _Compiled:
    inside, place, letter = _compiled(f), _place(v), getattr(v, "base", v)

    def found(point: _Point) -> Number:
        with point.along((*point.directions, (letter, place(point)))):
            return dual(inside(point)).slope

    return found


def _folded(fold: Callable[[Number, Number], Number], parts: tuple[Expr, ...]) -> _Compiled:
    compiled = [_compiled(part) for part in parts]
    return lambda point: reduce(fold, [part(point) for part in compiled])


def _sum(expr: Sum) -> _Compiled:
    summand, index, first, last = nested(expr)
    inside, begin, end, letter = _compiled(summand), _index(first), _index(last), index

    def found(point: _Point) -> Number:
        outer = point.indices.copy()
        total = point.number(0)
        for position in range(begin(point), end(point) + 1):
            point.indices[letter] = position
            total = total + inside(point)
        point.indices = outer
        return total

    return found


def _piecewise(expr: Piecewise) -> _Compiled:
    cases = [(_compiled(result), _condition(given)) for result, given in expr.args]

    def found(point: _Point) -> Number:
        for result, given in cases:
            if given(point):
                return result(point)
        raise Undefined(f"no case of {expr} applies")

    return found


def _condition(given: Expr) -> Callable[[_Point], bool]:
    if isinstance(given, Relational):
        left, right = map(_compiled, given.args)
        return lambda point: bool(given.func(sign_of(plain(left(point) - right(point))), 0))
    if isinstance(given, And | Or):
        parts = [_condition(part) for part in given.args]
        fold = all if isinstance(given, And) else any
        return lambda point: fold(part(point) for part in parts)
    if isinstance(given, BooleanAtom):
        return lambda point: bool(given)
    raise Undefined(f"the condition {given} is not made of comparisons")


def _in_pieces(expr: Expr) -> _Compiled:
    """The value, exactly. Nobody has declared a derivative: of dual numbers it has none."""
    parts = [_compiled(part) for part in expr.args]
    compute = next(compute for kind, compute in PIECES.items() if isinstance(expr, kind))

    def found(point: _Point) -> Number:
        given = [part(point) for part in parts]
        if any(isinstance(u, Dual) and u.slope != 0 for u in given):
            raise Undefined(f"no derivative of {expr.func.__name__} is declared")
        return point.number(compute(*map(plain, given)))

    return found


def _kinked(expr: Expr) -> _Compiled:
    """hinge, step and zero; only a hinge is dual, the others are flat, or declared to be."""
    inside = _compiled(expr.args[0])
    at_kink = Fraction(1) if isinstance(expr, zero) else Fraction(str(expr.args[1]))
    above = 0 if isinstance(expr, zero) else 1

    def found(point: _Point) -> Number:
        u = inside(point)
        sign = sign_of(plain(u))
        point.on_kink |= sign == 0
        indicator = point.number(at_kink if sign == 0 else above if sign > 0 else 0)
        return positive(u, indicator) if isinstance(expr, hinge) else indicator

    return found


def _largest(expr: largest | chosen) -> _Compiled:
    """Of several that are largest, the first: its value, or whether it is at this place."""
    *outer, place = map(_index, expr.args[0].indices)
    (u, of), (counts, counted) = ((letter.base, letter.base.label) for letter in expr.args)
    size = _index(expr.range)

    def found(point: _Point) -> Number:
        places = [(*(index(point) for index in outer), k) for k in range(size(point))]
        possible = (at for at in places if point.letter(counts, at, counted))
        first = max(possible, key=lambda at: plain(point.letter(u, at, of)))
        is_value = isinstance(expr, largest)
        return point.letter(u, first, of) if is_value else int(first[-1] == place(point))

    return found


def _of_matrix(expr: Expr) -> _Compiled:
    """An entry of an inverse, or the determinant."""
    X, *at = expr.args
    size, places = _index(X.shape[0]), [] if isinstance(expr, det) else [*map(_index, at)]
    compute, defined = inverse_entry if places else determinant, definition_of(X[0, 0])

    def found(point: _Point) -> Number:
        n = range(size(point))
        rows = [[point.letter(X, (row, column), defined) for column in n] for row in n]
        return compute(rows, *(place(point) for place in places))

    return found


def _function(expr: Expr) -> _Compiled:
    """g(u), and g′(u) u′ for dual numbers; one argument of g may be dual, or more."""
    parts = [_compiled(part) for part in expr.args]
    arguments = tuple(Symbol(f"u_{place}", real=True) for place in range(len(parts)))
    g = expr.func(*arguments)
    return lambda point: applied(g, arguments, tuple(part(point) for part in parts))
