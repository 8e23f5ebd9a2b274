"""What was found of a line: a proof, or values of the page's letters at which it is false."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

from gradbook.page.source import Span

Status = Literal["definition", "proved", "refuted", "undecided"]

#: A number, a vector by its entries, a matrix by its rows.
Entries = Fraction | tuple[Fraction, ...] | tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class Counterexample:
    """Values at which a claim is false.

    numbers:     sizes and indices, in the page's letters.
    values:      given letters: a number, a vector by its entries, or a matrix by its rows.
    left, right: the two sides there; a fraction, 0.693, or a shape.
    entry:       row and column, from 1, where the sides are matrices.
    """

    numbers: tuple[tuple[str, int], ...]
    values: tuple[tuple[str, Entries], ...]
    left: str
    right: str
    relation: str = "="
    entry: tuple[int, int] | None = None

    def __str__(self) -> str:
        return f"with {self.data}: {self.found}"

    @property
    def data(self) -> str:
        parts = [f"{name} = {str(value).replace('-', '−')}" for name, value in self.numbers]
        parts += [f"{name} = {_listed(entries)}" for name, entries in self.values]
        return ", ".join(parts)

    @property
    def found(self) -> str:
        where = f" in row {self.entry[0]}, column {self.entry[1]}" if self.entry else ""
        return f"the left is {self.left}, the right is {self.right}{where}"


def _listed(entries: Entries) -> str:
    if isinstance(entries, tuple):
        return f"[{', '.join(map(_listed, entries))}]"
    return str(entries).replace("-", "−")


@dataclass(frozen=True)
class Proof:
    """What was found of a line by one method: its status, for which sizes, and what shows it.

    sizes:       in words.
    reason:      why it is undecided, or what is wrong with a refuted line, in words.
    regions:     in how many sign patterns (−, 0, +) of what stands in a kink it was decided.
    assumptions: what it depends on, in words.
    where:       conditions without which a side has no value, and that no line states, as the page
                 writes them: det(A) ≠ 0. It is proved where they hold.
    counted:     how many claims the line has, and how many are decided by their shapes alone.
    span, link:  where the right side of the claim stands that is false or undecided, and which
                 relation of a chain it is, and of how many: (2, 3).
    vacuous:     whether it is undecided because nothing fulfils the conditions.
    exhausted:   whether it is undecided because a budget ran out, that of z3 or of the regions.
    unfinished:  whether it is undecided because the process that was at it died, or was ended.
    """

    status: Status
    method: str
    sizes: str = ""
    reason: str = ""
    counterexample: Counterexample | None = None
    regions: int = 0
    assumptions: tuple[str, ...] = field(default=(), repr=False)
    where: tuple[str, ...] = ()
    counted: tuple[int, int] = (0, 0)
    span: Span | None = field(default=None, repr=False)
    link: tuple[int, int] = (1, 1)
    seconds: float = field(default=0.0, repr=False, compare=False)
    vacuous: bool = field(default=False, repr=False)
    exhausted: bool = field(default=False, repr=False)
    unfinished: bool = field(default=False, repr=False)

    @property
    def holds(self) -> bool:
        return self.status in ("definition", "proved")

    def __str__(self) -> str:
        where = f"where {', '.join(self.where)}" if self.where else ""
        words = [self.status, self.sizes if self.holds else "", where, self.reason]
        if self.counterexample is not None:
            words.append(str(self.counterexample))
        return " · ".join(word for word in words if word)
