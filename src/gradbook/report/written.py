"""Indexed formulas and matrices as a person writes them: Σ_{j≠y} 1{s_j − s_y + 1 > 0} x̃_b.

Numbers stand in front, then δ and indicators; x̃ comes late and ∂ last. A mask j ≠ y goes under its
Σ; a Σ that something follows is put in brackets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sympy import Expr, Function, Indexed, Mul, Piecewise, Pow, Sum, Symbol, exp
from sympy.core.relational import Relational
from sympy.logic.boolalg import And

from gradbook.any_size.binding import nested
from gradbook.any_size.letters import FEATURES, C, X, m, n, range_between, range_of, within, x, zero
from gradbook.any_size.matrices import (
    Applied,
    Entrywise,
    Letter,
    Matrix,
    Ones,
    Plus,
    Product,
    Scaled,
    Transposed,
    Unit,
    split,
)
from gradbook.any_size.matrix import Pairs, u
from gradbook.notation import equal, hinge, partial, step, unequal
from gradbook.report.signs import ADD, ATOM, MUL, Unicode, Written

_SIGNS = {"==": "=", "!=": "≠", ">": ">", ">=": "≥", "<": "<", "<=": "≤"}
_SUM = 5


def _rank(factor: Expr) -> int:
    """The place of a factor in a product."""
    if factor.is_number or factor in (C, m, n):
        return 0
    match factor:
        case equal() if range_of(factor.args[0]) == FEATURES:
            return 2
        case equal() | unequal() | within():
            return 1
        case step() | zero():
            return 3
        case Sum():
            return _SUM
        case Indexed() if factor.base in (x, X):
            return 7
        case partial():
            return 8
    return 6 if factor.is_Add else 4


@dataclass(frozen=True)
class Writer:
    """Writes formulas and matrices with the signs of Unicode, or of LaTeX."""

    signs: Unicode = field(default_factory=Unicode)

    def formula(self, expr: Expr) -> str:
        """A formula, as it stands by itself."""
        return self._written(expr)[0]

    def when(self, *conditions: Expr) -> str:
        """if a ≠ y, s_a − s_y + 1 > 0; else, where nothing is required."""
        # And has no order of its own.
        required = [part for given in conditions for part in sorted(And.make_args(given), key=str)]
        comparisons = [self._comparison(part) for part in required if isinstance(part, Relational)]
        if not comparisons:
            return self.signs.words("else")
        return self.signs.words("if ") + ", ".join(comparisons)

    def _comparison(self, condition: Relational) -> str:
        left, right = self.formula(condition.lhs), self.formula(condition.rhs)
        return f"{left} {self.signs.sign(_SIGNS[condition.rel_op])} {right}"

    def _written(self, expr: Expr) -> Written:
        match expr:
            case Indexed():
                indices = [self.formula(index) for index in expr.indices]
                return self.signs.indexed(str(expr.base.label), indices), ATOM
            case Symbol():
                return self.signs.letter(expr.name), ATOM
            case Sum():
                return self._sum(expr), MUL
            case Piecewise():
                rows = [(self.formula(v), self.when(given)) for v, given in expr.args]
                return self.signs.cases(rows), ATOM
            case partial():
                return self._partial(*expr.args), MUL
            case exp():
                return self.signs.exponential(self.formula(expr.args[0])), ATOM
            case Pow():
                return self._power(expr)
            case Function():
                return self._function(expr), ATOM
        if expr.is_Add:
            return self._add(expr), ADD
        if expr.is_Mul or (expr.is_Rational and expr < 0):
            return self._mul(expr), MUL
        if expr.is_Rational and not expr.is_Integer:
            return self.signs.fraction((str(expr.p), ATOM), (str(expr.q), ATOM)), MUL
        return str(expr), ATOM

    def _held(self, expr: Expr, least: int = ATOM) -> str:
        return self.signs.in_brackets(self._written(expr), least)

    # Sums and products.

    def _add(self, expr: Expr) -> str:
        def order(term: Expr) -> tuple[bool, bool, int, str]:
            return term.is_number, term.could_extract_minus_sign(), _rank(term), str(term)

        return self._joined([self._signed(term) for term in sorted(expr.args, key=order)])

    def _signed(self, term: Expr) -> tuple[bool, str]:
        """Whether a minus stands in front of the term, and the term without it."""
        negative = bool(term.as_coeff_Mul()[0] < 0)
        return negative, self._held(-term if negative else term, MUL)

    def _joined(self, terms: Sequence[tuple[bool, str]]) -> str:
        """a − b + c, from (has a minus, text); 0 for no term at all."""
        if not terms:
            return "0"
        (negative, first), *rest = terms
        signs = [(self.signs.minus if negative else "+", text) for negative, text in rest]
        start = f"{self.signs.minus}{first}" if negative else first
        return " ".join([start, *(f"{sign} {text}" for sign, text in signs)])

    def _mul(self, expr: Expr) -> str:
        if expr.as_coeff_Mul()[0] < 0:
            return self.signs.minus + self._held(-expr, MUL)
        numbers: list[Expr] = []
        below: list[Expr] = []
        above: list[Expr] = []
        for factor in Mul.make_args(expr):
            is_divisor = isinstance(factor, Pow) and factor.exp.could_extract_minus_sign()
            if factor.is_Rational or (is_divisor and factor.base in (C, m, n)):
                numbers.append(factor)
            else:
                (below if is_divisor else above).append(factor)
        product = self._product(sorted(above, key=lambda factor: (_rank(factor), str(factor))))
        if below:
            alone = len(above) == 1 and _rank(above[0]) < _SUM
            over = (product or "1", ATOM if alone or not above else MUL)
            product = self.signs.fraction(over, self._written(Mul(*(1 / f for f in below))))
        return " ".join(part for part in (self._front(Mul(*numbers)), product) if part)

    def _front(self, number: Expr) -> str:
        """2, (1/n), (2/3): the number in front of a product, "" for 1."""
        above, below = number.as_numer_denom()
        if below == 1:
            return "" if above == 1 else self._held(above, MUL)
        return self.signs.ratio(self._held(above), self._held(below))

    def _product(self, factors: Sequence[Expr]) -> str:
        """The factors in order; the last one may be a Σ or ∂ that takes in all that follows."""
        *others, last = factors or [None]
        parts = [
            self.signs.brackets(self.formula(factor), "[]")
            if isinstance(factor, Sum)
            else self._held(factor)
            for factor in others
        ]
        return " ".join([*parts, *([] if last is None else [self._held(last, MUL)])])

    def _power(self, expr: Pow) -> Written:
        if expr.exp.could_extract_minus_sign():
            return self.signs.fraction(("1", ATOM), self._written(1 / expr)), MUL
        base = self._written(expr.base)
        if isinstance(expr.base, Pow | exp):
            base = base[0], MUL
        return self.signs.power(self.signs.in_brackets(base), self.formula(expr.exp)), ATOM

    def _sum(self, expr: Sum) -> str:
        summand, index, first, last = nested(expr)
        factors = Mul.make_args(summand)
        mask = next((f for f in factors if isinstance(f, unequal) and index in f.args), None)
        below, above = self.formula(index), ""
        if range_between(first, last) is None:
            below, above = f"{below}={self.formula(first)}", self.formula(last)
        elif mask is not None:
            summand = Mul(*(factor for factor in factors if factor is not mask))
            other = next(term for term in mask.args if term != index)
            below += f"{self.signs.sign('≠')}{self.formula(other)}"
        return f"{self.signs.total(below, above)} {self._held(summand, MUL)}"

    # Functions.

    def _partial(self, f: Expr, v: Expr) -> str:
        return self.signs.derivative(self._held(f, MUL), self.formula(v), isinstance(f, Indexed))

    def _function(self, expr: Expr) -> str:
        signs, arguments = self.signs, [self.formula(argument) for argument in expr.args]
        match expr:
            case equal():
                return f"{signs.delta}_{signs.together(arguments)}"
            case unequal():
                return signs.indicator(f"{arguments[0]} {signs.sign('≠')} {arguments[1]}")
            case within():
                term, first, last = arguments
                return signs.indicator(f"{first} {signs.sign('≤')} {term} {signs.sign('≤')} {last}")
            case zero():
                return signs.indicator(f"{arguments[0]} = 0")
            case step() if expr.args[1] in (0, 1):
                sign = signs.sign("≥" if expr.args[1] == 1 else ">")
                return signs.indicator(f"{arguments[0]} {sign} 0")
            case hinge():
                return signs.applied("max", f"0, {arguments[0]}")
        return signs.applied(expr.func.__name__, ", ".join(arguments))

    # Matrices.

    def matrix(self, matrix: Matrix) -> str:
        """A matrix, as it stands by itself."""
        return self._matrix(matrix)[0]

    def _matrix(self, matrix: Matrix) -> Written:
        match matrix:
            case Letter():
                return self.signs.letter(matrix.name), ATOM
            case Ones():
                return self.signs.ones(matrix.columns == 1, matrix.rows == 1), ATOM
            case Unit():
                return self.signs.indexed("e", [self.formula(matrix.k)]), ATOM
            case Scaled():
                return self._joined([self._signed_matrix(matrix)]), MUL
            case Plus():
                return self._plus(matrix), ADD
            case Entrywise():
                factors = sorted(matrix.factors, key=lambda factor: not isinstance(factor, Letter))
                return self.signs.entrywise(map(self._held_matrix, factors)), ADD
            case Transposed():
                return self._transposed(matrix.matrix), ATOM
            case Product():
                is_product = isinstance(matrix.left, Product)
                left = (self.matrix if is_product else self._held_matrix)(matrix.left)
                return f"{left} {self._held_matrix(matrix.right)}", MUL
            case Applied():
                inside = Symbol(self._held_matrix(matrix.matrix))
                return self._written(matrix.function.expr.subs(u, inside))
        raise TypeError(f"no way to write a {type(matrix).__name__} is stated")

    def _held_matrix(self, matrix: Matrix) -> str:
        return self.signs.in_brackets(self._matrix(matrix))

    def _plus(self, matrix: Plus) -> str:
        """Ones at the end, as the 1 of s_j − s_y + 1."""
        terms = [(*self._signed_matrix(term), split(term)[1]) for term in matrix.terms]
        terms.sort(key=lambda term: (isinstance(term[2], Ones), term[0]))
        return self._joined([(negative, text) for negative, text, _ in terms])

    def _signed_matrix(self, matrix: Matrix) -> tuple[bool, str]:
        """Whether a minus stands in front, and the rest: (1/n) A B."""
        number, rest = split(matrix)
        negative = bool(number.could_extract_minus_sign())
        front = self._front(-number if negative else number)
        alone = not front and isinstance(rest, Entrywise)
        text = self.matrix(rest) if alone else self.signs.in_brackets(self._matrix(rest), MUL)
        return negative, f"{front} {text}".strip()

    def traces(self, pairs: Pairs) -> str:
        """tr(Aᵀ dU) − tr(Bᵀ d[U ∘ V]) + …"""
        terms = []
        for pair in pairs:
            number, A = split(pair.A)
            negative = bool(number.could_extract_minus_sign())
            front = self._front(-number if negative else number)
            B = self.matrix(pair.B)
            differential = f"d{B if isinstance(pair.B, Letter) else self.signs.brackets(B, '[]')}"
            trace = self.signs.trace(f"{self._transposed(A)} {differential}")
            terms.append((negative, f"{front} {trace}".strip()))
        return self._joined(sorted(terms, key=lambda term: term[0]))

    def _transposed(self, A: Matrix) -> str:
        """Aᵀ; a power, which has something above it already, in brackets."""
        if isinstance(A, Ones):
            return self.matrix(Ones(A.columns, A.rows))
        text, level = self._matrix(A)
        held = self.signs.in_brackets((text, MUL if isinstance(A, Applied) else level))
        return held + self.signs.top
