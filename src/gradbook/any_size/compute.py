"""A formula of letters at numbers: given sizes, W, X̃ and y, exactly, derivatives included.

`subs(...).doit()` would let SymPy rewrite masks and ranges on the way; `value` only computes.
Numbers are rational, so that nothing is rounded and a margin is 0 or is not. A ∂f/∂v is computed
with dual numbers, u + u′ε: each operation carries the derivative along, each kink with its declared
slope. No rule of the derivations is used. A formula with exp, log or a root has no exact value; it
is computed with 50 digits, and `same` compares 40.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache, reduce
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
    lambdify,
    sign,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import BooleanAtom

from gradbook.any_size.binding import nested
from gradbook.any_size.instances import KNOWN, Instance, whole
from gradbook.any_size.letters import C, S, W, X, label, m, n, s, within, y, zero
from gradbook.any_size.numbers import DIGITS, Dual, Number, dual, plain, precise, sign_of
from gradbook.any_size.rules import slope
from gradbook.notation import equal, hinge, partial, step, unequal


class Undefined(ValueError):
    """A formula that cannot be computed."""


class OutOfRange(Undefined):
    """A formula that asks for what an instance does not have, such as s_C."""


@dataclass
class _Point:
    """An instance while a formula is computed: the bound indices, and what ∂ is taken by."""

    data: Instance
    exact: bool
    indices: dict[str, int] = field(default_factory=dict)
    direction: tuple[int, tuple[int, ...]] | None = None
    on_kink: bool = False

    def number(self, value: Fraction | int) -> Number:
        return value if self.exact else mpmath.mpf(value.numerator) / value.denominator


_W, _X, _SCORES = KNOWN.index(W), KNOWN.index(X), (KNOWN.index(S), KNOWN.index(s))

_Compiled = Callable[[_Point], Number]


def value(expr: Expr, instance: Instance) -> Number:
    """The value of a formula: an int or a Fraction, or an mpf of 50 digits if it is not rational.

    Raises OutOfRange where an index is, and Undefined for what cannot be computed.
    """
    return computed(expr, instance)[0]


def computed(expr: Expr, instance: Instance) -> tuple[Number, bool]:
    """The value of a formula, and whether a kink was hit on the way."""
    point = _Point(
        instance,
        exact=is_rational(expr),
        indices={letter.name: at for letter, at in instance.indices},
    )
    try:
        with precise():
            found = _compiled(expr)(point)
    except (TypeError, AttributeError, NameError, OverflowError) as error:
        raise Undefined(f"{expr} cannot be computed: {error}") from error
    return found, point.on_kink


def holds(condition: Expr, instance: Instance) -> bool:
    """Whether a comparison holds. Raises as `value` does."""
    if isinstance(condition, BooleanAtom):
        return bool(condition)
    difference = value(condition.lhs - condition.rhs, instance)
    return bool(condition.func(sign_of(difference), 0))


#: Functions in pieces that have no declared derivative, but exact values.
_PIECES: dict[type, Callable[..., Number]] = {
    Abs: abs,
    sign: lambda u: (u > 0) - (u < 0),
    Max: max,
    Min: min,
    Heaviside: lambda u, at_zero: at_zero if u == 0 else int(u > 0),
}
_RATIONAL = (hinge, step, zero, equal, unequal, within, partial, Piecewise, *_PIECES)


@lru_cache(maxsize=10_000)
def is_rational(expr: Expr) -> bool:
    """Whether the value of `expr` is rational wherever its letters are."""
    if isinstance(expr, Indexed) or expr.is_Symbol:
        return True
    if expr.is_number and not expr.args:
        return bool(expr.is_Rational)
    if isinstance(expr, Pow) and not expr.exp.is_Integer:
        return False
    if isinstance(expr, Function) and not isinstance(expr, _RATIONAL):
        return False
    return all(is_rational(part) for part in expr.args if isinstance(part, Expr))


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
        case Abs() | sign() | Max() | Min() | Heaviside():
            return _in_pieces(expr)
        case Pow() if expr.exp.is_Integer:
            return _power(_compiled(expr.base), int(expr.exp))
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
    if letter.is_real and not letter.is_integer:
        return lambda point: point.number(point.data.parameter(letter.name))
    index = _index(letter)
    return lambda point: point.number(index(point))


@lru_cache(maxsize=5_000)
def _index(expr: Expr) -> Callable[[_Point], int]:
    """An index, a size or the end of a sum: an integer."""
    if expr in (C, m, n):
        which = (C, m, n).index(expr)
        return lambda point: point.data.sizes[which]
    if isinstance(expr, Symbol):
        name, is_label = expr.name, expr == y
        return lambda point: _known(name, is_label, point)
    if isinstance(expr, Indexed) and expr.base == label:
        example = _index(expr.indices[0])
        return lambda point: _entry(point.data.y, example(point), expr)
    if expr.is_Integer:
        return lambda point: int(expr)
    if expr.is_Add or expr.is_Mul:
        parts = [_index(part) for part in expr.args]
        combined = sum if expr.is_Add else _product
        return lambda point: combined(part(point) for part in parts)
    raise Undefined(f"{expr} is not an index")


def _product(numbers: Iterable[int]) -> int:
    return reduce(operator.mul, numbers, 1)


def _known(name: str, is_label: bool, point: _Point) -> int:
    if name in point.indices:
        return point.indices[name]
    if is_label:
        return point.data.y[0]
    raise Undefined(f"{name} has no value")


def _entry(values: Any, position: int, expr: Expr) -> Any:
    if not 0 <= position < len(values):
        raise OutOfRange(f"there is no {expr} for the index {position} of {len(values)}")
    return values[position]


def _letter(expr: Indexed) -> _Compiled:
    indices = [_index(index) for index in expr.indices]
    if expr.base == label:
        return lambda point: point.number(_entry(point.data.y, indices[0](point), expr))
    if expr.base not in KNOWN:
        raise Undefined(f"{expr} has no value")
    which = KNOWN.index(expr.base)

    def found(point: _Point) -> Number:
        at = tuple(index(point) for index in indices)
        values: Any = point.data.tables[which]
        for position in at:
            values = _entry(values, position, expr)
        if point.direction is None:
            return point.number(values)
        return Dual(point.number(values), point.number(_moves(which, at, point)))

    return found


def _moves(which: int, at: tuple[int, ...], point: _Point) -> Fraction | int:
    """The derivative of a letter in the direction: ∂s_j/∂W_ab is x̃_b for j = a, else 0."""
    assert point.direction is not None
    moved, where = point.direction
    if which == moved:
        return int(at == where)
    if moved == _W and which in _SCORES:
        example, class_ = (0, *at)[-2:]
        return point.data.tables[_X][example][where[1]] if class_ == where[0] else 0
    return 0


def _derivative(f: Expr, v: Indexed) -> _Compiled:
    inside, where = _compiled(f), [_index(index) for index in v.indices]
    which = KNOWN.index(v.base)

    def found(point: _Point) -> Number:
        if point.direction is not None:
            raise Undefined("a derivative of a derivative has no value here")
        at = tuple(index(point) for index in where)
        table: Any = point.data.tables[which]
        for position in at:
            table = _entry(table, position, v)
        point.direction = (which, at)
        try:
            return dual(inside(point)).slope
        finally:
            point.direction = None

    return found


def _folded(fold: Callable[[Number, Number], Number], parts: tuple[Expr, ...]) -> _Compiled:
    compiled = [_compiled(part) for part in parts]
    return lambda point: reduce(fold, [part(point) for part in compiled])


def _sum(expr: Sum) -> _Compiled:
    summand, index, first, last = nested(expr)
    inside, begin, end, letter = _compiled(summand), _index(first), _index(last), index.name

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
    compute = next(compute for kind, compute in _PIECES.items() if isinstance(expr, kind))

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
    is_hinge = isinstance(expr, hinge)

    def found(point: _Point) -> Number:
        u = inside(point)
        plain = u.value if isinstance(u, Dual) else u
        point.on_kink |= plain == 0
        indicator = point.number(at_kink if plain == 0 else above if plain > 0 else 0)
        if not is_hinge:
            return indicator
        positive = plain if plain > 0 else point.number(0)
        return Dual(positive, indicator * u.slope) if isinstance(u, Dual) else positive

    return found


def _power(inside: _Compiled, exponent: int) -> _Compiled:
    """u^p, exactly: 1/u is a Fraction for an integer u."""

    def power(u: Number, p: int) -> Number:
        return u**p if p >= 0 else 1 / power(Fraction(u) if isinstance(u, int) else u, -p)

    def found(point: _Point) -> Number:
        u = inside(point)
        if isinstance(u, Dual):
            return Dual(power(u.value, exponent), exponent * power(u.value, exponent - 1) * u.slope)
        return power(u, exponent)

    return found


def _function(expr: Expr) -> _Compiled:
    """g(u), and g′(u) u′ for dual numbers; one argument of g may be dual, or more."""
    parts = [_compiled(part) for part in expr.args]
    arguments = [Symbol(f"u_{place}", real=True) for place in range(len(parts))]
    plain = expr.func(*arguments)
    compute = _arithmetic(plain, tuple(arguments))

    def found(point: _Point) -> Number:
        given = [part(point) for part in parts]
        values = [u.value if isinstance(u, Dual) else u for u in given]
        result = compute(*values)
        if not any(isinstance(u, Dual) for u in given):
            return result
        slopes = [
            _arithmetic(slope(plain, place), tuple(arguments))(*values) * u.slope
            for place, u in enumerate(given, 1)
            if isinstance(u, Dual)
        ]
        return Dual(result, sum(slopes, point.number(0)))

    return found


@lru_cache(maxsize=1_000)
def _arithmetic(expr: Expr, arguments: tuple[Symbol, ...]) -> Callable[..., Number]:
    """g as a function of numbers."""
    return lambdify(arguments, expr, modules="mpmath")
