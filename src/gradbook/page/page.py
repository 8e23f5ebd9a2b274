"""A page: its letters, its lines with what they claim, and what on it cannot be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gradbook import arguments
from gradbook.deferred import deferred
from gradbook.page.core import At, ClaimRead, GradientBy, Key, Letter, Ref, parts_of
from gradbook.page.fenced import Code, SaidOfLoss
from gradbook.page.letters import Letters
from gradbook.page.read_statements import Read
from gradbook.page.source import PageError, Source, Span
from gradbook.page.stated import Known
from gradbook.page.tree import Statement

if TYPE_CHECKING:
    from gradbook.loss import Loss
    from gradbook.prove.decision import Decision


@dataclass(frozen=True, repr=False)
class PageLine:
    """One line of a page.

    id:          its tag; "line 12" where it has none.
    latex:       as it is written, without the tag.
    claims:      what it says of letters that are known; definitions: the letters it defines.
    unread:      whether a part of it could not be read.
    code:        of a line that is said in Python. tagged: whether the id is a tag.
    """

    id: str
    span: Span
    latex: str
    claims: tuple[ClaimRead, ...] = ()
    definitions: tuple[Letter, ...] = ()
    statements: tuple[Read, ...] = ()
    unread: bool = False
    code: Code | None = None
    tagged: bool = True
    page: Page = field(init=False, repr=False, compare=False)

    def prove(self) -> Decision:
        """What every method of proof finds of the line; from then on it is shown with the line."""
        return self._decision

    @cached_property
    def _decision(self) -> Decision:
        found: Decision = deferred("decide a line", self)
        return found

    @property
    def decision(self) -> Decision | None:
        """What was found of the line; None before it is asked for."""
        return self.__dict__.get("_decision")

    @property
    def as_read(self) -> str:
        """The line as it was read, with every bracket, condition and quantifier."""
        from gradbook.page.as_read import read_aloud

        if self.code is not None:
            return self.code.statement
        return "; ".join([*map(read_aloud, self.statements), *(["…"] * self.unread)])

    def __str__(self) -> str:
        return f"{self.id}  {self.as_read}"

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        """As it is written, as it was read, and what was found of it, or how to ask for that."""
        says = self.claims or self.code is not None
        status, found = "`.prove()` decides it" if says else "definition", ""
        if self.decision is not None:
            status, found = self.decision.status, f"\n\n```text\n{self.decision}\n```"
        head = f"**{self.id}** · {'not read' if self.unread else status}"
        if self.code is not None:
            return f"{head}\n\n{self.as_read}\n\n```python\n{self.code.text}```{found}"
        return f"{head}\n\n$$\n{self.latex}\n$$\n\nread as: `{self.as_read}`{found}"


@dataclass(frozen=True, repr=False)
class Page:
    """title: the first heading.

    statements: the trees of all that is read, but for what the text declares.
    displays:   how many formulas there are on lines of their own; displays_read: how many are read.
    of_loss:    what it says of its loss between fences; the properties by the names in
                `prove.properties`.
    """

    source: Source
    title: str
    letters: Letters
    lines: tuple[PageLine, ...]
    errors: tuple[PageError, ...]
    statements: tuple[Statement, ...]
    displays: int
    displays_read: int
    of_loss: SaidOfLoss = field(default_factory=SaidOfLoss)

    def __post_init__(self) -> None:
        for line in self.lines:
            object.__setattr__(line, "page", self)

    @cached_property
    def loss(self) -> Loss:
        """The loss of one example that the page differentiates by the weights of the classes.

        Raises any_size.page_letters.NotInEntries, a ValueError, where there is none.
        """
        found: Loss = deferred("loss of a page", self)
        return found

    @cached_property
    def kept_letters(self) -> frozenset[Key]:
        """The defined letters that something on the page is differentiated by."""
        bodies = (letter.definition.body for letter in self.letters if letter.definition)
        claims = (claim for line in self for claim in line.claims)
        sides = (side for claim in claims for side in (claim.left, claim.right))
        found: set[Key] = set()
        for part in (part for formula in (*sides, *bodies) for part in parts_of(formula)):
            if isinstance(part, GradientBy):
                by = part.by.of if isinstance(part.by, At) else part.by
                if isinstance(by, Ref) and by.letter.definition is not None:
                    found.add(by.key)
        return frozenset(found)

    @cached_property
    def known(self) -> Callable[..., Known]:
        """What was written out of the page with some numbers for its sizes and labels; of a few
        hundred, so that it stays small.
        """
        return lru_cache(maxsize=256)(lambda *numbers: Known())

    @property
    def name(self) -> str:
        return self.title

    @property
    def path(self) -> Path:
        return self.source.path

    def __getitem__(self, id: str) -> PageLine:
        """The line with this id. Raises KeyError, with the ids there are."""
        for line in self.lines:
            if line.id == id:
                return line
        shown = id if isinstance(id, str) else arguments.shown(id)
        there = f"{', '.join(self.ids)}{arguments.meant(id, self.ids)}"
        raise KeyError(f"no line {shown} in {self.title}: it has {there}")

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(line.id for line in self.lines)

    def __iter__(self) -> Iterator[PageLine]:
        return iter(self.lines)

    def __str__(self) -> str:
        return "\n".join([self.title, *(f"  {line}" for line in self.lines)])

    __repr__ = __str__

    def _repr_markdown_(self) -> str:
        return "\n\n".join([f"### {self.title}", *(line._repr_markdown_() for line in self.lines)])

    def __len__(self) -> int:
        return len(self.lines)
