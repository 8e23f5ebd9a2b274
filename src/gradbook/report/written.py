"""Indexed formulas and matrices in LaTeX, as a person writes them.

Σ_{j≠y} 1{s_j − s_y + 1 > 0} x̃_b: numbers stand in front, then δ and indicators; x̃ comes late and ∂
last. A mask j ≠ y goes under its Σ; a Σ that something follows is put in brackets. For a terminal
`in_unicode` reads what is written here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

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

#: How tightly a formula is held together: a + b, then a b, then a.
ADD, MUL, ATOM = range(3)

#: A formula as it is written, and how tightly it is held together.
Written = tuple[str, int]

_COMPARED = {"==": "=", "!=": r"\ne", ">": ">", ">=": r"\ge", "<": "<", "<=": r"\le"}
_LETTERS = {"ℓ": r"\ell", "μ": r"\mu", "δ": r"\delta"}
_IN_RULES = {"ᵀ": r"^{\top}", "X̃": r"\tilde{X}", "∘": r"\circ", "′": "'", " ": r" \, "}
_OPERATORS = frozenset({"max", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh"})
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


# Signs.


def letter(name: str) -> str:
    """A letter, which may have a number or a name as an index of its own: w_2, y_{ref}."""
    head, _, own = name.partition("_")
    if own:
        return f"{letter(head)}_{own if len(own) == 1 else f'{{{own}}}'}"
    if name.endswith("\N{COMBINING TILDE}"):
        return rf"\tilde{{{name[:-1]}}}"
    return _LETTERS.get(name, name.replace("′", "'"))


def indexed(name: str, *indices: str) -> str:
    """s_{j}, W_{ab}, or S_{i,y_{i}} where an index is more than a letter; w_{2,j} of w_2."""
    head, _, own = name.partition("_")
    below = [own, *indices] if own else indices
    comma = "" if not own and all(len(index) == 1 for index in indices) else ","
    return f"{letter(head)}_{{{comma.join(below)}}}"


def brackets(inside: str, kind: str = "()") -> str:
    return rf"\left{kind[0]}{inside}\right{kind[1]}"


def derivative(f: str, v: str, of_letter: bool) -> str:
    """∂f/∂v, or ∂/∂v in front of what is more than a letter."""
    above, after = (f" {f}", "") if of_letter else ("", f" {f}")
    return rf"\frac{{\partial{above}}}{{\partial {v}}}{after}"


def prime(function: str) -> str:
    return f"{function if function.endswith(')') else brackets(function)}'"


def words(text: str) -> str:
    """Words; or a rule that is a formula itself: tr(Aᵀ dU B) = tr((A Bᵀ)ᵀ dU)."""
    if "=" in text:
        text = re.sub(r"\btr\b", r"\\operatorname{tr}", text)
        return "".join(_IN_RULES.get(part, part) for part in re.split("(X̃|.)", text))
    escaped = text.replace("{", r"\{").replace("}", r"\}")
    return rf"\text{{{escaped}}}"


def _in_brackets(written: Written, least: int = ATOM) -> str:
    """In brackets, unless it is held together tightly enough."""
    text, level = written
    return text if level >= least else brackets(text)


def _fraction(above: str, below: str) -> str:
    return rf"\frac{{{above}}}{{{below}}}"


def _applied(name: str, arguments: str) -> str:
    operator = f"\\{name}" if name in _OPERATORS else rf"\operatorname{{{name}}}"
    return operator + brackets(arguments)


def _indicator(condition: str) -> str:
    return rf"\mathbb{{1}}\{{{condition}\}}"


# Formulas.


def formula(expr: Expr) -> str:
    """A formula, as it stands by itself."""
    return _written(expr)[0]


def when(*conditions: Expr) -> str:
    """if a ≠ y, s_a − s_y + 1 > 0; else, where nothing is required."""
    # And has no order of its own.
    required = [part for given in conditions for part in sorted(And.make_args(given), key=str)]
    comparisons = [_comparison(part) for part in required if isinstance(part, Relational)]
    return words("if ") + ", ".join(comparisons) if comparisons else words("else")


def _comparison(condition: Relational) -> str:
    left, right = formula(condition.lhs), formula(condition.rhs)
    return f"{left} {_COMPARED[condition.rel_op]} {right}"


def _written(expr: Expr) -> Written:
    match expr:
        case Indexed():
            return indexed(str(expr.base.label), *map(formula, expr.indices)), ATOM
        case Symbol():
            return letter(expr.name), ATOM
        case Sum():
            return _sum(expr), MUL
        case Piecewise():
            rows = r" \\ ".join(f"{formula(v)} & {when(given)}" for v, given in expr.args)
            return rf"\begin{{cases}} {rows} \end{{cases}}", ATOM
        case partial():
            f, v = expr.args
            return derivative(_held(f, MUL), formula(v), isinstance(f, Indexed)), MUL
        case exp():
            return f"e^{{{formula(expr.args[0])}}}", ATOM
        case Pow():
            return _power(expr)
        case Function():
            return _function(expr), ATOM
    if expr.is_Add:
        return _add(expr), ADD
    if expr.is_Mul or (expr.is_Rational and expr < 0):
        return _mul(expr), ADD if expr.as_coeff_Mul()[0] < 0 else MUL
    if expr.is_Rational and not expr.is_Integer:
        return _fraction(str(expr.p), str(expr.q)), MUL
    return str(expr), ATOM


def _held(expr: Expr, least: int = ATOM) -> str:
    return _in_brackets(_written(expr), least)


# Sums and products.


def _add(expr: Expr) -> str:
    def order(term: Expr) -> tuple[bool, bool, int, str]:
        return term.is_number, term.could_extract_minus_sign(), _rank(term), str(term)

    return _joined([_signed(term) for term in sorted(expr.args, key=order)])


def _signed(term: Expr) -> tuple[bool, str]:
    """Whether a minus stands in front of the term, and the term without it."""
    negative = bool(term.as_coeff_Mul()[0] < 0)
    return negative, _held(-term if negative else term, MUL)


def _joined(terms: Sequence[tuple[bool, str]]) -> str:
    """a − b + c, from (has a minus, text); 0 for no term at all."""
    if not terms:
        return "0"
    (negative, first), *rest = terms
    start = f"-{first}" if negative else first
    return " ".join([start, *(f"{'-' if negative else '+'} {text}" for negative, text in rest)])


def _mul(expr: Expr) -> str:
    if expr.as_coeff_Mul()[0] < 0:
        return f"-{_held(-expr, MUL)}"
    numbers: list[Expr] = []
    below: list[Expr] = []
    above: list[Expr] = []
    for factor in Mul.make_args(expr):
        is_divisor = isinstance(factor, Pow) and factor.exp.could_extract_minus_sign()
        if factor.is_Rational or (is_divisor and factor.base in (C, m, n)):
            numbers.append(factor)
        else:
            (below if is_divisor else above).append(factor)
    product = _product(sorted(above, key=lambda factor: (_rank(factor), str(factor))))
    if below:
        product = _fraction(product or "1", formula(Mul(*(1 / f for f in below))))
    return " ".join(part for part in (_front(Mul(*numbers)), product) if part)


def _front(number: Expr) -> str:
    """2, 1/n, 2/3: the number in front of a product, "" for 1."""
    above, below = number.as_numer_denom()
    if below == 1:
        return "" if above == 1 else _held(above, MUL)
    return rf"\tfrac{{{_held(above)}}}{{{_held(below)}}}"


def _product(factors: Sequence[Expr]) -> str:
    """The factors in order; the last one may be a Σ or ∂ that takes in all that follows."""
    *others, last = factors or [None]
    parts = [
        brackets(formula(factor), "[]") if isinstance(factor, Sum) else _held(factor)
        for factor in others
    ]
    return " ".join([*parts, *([] if last is None else [_held(last, MUL)])])


def _power(expr: Pow) -> Written:
    if expr.exp.could_extract_minus_sign():
        return _fraction("1", formula(1 / expr)), MUL
    base = _written(expr.base)
    if isinstance(expr.base, Pow | exp):
        base = base[0], MUL
    return f"{{{_in_brackets(base)}}}^{{{formula(expr.exp)}}}", ATOM


def _sum(expr: Sum) -> str:
    summand, index, first, last = nested(expr)
    factors = Mul.make_args(summand)
    mask = next((f for f in factors if isinstance(f, unequal) and index in f.args), None)
    below, above = formula(index), ""
    if range_between(first, last) is None:
        below, above = f"{below}={formula(first)}", f"^{{{formula(last)}}}"
    elif mask is not None:
        summand = Mul(*(factor for factor in factors if factor is not mask))
        other = next(term for term in mask.args if term != index)
        below += rf"\ne {formula(other)}"
    return rf"\sum_{{{below}}}{above} {_held(summand, MUL)}"


def _function(expr: Expr) -> str:
    arguments = [formula(argument) for argument in expr.args]
    match expr:
        case equal():
            return indexed("δ", *arguments)
        case unequal():
            return _indicator(rf"{arguments[0]} \ne {arguments[1]}")
        case within():
            term, first, last = arguments
            return _indicator(rf"{first} \le {term} \le {last}")
        case zero():
            return _indicator(f"{arguments[0]} = 0")
        case step() if expr.args[1] in (0, 1):
            sign = r"\ge" if expr.args[1] == 1 else ">"
            return _indicator(f"{arguments[0]} {sign} 0")
        case hinge():
            return _applied("max", f"0, {arguments[0]}")
    return _applied(expr.func.__name__, ", ".join(arguments))


# Matrices.


def matrix(A: Matrix) -> str:
    """A matrix, as it stands by itself."""
    return _matrix(A)[0]


def _matrix(A: Matrix) -> Written:
    match A:
        case Letter():
            return letter(A.name), ATOM
        case Ones():
            one = r"\mathbb{1}"
            return one * (A.rows != 1) + (one + r"^{\top}") * (A.columns != 1), ATOM
        case Unit():
            return indexed("e", formula(A.k)), ATOM
        case Scaled():
            return _joined([_signed_matrix(A)]), MUL
        case Plus():
            return _plus(A), ADD
        case Entrywise():
            factors = sorted(A.factors, key=lambda factor: not isinstance(factor, Letter))
            return r" \circ ".join(map(_held_matrix, factors)), ADD
        case Transposed():
            return _transposed(A.matrix), ATOM
        case Product():
            left = (matrix if isinstance(A.left, Product) else _held_matrix)(A.left)
            return rf"{left} \, {_held_matrix(A.right)}", MUL
        case Applied():
            inside = Symbol(_held_matrix(A.matrix))
            return _written(A.function.expr.subs(u, inside))
    raise TypeError(f"no way to write a {type(A).__name__} is stated")


def _held_matrix(A: Matrix) -> str:
    return _in_brackets(_matrix(A))


def _plus(A: Plus) -> str:
    """Ones at the end, as the 1 of s_j − s_y + 1."""
    terms = [(*_signed_matrix(term), split(term)[1]) for term in A.terms]
    terms.sort(key=lambda term: (isinstance(term[2], Ones), term[0]))
    return _joined([(negative, text) for negative, text, _ in terms])


def _signed_matrix(A: Matrix) -> tuple[bool, str]:
    """Whether a minus stands in front, and the rest: (1/n) A B."""
    number, rest = split(A)
    negative = bool(number.could_extract_minus_sign())
    front = _front(-number if negative else number)
    alone = not front and isinstance(rest, Entrywise)
    text = matrix(rest) if alone else _in_brackets(_matrix(rest), MUL)
    return negative, f"{front} {text}".strip()


def traces(pairs: Pairs) -> str:
    """tr(Aᵀ dU) − tr(Bᵀ d[U ∘ V]) + …"""
    terms = []
    for pair in pairs:
        number, A = split(pair.A)
        negative = bool(number.could_extract_minus_sign())
        front = _front(-number if negative else number)
        B = matrix(pair.B)
        differential = f"d{B if isinstance(pair.B, Letter) else brackets(B, '[]')}"
        trace = _applied("tr", rf"{_transposed(A)} \, {differential}")
        terms.append((negative, f"{front} {trace}".strip()))
    return _joined(sorted(terms, key=lambda term: term[0]))


def _transposed(A: Matrix) -> str:
    """Aᵀ; a power, which has something above it already, in brackets."""
    if isinstance(A, Ones):
        return matrix(Ones(A.columns, A.rows))
    text, level = _matrix(A)
    return _in_brackets((text, MUL if isinstance(A, Applied) else level)) + r"^{\top}"
