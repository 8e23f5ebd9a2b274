"""A formula as it is written: a tree whose every part knows its place. Nothing is known of letters.

`parser` makes it, `elaborate` says what it means.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from gradbook.page.source import Span

_NOWHERE = Span(0, 0)


@dataclass(frozen=True)
class Node:
    """Some part of a formula."""

    span: Span


@dataclass(frozen=True)
class Number(Node):
    """A number as it is written: 2, or 0.5."""

    text: str


@dataclass(frozen=True)
class Name(Node):
    """A letter with what hangs on it: s_j^{(i)} has the head s, below j, above i."""

    head: str
    below: tuple[Node, ...] = ()
    above: tuple[Node, ...] = ()

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells a letter from the others, if all of its indices belong to it."""
        return self.head, len(self.above), len(self.below)

    @property
    def plain(self) -> bool:
        """Whether it is a letter with nothing on it."""
        return not self.below and not self.above


@dataclass(frozen=True)
class Group(Node):
    """What stands in brackets."""

    inner: Node


@dataclass(frozen=True)
class Tuple(Node):
    """(1, x_1, …, x_m): a row of entries, dots among them."""

    items: tuple[Node, ...]


@dataclass(frozen=True)
class DependsOn(Node):
    """E(w), J(W, b): a letter, and in brackets letters that it is made of."""

    of: Name
    on: tuple[Node, ...]


@dataclass(frozen=True)
class Dots(Node):
    """… or ⋮"""


@dataclass(frozen=True)
class Blank(Node):
    """A cell of a matrix with nothing in it."""


@dataclass(frozen=True)
class All(Node):
    """The colon of W_{j,:}: every index."""


@dataclass(frozen=True)
class Entry(Node):
    """What stands in brackets, with indices: (∇_W L)_{ab}."""

    of: Node
    below: tuple[Node, ...]


@dataclass(frozen=True)
class Sum_(Node):
    """a + b − c: the terms with their signs."""

    terms: tuple[tuple[Literal[1, -1], Node], ...]


@dataclass(frozen=True)
class Product(Node):
    """a b, a · b, a ∘ b: the factors, and the sign in front of each but the first ("" for none)."""

    factors: tuple[Node, ...]
    signs: tuple[str, ...]


def product(factors: Sequence[Node], signs: Sequence[str]) -> Node:
    """Factors with the first of the signs between them; one alone is itself."""
    if len(factors) == 1:
        return factors[0]
    span = factors[0].span.to(factors[-1].span)
    return Product(span, tuple(factors), tuple(signs[: len(factors) - 1]))


@dataclass(frozen=True)
class Quotient(Node):
    """a over b."""

    above: Node
    below: Node


@dataclass(frozen=True)
class Power(Node):
    """base^exponent"""

    base: Node
    exponent: Node


@dataclass(frozen=True)
class Transposed(Node):
    of: Node


@dataclass(frozen=True)
class Inverse(Node):
    of: Node


@dataclass(frozen=True)
class Call(Node):
    """A named function: max, exp, log, diag, tr, det, and norm, sqrt, abs, inner by their signs."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Applied(Node):
    """f(x, y), of a function that the page defines."""

    function: Name
    arguments: tuple[Node, ...]


@dataclass(frozen=True)
class Indicator(Node):
    """1{…}"""

    conditions: tuple[Node, ...]


@dataclass(frozen=True)
class Total(Node):
    """Σ, max or min over one index or more. conditions: what stands under it besides the letters.

    function: "sum", "max" or "min".
    """

    function: str
    letters: tuple[Name, ...]
    first: Node | None
    last: Node | None
    conditions: tuple[Node, ...]
    of: Node


@dataclass(frozen=True)
class Gradient(Node):
    """∇_V f, or ∇²_v f; by: dots for ∇f(x), which is ∇_x f(x). sign: where its ∇_V stands."""

    by: Node
    of: Node
    degree: int = 1
    sign: Span = _NOWHERE

    name = "∇"


@dataclass(frozen=True)
class Derivative(Node):
    """∂f/∂v, or of second order by two letters. sign: of ∂/∂v in front of f, where it stands."""

    by: tuple[Node, ...]
    of: Node
    sign: Span = _NOWHERE

    name = "∂"


@dataclass(frozen=True)
class Matrix(Node):
    """The rows of a bmatrix. marks: row number ↦ the index written at it, “← row y”."""

    rows: tuple[tuple[Node, ...], ...]
    marks: tuple[tuple[int, Node], ...] = ()


@dataclass(frozen=True)
class Cases(Node):
    """Each branch with its conditions; None for “else”."""

    branches: tuple[tuple[Node, tuple[Node, ...] | None], ...]


@dataclass(frozen=True)
class Space(Node):
    """ℝ^{C × m}, ℝ_{>0}: what a letter is in. sign: "", ">" or ">=" for numbers not below 0.

    which: "shares" of Δ^{C−1}, "symmetric" of 𝕊^n, "invertible" of GL_n(ℝ); sizes: what is written.
    """

    sizes: tuple[Node, ...]
    sign: str = ""
    which: str = ""


@dataclass(frozen=True)
class Numbered(Node):
    """{1, …, C}, or {1, …, C} ∖ {y}. pair: {0, 1}, without dots."""

    first: Node
    last: Node
    without: tuple[Node, ...] = ()
    pair: bool = False


@dataclass(frozen=True)
class Interval(Node):
    """[0, 1), with the relation between each end and what is in it."""

    first: Node
    last: Node
    signs: tuple[str, str]


@dataclass(frozen=True)
class Naturals(Node):
    """ℕ"""


@dataclass(frozen=True)
class Relation(Node):
    """The sign between two sides: =, :=, ≤, …, ∈."""

    sign: str


@dataclass(frozen=True)
class Chain(Node):
    """a = b = c. sides: one more than there are relations; several letters before ∈ are a Tuple."""

    sides: tuple[Node, ...]
    relations: tuple[Relation, ...]

    @property
    def signs(self) -> tuple[str, ...]:
        return tuple(relation.sign for relation in self.relations)


@dataclass(frozen=True)
class Statement(Node):
    """A chain, and its conditions. where: those of them that stand behind “where”."""

    chain: Chain
    conditions: tuple[Node, ...] = ()
    where: tuple[Node, ...] = ()


def defined(statement: Statement) -> Name | None:
    """The letter in front of :=, the f of f(x) := … as well."""
    chain = statement.chain
    name = chain.sides[0]
    name = name.function if isinstance(name, Applied) else squared(name) or name
    return name if chain.signs[:1] == (":=",) and isinstance(name, Name) else None


def listed(side: Node) -> tuple[Node, ...]:
    """The letters of j, k, a ∈ …, or the one side."""
    return side.items if isinstance(side, Tuple) else (side,)


def squared(node: Node) -> Name | None:
    """σ² as a letter: where a page defines it, and no σ."""
    match node:
        case Power(span=span, base=Name() as base, exponent=Number(text="2")):
            return Name(span, f"{base.head}^2", base.below, base.above)
    return None


def parts_of(part: object) -> Iterator[Node]:
    """A node and every node in it, from left to right; of a tuple those of each entry."""
    if isinstance(part, Node):
        yield part
        part = tuple(vars(part).values())
    if isinstance(part, tuple):
        for each in part:
            yield from parts_of(each)


def names_in(part: object) -> Iterator[Name]:
    """Every name in a tree."""
    return (each for each in parts_of(part) if isinstance(each, Name))


#: What ∂/∂v has not been applied to yet.
NOTHING = Dots(_NOWHERE)
