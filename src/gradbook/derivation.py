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
from numbers import Number
from typing import TYPE_CHECKING, Any, Literal

from sympy import (
    And,
    Expr,
    ImmutableMatrix,
    MatrixBase,
    Rational,
    Symbol,
    Tuple,
    latex,
    sympify,
    true,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from gradbook import arguments
from gradbook.case import Case
from gradbook.loss import Loss
from gradbook.notation import partial

if TYPE_CHECKING:
    from gradbook.prove.sizes import Sizes

Kind = Literal["definition", "claim"]
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


@dataclass(frozen=True)
class Counterexample:
    """Rational data on which a claim is false.

    W, x: rows of W, and x̃ of each example; y: the labels. left and right are the two sides at
    `entry` (row, column), None where the two sides do not even have the same shape, or where the
    claim is about one entry already: then `indices` are the values of its letters, such as a, b.
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
    indices: tuple[tuple[str, int], ...] = ()

    def __str__(self) -> str:
        where = f" at {self._place}" if self._place else ""
        failed = {"=": "≠", "≥": "<"}[self.relation]
        parts = [f"W = {_rows(self.W)}", f"x̃ = {_rows(self.x)}", f"y = {_listed(self.y)}"]
        if self.s_prime is not None:
            parts.append(f"s′ = {_rows((self.s_prime,))}")
        return f"{', '.join(parts)}: {self.left} {failed} {self.right}{where}"

    @property
    def _place(self) -> str:
        """The entry, or the letters that stand for it: "entry (1, 0)", "a = 1, b = 0"."""
        if self.entry is not None:
            return f"entry {self.entry}"
        return ", ".join(f"{letter} = {value}" for letter, value in self.indices)

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex}$"

    @property
    def latex(self) -> str:
        """The data as matrices, and what they show: W = […], x̃ = […], y = …: left ≠ right."""
        many = len(self.x) > 1
        parts = [rf"W = {latex(ImmutableMatrix(self.W))}"]
        for i, (x, y) in enumerate(zip(self.x, self.y, strict=True), 1):
            of_i = rf"^{{({i})}}" if many else ""
            parts += [rf"\tilde{{x}}{of_i} = {latex(ImmutableMatrix(x))}", rf"y{of_i} = {y}"]
        if self.s_prime is not None:
            parts.append(rf"s' = {latex(ImmutableMatrix(self.s_prime))}")
        failed = {"=": r"\ne", "≥": "<"}[self.relation]
        where = rf"\text{{ at {self._place}}}" if self._place else ""
        sides = (side.replace("×", r"\times") for side in (self.left, self.right))
        left, right = sides if self.entry is None else (latex(Rational(side)) for side in sides)
        data = r",\; ".join(parts)
        return rf"{data}:\quad {left} {failed} {right}{where}"


def _rows(rows: tuple[tuple[Fraction, ...], ...]) -> str:
    written = ["[" + ", ".join(map(str, row)) + "]" for row in rows]
    return written[0] if len(written) == 1 else "[" + ", ".join(written) + "]"


def _listed(values: tuple[int, ...]) -> str:
    return str(values[0]) if len(values) == 1 else str(list(values))


Status = Literal["definition", "proved", "refuted", "undecided"]


@dataclass(frozen=True)
class Proof:
    """What was found of a line: its status, how, for which sizes, and what shows it.

    sizes:       in words; `covers` the same where they are numbers, None where they are letters.
    reason:      why it is undecided, or what is wrong with a refuted line, in words.
    regions:     of a line proved region by region, how many sign patterns (−, 0, +) C − 1 margins
                 have, over all cases. A claim that has other kinks is decided in the regions of
                 those, and one whose two sides are the same as written in none.
    assumptions: what it depends on, in words.
    exhausted:   whether it is undecided because a budget ran out, that of z3 or of the regions.
    unfinished:  whether it is undecided because the process that was at it died, or was ended.
    """

    status: Status
    method: str
    sizes: str = ""
    reason: str = ""
    counterexample: Counterexample | None = None
    regions: int = 0
    covers: Sizes | None = field(default=None, repr=False)
    assumptions: tuple[str, ...] = field(default=(), repr=False)
    seconds: float = field(default=0.0, repr=False, compare=False)
    exhausted: bool = field(default=False, repr=False)
    unfinished: bool = field(default=False, repr=False)

    @property
    def holds(self) -> bool:
        return self.status in ("definition", "proved")

    def __str__(self) -> str:
        words = [self.status, self.sizes, self.reason]
        if self.counterexample is not None:
            words.append(str(self.counterexample))
        return " · ".join(word for word in words if word)

    def _repr_latex_(self) -> str:
        from gradbook.typeset import latex_of_words

        words = " · ".join(word for word in (self.status, self.sizes, self.reason) if word)
        found = self.counterexample
        shown = "" if found is None else rf" \\[4pt] {found.latex}"
        return rf"$\displaystyle \begin{{array}}{{l}} {latex_of_words(words)}{shown} \end{{array}}$"


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

    def __post_init__(self) -> None:
        for name in ("id", "title"):
            arguments.text(name, getattr(self, name), lines=True)
        arguments.instance("statement", self.statement, str, "text")
        arguments.function("claims", self.claims, "a case")
        arguments.choice("kind", self.kind, ("definition", "claim"))
        arguments.instance("latex", self.latex_override, (str, type(None)), "text or None")

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

    properties: what it says of the loss as a whole, by the names in `prove.properties`.
    lines:      filled by the decorator `line` while the module that holds the page is read.
    """

    name: str
    loss: Loss
    properties: tuple[str, ...] = field(default=(), repr=False)
    lines: list[Line] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        arguments.text("name", self.name)
        arguments.instance("loss", self.loss, Loss, "a gradbook.Loss")
        arguments.instance("properties", self.properties, (tuple, list), "a tuple of names")
        for name in self.properties:
            arguments.text("a name in properties", name)
        object.__setattr__(self, "properties", tuple(self.properties))
        arguments.instance("lines", self.lines, list, "a list of lines")
        for line in self.lines:
            arguments.instance("an entry of lines", line, Line, "a gradbook.Line")

    def line(
        self, id: str, title: str, *, kind: Kind = "claim", latex: str | None = None
    ) -> Callable[[Callable[[Case], Iterable[Claim]]], Line]:
        """Makes a function of a case into the next line; its docstring is the statement.

        Raises ValueError for an id that is already taken or a function without a docstring.
        """

        def add(claims: Callable[[Case], Iterable[Claim]]) -> Line:
            arguments.function("claims", claims, "a case")
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
        shown = id if isinstance(id, str) else arguments.shown(id)
        there = f"{', '.join(self.ids)}{arguments.meant(id, self.ids)}"
        raise KeyError(f"no line {shown} in {self.name}: it has {there}")

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
