"""SymPy formulas as terms of the solver z3: exactly, or not at all.

A function in pieces, such as hinge or step, becomes a choice between its pieces, and a product that
contains one becomes a choice between products: 1{u > 0}·v is `v if u > 0 else 0`, which the solver
still counts as linear. Rationals stay rationals. Whatever has no exact counterpart is refused.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from importlib import import_module
from operator import add, mul
from typing import Any

from sympy import (
    Abs,
    Add,
    Basic,
    Eq,
    Expr,
    Float,
    Ge,
    Gt,
    Heaviside,
    Integer,
    Le,
    Max,
    Min,
    Mul,
    Ne,
    Pow,
    Rational,
    Symbol,
    false,
    true,
)
from sympy.core.relational import (
    Equality,
    GreaterThan,
    LessThan,
    StrictGreaterThan,
    StrictLessThan,
    Unequality,
)

from gradbook.notation import equal, hinge, step, unequal
from gradbook.prove.expansion import MOST_POWER

#: A piece is a value, and the condition under which it is taken; the last condition is `true`.
Pieces = tuple[tuple[Basic, Expr], ...]

IN_PIECES = (hinge, step, equal, unequal, Max, Min, Abs, Heaviside)

_COMPARISONS = {
    StrictGreaterThan: lambda a, b: a > b,
    GreaterThan: lambda a, b: a >= b,
    StrictLessThan: lambda a, b: a < b,
    LessThan: lambda a, b: a <= b,
    Equality: lambda a, b: a == b,
}


class Unsupported(ValueError):
    """A formula that cannot be put to the solver exactly."""


class SolverMissing(RuntimeError):
    """z3 is not there."""


def solver_module() -> Any:
    """The module z3, imported when it is first needed. Raises SolverMissing without it."""
    try:
        return import_module("z3")
    except ImportError:
        raise SolverMissing("z3-solver is not installed") from None


@dataclass
class Translator:
    """Puts formulas into the terms of one context of z3.

    letters: the letters met so far, as constants of the solver.
    Raises Unsupported for what has no exact counterpart: other functions, quotients, letters that
    are not real, decimal numbers that are not the binary fraction they are printed as.
    """

    z3: Any
    context: Any
    letters: dict[Symbol, Any] = field(default_factory=dict)
    _known: dict[Basic, Any] = field(default_factory=dict)

    def real(self, expr: Expr) -> Any:
        """A real-valued formula."""
        if expr not in self._known:
            self._known[expr] = self._product((expr,))
        return self._known[expr]

    def truth(self, condition: Basic) -> Any:
        """A comparison of two formulas, or a truth value."""
        if condition in (true, false):
            return self.z3.BoolVal(condition == true, self.context)
        if isinstance(condition, Unequality):
            return self.z3.Not(self.real(condition.lhs) == self.real(condition.rhs))
        compare = _COMPARISONS.get(type(condition))
        if compare is None:
            raise Unsupported(f"{condition} is not a comparison")
        return compare(*map(self.real, condition.args))

    def declared(self) -> list[Any]:
        """What the letters' own declarations say of them: that n is positive, y not negative."""
        return [
            letter > 0 if symbol.is_positive else letter >= 0
            for symbol, letter in self.letters.items()
            if symbol.is_nonnegative
        ]

    def _product(self, factors: tuple[Expr, ...]) -> Any:
        """The product of `factors`: numbers outside, then the choices between pieces."""
        for i, factor in enumerate(factors):
            rest = factors[:i] + factors[i + 1 :]
            if rest and isinstance(factor, Rational | Float):
                return self._plain(factor) * self._product(rest)
            if pieces := pieces_of(factor):
                return self._choice(pieces, rest)
            if isinstance(factor, Mul):
                return self._product((*factor.args, *rest))
            if isinstance(factor, Pow) and factor.has(*IN_PIECES):
                return self._product((factor.base,) * exponent(factor) + rest)
            if isinstance(factor, Add) and (not rest or factor.has(*IN_PIECES)):
                if not rest:
                    return _folded(add, map(self.real, factor.args))
                return _folded(add, (self._product((term, *rest)) for term in factor.args))
        return _folded(mul, map(self._plain, factors))

    def _choice(self, pieces: Pieces, rest: tuple[Expr, ...]) -> Any:
        *before, (_, value) = pieces
        chosen = self._times(value, rest)
        for condition, value in reversed(before):
            chosen = self.z3.If(self.truth(condition), self._times(value, rest), chosen)
        return chosen

    def _times(self, value: Expr, rest: tuple[Expr, ...]) -> Any:
        if value == 0:
            return self._number(Integer(0))
        return self._product(rest if rest and value == 1 else (value, *rest))

    def _plain(self, factor: Expr) -> Any:
        """A factor without pieces: a number, a letter, a power or a sum of such."""
        if isinstance(factor, Symbol):
            return self._letter(factor)
        if isinstance(factor, Rational | Float):
            return self._number(exact(factor))
        if isinstance(factor, Add):
            return self.real(factor)
        if isinstance(factor, Pow):
            return _folded(mul, [self.real(factor.base)] * exponent(factor))
        raise unsupported(factor)

    def _number(self, value: Rational) -> Any:
        return self.z3.Q(int(value.p), int(value.q), self.context)

    def _letter(self, symbol: Symbol) -> Any:
        if symbol not in self.letters:
            if not symbol.is_real:
                raise Unsupported(f"the letter {symbol} is not declared to be real")
            if str(symbol) in map(str, self.letters):
                raise Unsupported(f"two different letters are both written {symbol}")
            kind = self.z3.Int if symbol.is_integer else self.z3.Real
            self.letters[symbol] = kind(str(symbol), self.context)
        letter = self.letters[symbol]
        return self.z3.ToReal(letter) if symbol.is_integer else letter


