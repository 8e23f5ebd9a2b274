"""What a formula means: every letter known, every part with a shape, every index with a range.

`elaborate` makes it from a tree; `at_sizes` makes matrices of it, `as_read` words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from sympy import Expr, Integer

from gradbook.domain import Domain
from gradbook.page.source import PageError, Span

#: What tells a letter from the others: its head, and how many indices are above it and below.
Key = tuple[str, int, int]


@dataclass(frozen=True)
class Shape:
    """Rows and columns, in sizes; None for one that what stands around it decides."""

    rows: Expr | None
    columns: Expr | None

    @property
    def is_number(self) -> bool:
        return self.rows == 1 and self.columns == 1

    def __str__(self) -> str:
        if self.is_number:
            return "a number"
        return " × ".join(map(_size, (self.rows, self.columns)))


def _size(size: Expr | None) -> str:
    if size is None:
        return "?"
    written = str(size).replace("*", "").replace("-", "−")
    return f"({written})" if size.is_Add else written


NUMBER = Shape(Integer(1), Integer(1))
ANY = Shape(None, None)


@dataclass(frozen=True)
class Range:
    """first … last; in steps other than 1 there are two: −1, 1."""

    first: Expr
    last: Expr
    step: int = 1

    @property
    def count(self) -> Expr:
        return ((self.last - self.first) / self.step + 1).expand()

    def __str__(self) -> str:
        between = "…" if self.step == 1 else "and"
        return f"{self.first} {between} {self.last}".replace("-", "−")


@dataclass
class Definition:
    """slots: the index letters on the left; domain: where it is defined; body: None if unread."""

    slots: tuple[str, ...]
    body: Core
    domain: tuple[Condition, ...] = ()


Kind = Literal["size", "index", "label", "value", "defined"]


@dataclass
class Letter:
    """A letter of the page.

    above, below: how many indices belong to the letter itself: L_i^{(j)} has one of each.
    kind:  size; index, that runs; label, an index that is given; value, a given number or matrix;
           defined.
    least: of a size. sign: ">" or ">=" of a number that is not below 0.
    bounds: of a number in an interval, the other bounds: (">", −1), ("≤", 1).
    which: of a vector "shares", that add up to 1; of a matrix "symmetric" or "invertible".
    arguments: what stands in the brackets of f(x, y) := …; indices in it are slots of f as well.
    """

    head: str
    above: int
    below: int
    kind: Kind
    span: Span
    shape: Shape = NUMBER
    range: Range | None = None
    slots: tuple[Range, ...] = ()
    least: int = 0
    sign: str = ""
    bounds: tuple[tuple[str, Expr], ...] = ()
    which: str = ""
    alone: bool = True
    definition: Definition | None = None
    arguments: tuple[Core, ...] = ()
    broken: PageError | None = None

    @property
    def key(self) -> Key:
        return self.head, self.above, self.below

    @property
    def domain(self) -> Domain:
        """What its numbers are declared to be."""
        return Domain(self.sign, self.bounds, self.which)


# Indices.


@dataclass(frozen=True)
class Running:
    """An index letter."""

    name: str
    range: Range


@dataclass(frozen=True)
class Label:
    """A given index: y, or y^{(i)}."""

    letter: Letter = field(compare=False)
    key: Key
    slots: tuple[Index, ...]
    range: Range


@dataclass(frozen=True)
class Fixed:
    """A number, or a size: the C in W_C."""

    value: Expr


Index = Running | Label | Fixed


# Formulas.


@dataclass(frozen=True)
class Core:
    """A part of a formula, with its shape."""

    shape: Shape


@dataclass(frozen=True)
class Value(Core):
    """A number, or a formula of sizes: 1/2, n."""

    value: Expr


@dataclass(frozen=True)
class Zeros(Core):
    """0, as a matrix."""


@dataclass(frozen=True)
class IndexValue(Core):
    """A label as a number."""

    index: Index


@dataclass(frozen=True)
class Ref(Core):
    """A letter with its own indices."""

    letter: Letter = field(compare=False)
    key: Key
    slots: tuple[Index, ...]


@dataclass(frozen=True)
class Applied(Core):
    """f(u), of a function that is defined as f(x) := …: other formulas in the place of x."""

    function: Ref
    parameters: tuple[Ref, ...]
    arguments: tuple[Core, ...]


@dataclass(frozen=True)
class At(Core):
    """An entry, or a row (column None), or a column (row None)."""

    of: Core
    row: Index | None
    column: Index | None


@dataclass(frozen=True)
class Plus(Core):
    terms: tuple[tuple[int, Core], ...]


@dataclass(frozen=True)
class Scaled(Core):
    """A number times a matrix or a number."""

    factor: Core
    of: Core


@dataclass(frozen=True)
class MatMul(Core):
    left: Core
    right: Core


@dataclass(frozen=True)
class Entrywise(Core):
    left: Core
    right: Core


@dataclass(frozen=True)
class Over(Core):
    above: Core
    below: Core


@dataclass(frozen=True)
class ToThe(Core):
    base: Core
    exponent: int


@dataclass(frozen=True)
class Function(Core):
    """max0 (max(0, ·)), exp, log, sqrt: of every entry. transpose, inverse, diag, tr, det, square
    (‖·‖²): of the whole.
    """

    name: str
    of: Core


@dataclass(frozen=True)
class Ones(Core):
    """1{…}: of conditions, entry by entry where they compare matrices."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Along(Core):
    """A formula for each index of a range where the conditions hold."""

    index: str
    range: Range
    conditions: tuple[Condition, ...]
    of: Core


