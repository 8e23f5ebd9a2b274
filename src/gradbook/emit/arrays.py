"""How formulas are written over whole arrays, in NumPy, JAX and PyTorch.

What belongs to a class is an array (C, n), what belongs to an example one of (n,), and the two meet
by broadcasting. SymPy's printers write the functions; a `Dialect` adds what they lack.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Add, Basic, Expr, Max, Pow, Symbol, exp, log
from sympy.printing.precedence import PRECEDENCE
from sympy.printing.pycode import AbstractPythonCodePrinter

from gradbook.emit.functions import functions_of
from gradbook.emit.lowering import s_a
from gradbook.emit.plan import Plan, weight
from gradbook.notation import C, as_written, hinge, step

#: The coefficients, one class a row: the page's M, transposed.
M = Symbol("M", real=True)


class Dialect(AbstractPythonCodePrinter):
    """To be mixed with one of SymPy's printers for arrays: it writes the steps of a plan.

    of_class: the names that stand for arrays (C, n). numbers: those that stand for one number.
    """

    #: The library's name, and what it is called in the code.
    title = library = ""

    def __init__(self, steps: Plan) -> None:
        super().__init__({"allow_unknown_functions": False})
        self.of_class = steps.of_class | {M}
        self.numbers = steps.numbers
        self.printmethod = ""  # those of `notation` are for the columns of X

    def listed(self, statements: Iterable[str]) -> list[str]:
        """The statements. Raises ValueError where one needs a function that the library lacks."""
        with functions_of(self.title, self, self.library):
            return list(statements)

    def call(self, function: str, *arguments: str, out: str = "") -> str:
        """library.function(…); the result may be written over the array `out`."""
        listed = [*arguments, f"out={out}"] if out else arguments
        return f"{self.library}.{function}({', '.join(listed)})"

    def maximum(self, u: str, v: str, out: str = "") -> str:
        return self.call("maximum", u, v, out=out)

    def as_number(self, truth: str) -> str:
        """True and False as 1 and 0 in W's dtype."""
        return f"({truth}).astype(W.dtype)"

    def over_classes(self, op: str, array: str) -> str:
        """Σ or max over the classes: (C, n) → (n,). array: a name or a call."""
        return f"{array}.{op}(axis=0)"

    def total(self, array: str) -> str:
        """Σ over everything."""
        return f"{array}.sum()"

    def mean(self, value: str) -> str:
        """The mean over the examples."""
        return self.call("mean", value)

    def added(self, array: str, place: str, value: str) -> str:
        """The statement that adds the value to a part of an array, or to all of it."""
        return f"{array}{place} += {value}"

    def constant(self, value: str) -> str:
        """A number as the mean over the examples is one."""
        raise NotImplementedError

    def zeros(self) -> str:
        """A new array (C, n)."""
        raise NotImplementedError

    def copied(self, array: str) -> str:
        raise NotImplementedError

    def bracketed(self, expr: Expr) -> str:
        """The expression as something that a method can be called on."""
        return self.parenthesize(expr, PRECEDENCE["Atom"] if expr.is_Pow else PRECEDENCE["Pow"])

    def _print(self, expr: Basic, **settings: Any) -> str:
        if isinstance(expr, Expr) and expr.is_number and not expr.is_Rational:
            return repr(float(expr))  # a NumPy number would turn float32 into float64
        if isinstance(expr, exp | log | Pow) and self._is_number(expr):
            return self.of_number(expr)
        return str(super()._print(expr, **settings))

    def of_number(self, expr: Expr) -> str:
        """A function of C or a parameter, in Python: no array is needed, and none is made."""
        if isinstance(expr, Pow):
            base, power = (self.parenthesize(part, PRECEDENCE["Pow"]) for part in expr.args)
            return f"{base}**{power}"
        (value,) = map(self._print, expr.args)
        return f"float({self.call(expr.func.__name__, value)})"

    def _print_Symbol(self, expr: Symbol) -> str:
        return {s_a: "S", C: "len(W)", weight: "weights"}.get(expr, expr.name)

    def _is_number(self, expr: Basic) -> bool:
        """Whether it is one number, in Python, and not an array of the library's."""
        return expr.free_symbols <= self.numbers

    def _print_hinge(self, expr: hinge) -> str:
        if self._is_number(expr):
            u = self.parenthesize(expr.args[0], PRECEDENCE["Pow"])
            return f"({u}*({u} > 0))"
        return self.maximum(self._print(expr.args[0]), "0")

    def _print_Max(self, expr: Max) -> str:
        arguments = sorted(expr.args, key=lambda part: (part.is_number, str(part)))
        first, *rest = map(self._print, arguments)
        for other in rest:
            first = self.maximum(first, other)
        return first

    def _print_step(self, expr: step) -> str:
        u, at_kink = self.parenthesize(expr.args[0], PRECEDENCE["Relational"]), expr.args[1]
        as_number = "(1.0*({}))".format if self._is_number(expr) else self.as_number
        if at_kink in (0, 1):
            return as_number(f"{u} {'>' if at_kink == 0 else '>='} 0")
        above, there = as_number(f"{u} > 0"), as_number(f"{u} == 0")
        return f"({above} + {self._print(at_kink)}*{there})"

    def _print_Pow(self, expr: Pow, rational: bool = False, sqrt: str = "") -> str:
        base = self.parenthesize(expr.base, PRECEDENCE["Pow"])
        if expr.exp.is_Integer and expr.exp > 0:
            return f"{base}**{expr.exp}"
        if expr.exp.is_Integer:
            return f"1/{base}" if expr.exp == -1 else f"1/{base}**{-expr.exp}"
        return str(super()._print_Pow(expr))

    def _print_Add(self, expr: Add, order: Any = None) -> str:
        """s_a + (1 − s_y): what is of an example is added up first, once for all classes."""
        of_class = [term for term in expr.args if term.free_symbols & self.of_class]
        of_example = [term for term in expr.args if term not in of_class]
        if of_class and len(of_example) > 1:
            return f"{self._print(Add(*of_class))} + ({self._print(Add(*of_example))})"
        return str(super()._print_Add(positive_first(expr), order="none"))


def positive_first(u: Add) -> Expr:
    """A sum as the page orders it, but 1 − s_y rather than −s_y + 1."""
    terms = list(as_written(u).args)
    positive = [term for term in terms if not term.could_extract_minus_sign()]
    if positive and terms[0] not in positive:
        terms.remove(positive[0])
        terms.insert(0, positive[0])
    return Add(*terms, evaluate=False)