def unsupported(formula: Basic) -> Unsupported:
    """The refusal of a formula."""
    return Unsupported(f"{formula} is not made of sums, products, max and indicators")


def _folded(operation: Any, terms: Iterable[Any]) -> Any:
    return reduce(operation, terms)


def exponent(power: Pow) -> int:
    """The exponent of a power that is a repeated product. Raises Unsupported for any other."""
    if power.exp.is_Integer and 0 < power.exp <= MOST_POWER:
        return int(power.exp)
    if power.exp.is_Integer and power.exp > 0:
        raise Unsupported(f"the exponent of {power} is more than {MOST_POWER:,}")
    raise Unsupported(f"{power} is not a power with a positive whole exponent")


def exact(number: Rational | Float) -> Rational:
    """The number itself. Raises Unsupported for a decimal that is not exactly what it prints as."""
    if isinstance(number, Rational):
        return number
    if number.is_finite and Rational(number) == Rational(str(number)):
        return Rational(number)
    raise Unsupported(f"the decimal {number} is not exact: write it as a Rational")


@lru_cache(maxsize=10_000)
def pieces_of(expr: Expr) -> Pieces | None:
    """The pieces of a function in pieces, in order; None for any other formula."""
    match expr:
        case hinge():
            return ((Gt(expr.args[0], 0, evaluate=False), expr.args[0]), (true, Integer(0)))
        case step() | Heaviside():
            return _pieces_of_step(*expr.args)
        case equal():
            return ((Eq(*expr.args, evaluate=False), Integer(1)), (true, Integer(0)))
        case unequal():
            return ((Ne(*expr.args, evaluate=False), Integer(1)), (true, Integer(0)))
        case Abs():
            return ((Ge(expr.args[0], 0, evaluate=False), expr.args[0]), (true, -expr.args[0]))
        case Max() | Min():
            first, *others = expr.args
            rest = expr.func(*others)
            comparison = Ge if isinstance(expr, Max) else Le
            return ((comparison(first, rest, evaluate=False), first), (true, rest))
    return None


def _pieces_of_step(u: Expr, at_kink: Expr) -> Pieces:
    if at_kink == 1:
        return ((Ge(u, 0, evaluate=False), Integer(1)), (true, Integer(0)))
    positive = (Gt(u, 0, evaluate=False), Integer(1))
    if at_kink == 0:
        return (positive, (true, Integer(0)))
    return (positive, (Eq(u, 0, evaluate=False), at_kink), (true, Integer(0)))


def degree(expr: Expr) -> int | None:
    """The highest degree of a piece of `expr` in its letters; None where one is no polynomial."""
    if pieces := pieces_of(expr):
        return _highest(degree(value) for _, value in pieces)
    match expr:
        case Symbol():
            return 1
        case Add():
            return _highest(map(degree, expr.args))
        case Mul():
            found = [degree(factor) for factor in expr.args]
            return None if None in found else sum(filter(None, found))
        case Pow() if expr.exp.is_Integer and expr.exp > 0:
            base = degree(expr.base)
            return None if base is None else base * int(expr.exp)
    return 0 if expr.is_number else None


def _highest(degrees: Iterable[int | None]) -> int | None:
    found = list(degrees)
    return None if None in found else max(filter(None, found), default=0)
