"""A claim that is said in Python: left = right, under conditions, for one case.

A line of a page that the language of pages cannot say is a function of a case (C classes, m
features, a label y). It yields claims, and never asserts: `gradbook.prove` decides. ::

    def claims(case):
        '''∇_W L_i is the sum of the gradients of its terms'''
        terms = [term(case, j) for j in case.other_classes]
        yield Claim(gradient(L(case), case.W), total(gradient(term, case.W) for term in terms))
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from numbers import Number
from typing import Any, Literal

from sympy import And, Expr, ImmutableMatrix, MatrixBase, Symbol, Tuple, latex, sympify, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from gradbook import arguments
from gradbook.case import Case
from gradbook.notation import partial

Relation = Literal["=", "≥"]


def gradient(f: Expr, V: ImmutableMatrix | Symbol) -> ImmutableMatrix | Expr:
    """∇_V f: the matrix, of V's shape, of the derivatives of f (N6), not yet worked out.

    V may be one letter too; then it is ∂f/∂V. Scores in f count as functions of W, by s = W x̃.
    """
    arguments.expression("f", f)
    if isinstance(V, Symbol):
        return partial(f, V)
    if not isinstance(V, MatrixBase) or not all(isinstance(entry, Symbol) for entry in V):
        raise TypeError(f"V must be a letter or a matrix of letters, not {arguments.shown(V)}")
    return ImmutableMatrix(*V.shape, lambda a, b: partial(f, V[a, b]))


@dataclass(frozen=True)
class Claim:
    """left = right (or left ≥ right), entry by entry, wherever the conditions `given` hold.

    left, right: expressions, matrices, or tuples of integers (shapes).
    given:       comparisons of the scores, such as margin > 0; all must hold.
    batch:       the examples it is about, where these are not just the case itself.
    """

    left: ImmutableMatrix
    right: ImmutableMatrix
    given: tuple[Relational, ...] = ()
    relation: Relation = "="
    batch: tuple[Case, ...] = ()

    def __post_init__(self) -> None:
        if self.relation not in ("=", "≥"):
            raise TypeError(f"relation must be = or ≥, not {arguments.shown(self.relation)}")
        for case in self.batch if isinstance(self.batch, tuple) else (None,):
            if not isinstance(case, Case):
                shown = arguments.shown(self.batch)
                raise TypeError(f"batch must be a tuple of cases, not {shown}")
        if len({(case.C, case.m) for case in self.batch}) > 1:
            sizes = "; ".join(map(str, self.batch))
            raise TypeError(f"the cases of a batch must have the same C and m, not {sizes}")
        object.__setattr__(self, "left", _as_matrix("left", self.left))
        object.__setattr__(self, "right", _as_matrix("right", self.right))
        object.__setattr__(self, "given", tuple(_conditions(self.given)))

    def __str__(self) -> str:
        left, right = (side[0] if side.shape == (1, 1) else side.tolist() for side in self._sides)
        where = f" if {', '.join(map(str, self.given))}" if self.given else ""
        return f"{left} {self.relation} {right}{where}"

    def _repr_latex_(self) -> str:
        left, right = map(_latex_of_side, self._sides)
        relation = {"=": "=", "≥": r"\ge"}[self.relation]
        where = r",\; ".join(map(latex, self.given))
        where = rf"\quad \text{{if }} {where}" if where else ""
        return rf"$\displaystyle {left} {relation} {right}{where}$"

    @property
    def _sides(self) -> tuple[ImmutableMatrix, ImmutableMatrix]:
        return self.left, self.right


def _latex_of_side(side: ImmutableMatrix) -> str:
    """A matrix of ∂f/∂v with one f is written as one derivative with respect to the matrix of v."""
    functions = {entry.args[0] if isinstance(entry, partial) else None for entry in side}
    if len(functions) == 1 and None not in functions:
        variables = side.applyfunc(lambda entry: entry.args[1])
        return latex(partial(*functions, variables[0] if side.shape == (1, 1) else variables))
    return latex(side[0] if side.shape == (1, 1) else side)


def _conditions(given: Any) -> Iterator[Boolean]:
    """The conditions one by one; what holds anyway is left out."""
    for condition in given if isinstance(given, tuple | list) else (given,):
        if not isinstance(condition, Boolean | bool):
            raise TypeError(f"given must be comparisons, not {arguments.shown(condition)}")
        yield from (part for part in And.make_args(sympify(condition)) if part != true)


def _as_matrix(name: str, side: Any) -> ImmutableMatrix:
    if isinstance(side, MatrixBase):
        return ImmutableMatrix(side)
    entries = side if isinstance(side, tuple | Tuple) else (side,)
    written = (e for e in entries if isinstance(e, Number | Expr) and not isinstance(e, bool))
    found = [entry for entry in map(sympify, written) if entry.is_scalar]
    if len(found) < len(entries):
        raise TypeError(
            f"{name} must be an expression, a matrix with its entries written out or a tuple of "
            f"integers, not {arguments.shown(side)}"
        )
    return ImmutableMatrix([found])