class SumOver(Along):
    """Σ"""


class MaxOver(Along):
    """The largest, of one or more. Where several are largest, its slope is that of the first."""


@dataclass(frozen=True)
class GradientBy(Core):
    """∇_V f, of V's shape; ∂f/∂v where V is a number."""

    by: Core
    of: Core


@dataclass(frozen=True)
class Stack(Core):
    """Blocks, written one by one."""

    blocks: tuple[tuple[Core, ...], ...]


@dataclass(frozen=True)
class Each(Core):
    """A block for each index of a range, one under the other (or side by side); some are others.

    besides: the index of a row ↦ what stands there, for the rows that are marked.
    """

    index: str
    range: Range
    of: Core
    besides: tuple[tuple[Index, Core], ...]
    down: bool


@dataclass(frozen=True)
class Choice(Core):
    """The first branch whose conditions hold; the last one's may be empty."""

    branches: tuple[tuple[tuple[Condition, ...], Core], ...]


@dataclass(frozen=True)
class Condition:
    """left sign right, of two indices or of two formulas of one shape."""

    left: Core | Index
    sign: str
    right: Core | Index
    span: Span = field(compare=False, default=Span(0, 0))


@dataclass(frozen=True)
class ClaimRead:
    """One relation of a line: for all values of `free` for which `given` holds.

    span: the right side, whose relation to the left is claimed; left_span the left.
    link: which relation of a chain it is, and of how many: (2, 3).
    shape: whether it says only that the left is of a shape: that is decided by reading it.
    branches: where the branches of the right side stand, if it is given by cases.
    """

    left: Core
    sign: str
    right: Core
    given: tuple[Condition, ...]
    free: Mapping[str, Range]
    span: Span
    left_span: Span
    link: tuple[int, int] = (1, 1)
    shape: bool = False
    branches: tuple[Span, ...] = ()


def is_zero(part: Core) -> bool:
    return isinstance(part, Value) and part.value == 0


def minus(part: Core) -> Core:
    return Plus(part.shape, ((-1, part),))


def transposed(part: Core) -> Core:
    return Function(Shape(part.shape.columns, part.shape.rows), "transpose", part)


def parts_of(
    part: object, through: bool = False, by_value: bool = False
) -> Iterator[Core | Condition | Label | Running]:
    """A formula and everything in it, but for numbers as indices.

    through:  in what its letters are defined as, too, once for each letter.
    by_value: not under a ∇, where a constant is lost.
    """
    waiting, seen = [part], set()
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting += reversed(part)
        elif isinstance(part, Core | Condition | Label | Running):
            yield part
            if by_value and isinstance(part, GradientBy):
                continue
            waiting += (value for name, value in vars(part).items() if name != "letter")
            if through and isinstance(part, Ref) and part.key not in seen:
                seen.add(part.key)
                if definition := part.letter.definition:
                    waiting += (definition.domain, definition.body)


def made_of(part: object, by_value: bool = False) -> frozenset[Key]:
    """The letters in a formula, and those that they are made of.

    by_value: without those that stand under a ∇ alone.
    """
    parts = parts_of(part, through=True, by_value=by_value)
    return frozenset(each.key for each in parts if isinstance(each, Ref | Label))
