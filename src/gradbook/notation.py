"""The letters of the page, and the functions that it writes and SymPy lacks.

A page of mathematics writes max(0, u), 1{u > 0} and Σ_{j≠y}. SymPy's own `Max` differentiates to
`Heaviside`, whose value at 0 is 1/2: a choice made silently, and not the page's. Here the choice is
an argument that everybody can read::

    >>> from sympy import Symbol
    >>> u = Symbol("u", real=True)
    >>> hinge(u).diff(u)                    # max(0, u), its slope at u = 0 declared to be 0
    1{u > 0}
    >>> hinge(u, at_kink=1).diff(u)         # the same function with another declaration
    1{u ≥ 0}
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import add
from typing import Any, Self

from sympy import Add, Expr, Function, IndexedBase, Integer, KroneckerDelta, S, Symbol, nan, sympify
from sympy.core.relational import (
    GreaterThan,
    LessThan,
    Relational,
    StrictGreaterThan,
    StrictLessThan,
)
from sympy.logic.boolalg import BooleanFalse, BooleanTrue
from sympy.printing.pretty.stringpict import prettyForm, stringPict

#: C, the number of classes; m, the number of features of one example; n, of examples.
C = Symbol("C", integer=True, positive=True)
m = Symbol("m", integer=True, nonnegative=True)
n = Symbol("n", integer=True, positive=True)

#: j and k run over the classes 0 … C − 1; y is the correct one.
j = Symbol("j", integer=True, nonnegative=True)
k = Symbol("k", integer=True, nonnegative=True)
y = Symbol("y", integer=True, nonnegative=True)

#: Letters for numbers that the page has not: Δ, a margin other than 1, and λ, the strength of a
#: penalty, which SymPy spells lamda.
Delta = Symbol("Delta", real=True)
lamda = Symbol("lamda", real=True)

#: s[j] is the score given to class j.
s = IndexedBase("s", shape=(C,), real=True)


def as_written(u: Expr) -> Expr:
    """A sum as a person orders it: s_j − s_y + 1, not −s_y + s_j + 1. Print it with order none."""
    if not u.is_Add:
        return u
    terms = sorted(u.args, key=lambda term: (term.is_number, term.could_extract_minus_sign()))
    return Add(*terms, evaluate=False)


class _Written(Function):
    """A function that prints as the page writes it: a head, its argument, a tail."""

    is_real = True

    def _head_and_tail(self) -> tuple[str, str]:
        raise NotImplementedError(type(self).__name__)

    def _argument(self, printer: Any) -> Any:
        u = as_written(self.args[0])
        return printer._print_Add(u, order="none") if u.is_Add else printer._print(u)

    def _sympystr(self, printer: Any) -> str:
        head, tail = self._head_and_tail()
        return f"{head}{self._argument(printer)}{tail}"

    def _pretty(self, printer: Any) -> prettyForm:
        head, tail = self._head_and_tail()
        return prettyForm(*stringPict.next(head, self._argument(printer), tail))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        head, tail = (_LATEX.get(part, part) for part in self._head_and_tail())
        written = f"{head}{self._argument(printer)}{tail}"
        return written if exp is None else rf"\left({written}\right)^{{{exp}}}"


_LATEX = {
    "1{": r"\mathbb{1}\{",
    " > 0}": r" > 0\}",
    " ≥ 0}": r" \ge 0\}",
    "max(0, ": r"\max(0, ",
}


class step(_Written):
    """step(u) = 1{u > 0}; step(u, 1) = 1{u ≥ 0}; step(u, c) has the value c at u = 0.

    Its derivative is 0: true for every u ≠ 0, and declared at u = 0.
    """

    nargs = 2

    def __new__(cls, u: Any, at_kink: Any = 0) -> Self:
        """u: a real expression. at_kink: the value at u = 0."""
        return super().__new__(cls, sympify(u), sympify(at_kink))

    @classmethod
    def eval(cls, u: Expr, at_kink: Expr) -> Expr | None:
        if u is nan:
            return nan
        if u.is_positive:
            return S.One
        if u.is_negative:
            return S.Zero
        return at_kink if u.is_zero else None

    def fdiff(self, argindex: int = 1) -> Expr:
        return S.Zero

    def _head_and_tail(self) -> tuple[str, str]:
        at_kink = self.args[1]
        if at_kink in (0, 1):
            return "1{", " > 0}" if at_kink == 0 else " ≥ 0}"
        return "step(", f", {at_kink})"

    def _ccode(self, printer: Any) -> str:
        u, at_kink = (printer._print(argument) for argument in self.args)
        if self.args[1] in (0, 1):
            return f"({u} {'>' if self.args[1] == 0 else '>='} 0)"
        return f"(({u} > 0) + {at_kink}*({u} == 0))"

    def _numpycode(self, printer: Any) -> str:
        return self._ccode(printer)


class hinge(_Written):
    """hinge(u) = max(0, u), with the slope `at_kink` declared at u = 0 (0 unless told otherwise).

    Any slope in [0, 1] is a subgradient there; which one a derivation means is its own to say.
    """

    nargs = 2

    def __new__(cls, u: Any, at_kink: Any = 0) -> Self:
        """u: a real expression. at_kink: the slope at u = 0."""
        return super().__new__(cls, sympify(u), sympify(at_kink))

    @classmethod
    def eval(cls, u: Expr, at_kink: Expr) -> Expr | None:
        if u is nan:
            return nan
        if u.is_nonnegative:
            return u
        return S.Zero if u.is_nonpositive else None

    def fdiff(self, argindex: int = 1) -> Expr:
        return step(*self.args) if argindex == 1 else S.Zero

    def _head_and_tail(self) -> tuple[str, str]:
        return "max(0, ", ")"

    def _ccode(self, printer: Any) -> str:
        u = printer._print(self.args[0])
        return f"({u} > 0 ? {u} : 0)"

    def _numpycode(self, printer: Any) -> str:
        return f"{printer._module_format('numpy.maximum')}({printer._print(self.args[0])}, 0)"


class _Comparison(_Written):
    """1{a ∘ b} for two class indices: 0 or 1 as soon as both are known."""

    nargs = 2
    is_integer = True
    is_nonnegative = True
    _sign = ""
    _code = ""

    @classmethod
    def _decided(cls, a: Expr, b: Expr) -> bool | None:
        """Whether a = b, or None while that is open."""
        difference = (a - b).is_zero
        return None if difference is None else bool(difference)

    def _eval_derivative(self, symbol: Symbol) -> Expr:
        return S.Zero

    def _head_and_tail(self) -> tuple[str, str]:
        return "1{", f" {self._sign} {self.args[1]}}}"

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        a, b = (printer._print(argument) for argument in self.args)
        sign = {"=": "=", "≠": r"\ne"}[self._sign]
        return rf"\mathbb{{1}}\{{{a} {sign} {b}\}}"

    def _ccode(self, printer: Any) -> str:
        a, b = (printer._print(argument) for argument in self.args)
        return f"({a} {self._code} {b})"

    def _numpycode(self, printer: Any) -> str:
        return self._ccode(printer)


class equal(_Comparison):
    """equal(a, b) = 1{a = b} for class indices a and b."""

    _sign, _code = "=", "=="

    @classmethod
    def eval(cls, a: Expr, b: Expr) -> Expr | None:
        decided = cls._decided(a, b)
        return None if decided is None else Integer(decided)


class unequal(_Comparison):
    """unequal(j, y) = 1{j ≠ y}: the mask behind the page's Σ_{j≠y}."""

    _sign, _code = "≠", "!="

    @classmethod
    def eval(cls, a: Expr, b: Expr) -> Expr | None:
        decided = cls._decided(a, b)
        return None if decided is None else Integer(not decided)


