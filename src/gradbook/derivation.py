"""A derivation: an ordered list of lines, each of which yields claims; and what was found of them.

A line is a function of a case (C classes, m features, a label y). It yields claims, `left = right`,
and never asserts: `gradbook.prove` decides. ::

    notes = Derivation("multi-class SVM loss", svm)

    @notes.line("N13", "The gradient of a sum is the sum of the gradients")
    def sum_of_gradients(case):
        \"\"\"∇_W L_i = Σ_{j≠y} ∇_W L_i^{(j)}\"\"\"
        yield Claim(gradient(L(case), case.W), sum(gradient(term(case, j), case.W) for j in ...))
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal

from sympy import Expr, ImmutableMatrix, MatrixBase, Symbol, Tuple, sympify
from sympy.core.relational import Relational

from gradbook.case import Case
from gradbook.loss import Loss
from gradbook.notation import partial

Kind = Literal["definition", "claim"]
Relation = Literal["=", "≥"]


def gradient(f: Expr, V: ImmutableMatrix | Symbol) -> ImmutableMatrix | Expr:
    """∇_V f: the matrix, of V's shape, of the derivatives of f (N6), not yet worked out.

    V may be one letter too; then it is ∂f/∂V. Scores in f count as functions of W, by s = W x̃.
    """
    if isinstance(V, Symbol):
        return partial(f, V)
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
        given = self.given if isinstance(self.given, tuple | list) else (self.given,)
        object.__setattr__(self, "left", _as_matrix(self.left))
        object.__setattr__(self, "right", _as_matrix(self.right))
        object.__setattr__(self, "given", tuple(sympify(condition) for condition in given))


def _as_matrix(side: Any) -> ImmutableMatrix:
    if isinstance(side, MatrixBase):
        return ImmutableMatrix(side)
    if isinstance(side, tuple | Tuple):
        return ImmutableMatrix([list(side)])
    return ImmutableMatrix([[sympify(side)]])


@dataclass(frozen=True)
class Counterexample:
    """Rational data on which a claim is false.

    W, x: rows of W, and x̃ of each example; y: the labels. left and right are the two sides at
    `entry` (row, column), None where the two sides do not even have the same shape.
    """

    case: Case
    W: tuple[tuple[Fraction, ...], ...]
    x: tuple[tuple[Fraction, ...], ...]
    y: tuple[int, ...]
    entry: tuple[int, int] | None
    left: str
    right: str
    relation: Relation = "="
    s_prime: tuple[Fraction, ...] | None = None

    def __str__(self) -> str:
        where = "" if self.entry is None else f" at entry {self.entry}"
        failed = {"=": "≠", "≥": "<"}[self.relation]
        parts = [f"W = {_rows(self.W)}", f"x̃ = {_rows(self.x)}", f"y = {_listed(self.y)}"]
        if self.s_prime is not None:
            parts.append(f"s′ = {_rows((self.s_prime,))}")
        return f"{', '.join(parts)}: {self.left} {failed} {self.right}{where}"


def _rows(rows: tuple[tuple[Fraction, ...], ...]) -> str:
    written = ["[" + ", ".join(map(str, row)) + "]" for row in rows]
    return written[0] if len(written) == 1 else "[" + ", ".join(written) + "]"


def _listed(values: tuple[int, ...]) -> str:
    return str(values[0]) if len(values) == 1 else str(list(values))


Status = Literal["definition", "proved", "refuted", "undecided"]


@dataclass(frozen=True)
class Proof:
    """What was found of a line: its status, how, for which sizes, and what shows it.

    reason:  why it is undecided, or what is wrong with a refuted line, in words.
    regions: how many sign patterns of the kinks, over all cases, the proof covers.
    """

    status: Status
    method: str
    sizes: str = ""
    reason: str = ""
    counterexample: Counterexample | None = None
    regions: int = 0
    seconds: float = 0.0

    @property
    def holds(self) -> bool:
        return self.status in ("definition", "proved")

    def __str__(self) -> str:
        words = [self.status, self.sizes, self.reason]
        if self.counterexample is not None:
            words.append(str(self.counterexample))
        return " · ".join(word for word in words if word)


@dataclass(frozen=True)
class Line:
    """One line of a page.

    id:        N1, N2, …
    title:     what the line says, in a few words.
    statement: the line itself, as text; `latex` the same for a notebook.
    kind:      "definition" for a line that only introduces a name: its claims then show that the
               name is used in one sense; "claim" for everything else.
    claims:    Case → the claims of the line.
    """

    id: str
    title: str
    statement: str
    claims: Callable[[Case], Iterable[Claim]] = field(repr=False)
    kind: Kind = "claim"
    latex_override: str | None = field(default=None, repr=False)

    @property
    def latex(self) -> str:
        from gradbook.typeset import latex_of_text

        return self.latex_override or latex_of_text(self.statement)

    def __str__(self) -> str:
        return f"{self.id:<4} {self.statement}"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle \textbf{{{self.id}}}\quad {self.latex}$"


@dataclass(frozen=True)
class Derivation:
    """An ordered list of lines about one loss.

    lines is filled by the decorator `line` while the module that holds the page is read.
    """

    name: str
    loss: Loss
    lines: list[Line] = field(default_factory=list, repr=False)

    def line(
        self, id: str, title: str, *, kind: Kind = "claim", latex: str | None = None
    ) -> Callable[[Callable[[Case], Iterable[Claim]]], Line]:
        """Makes a function of a case into the next line; its docstring is the statement.

        Raises ValueError for an id that is already taken or a function without a docstring.
        """

        def add(claims: Callable[[Case], Iterable[Claim]]) -> Line:
            statement = inspect.getdoc(claims)
            if not statement:
                raise ValueError(f"line {id} has no docstring to state it")
            if any(line.id == id for line in self.lines):
                raise ValueError(f"line {id} stands twice in {self.name}")
            line = Line(id, title, " ".join(statement.split()), claims, kind, latex)
            self.lines.append(line)
            return line

        return add

    def __getitem__(self, id: str) -> Line:
        """The line with this id. Raises KeyError, with the ids there are."""
        for line in self.lines:
            if line.id == id:
                return line
        raise KeyError(f"no line {id} in {self.name}: it has {', '.join(self.ids)}")

    def __iter__(self) -> Iterator[Line]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(line.id for line in self.lines)

    def __str__(self) -> str:
        return "\n".join([self.name, *(f"  {line}" for line in self.lines)])

    def _repr_latex_(self) -> str:
        rows = r" \\[4pt] ".join(
            rf"\textbf{{{line.id}}} &\quad {line.latex}" for line in self.lines
        )
        return rf"$\displaystyle \begin{{array}}{{ll}} {rows} \end{{array}}$"