def with_equal(expr: Any) -> Any:
    """`expr` with 1{i = j} for each of SymPy's Kronecker deltas, whose own evaluation, and range,
    get in the way of sums.
    """
    found = expr.atoms(KroneckerDelta)
    return expr.xreplace({delta: equal(*delta.args[:2]) for delta in found}) if found else expr


class partial(Function):
    """∂f/∂v, not yet worked out: `prove` does that, in two ways that must agree.

    f may be written with scores s_j; they count as functions of W, through s = W x̃ (N2).
    """

    nargs = 2
    is_real = True

    def _sympystr(self, printer: Any) -> str:
        return f"∂({printer._print(self.args[0])})/∂{printer._print(self.args[1])}"

    def _pretty(self, printer: Any) -> prettyForm:
        f, v = (printer._print(argument) for argument in self.args)
        return prettyForm(*stringPict.next("∂/∂", v, " ", prettyForm(*f.parens())))

    def _latex(self, printer: Any, exp: str | None = None) -> str:
        f, v = (printer._print(argument) for argument in self.args)
        return rf"\frac{{\partial}}{{\partial {v}}}\left({f}\right)"


def total(items: Iterable[Any]) -> Any:
    """Σ items: expressions, or matrices of one shape; at least one."""
    return reduce(add, items)


def indicator(condition: Relational | bool) -> Expr:
    """1{condition}, for a comparison of an expression with another: >, ≥, <, ≤.

    Raises TypeError for anything else.
    """
    if isinstance(condition, bool | BooleanTrue | BooleanFalse):
        return Integer(bool(condition))
    if isinstance(condition, Relational):
        u = condition.lhs - condition.rhs
        match condition:
            case StrictGreaterThan():
                return step(u, 0)
            case GreaterThan():
                return step(u, 1)
            case StrictLessThan():
                return step(-u, 0)
            case LessThan():
                return step(-u, 1)
    raise TypeError(f"indicator takes a comparison with >, ≥, < or ≤, not {condition!r}")
