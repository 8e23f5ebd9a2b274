"""What functions may be meant to be: what the pages in `derivation/` differentiate.

A page is read where something asks for it: what functions of it are called stands between fences.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeAlias

from gradbook.any_size.page_letters import NotInEntries
from gradbook.called import called_so
from gradbook.judge.pages.of_page import PageObjective
from gradbook.loss import Loss
from gradbook.page import Page
from gradbook.page.discover import NotFound, files_there, find
from gradbook.page.fenced import said_of_loss_in
from gradbook.page.source import Unreadable

#: What a function is meant to be.
Meant: TypeAlias = Loss | PageObjective


@dataclass(frozen=True)
class _There:
    """A page in `derivation/`, which is not read before it is asked what it is."""

    path: Path

    @cached_property
    def called(self) -> tuple[str, ...]:
        """Words in the names of functions of it."""
        with suppress(Unreadable):
            if said := said_of_loss_in(self.path.read_text("utf-8", errors="replace")).called:
                return said
        return (self.path.stem,)

    @cached_property
    def meant(self) -> tuple[Meant, ...]:
        """What it differentiates; () where that is nothing, or what no function is called."""
        (page,) = find([self.path])
        with suppress(NotFound):
            of = _differentiated(page)
            if isinstance(of, Loss) or page.of_loss.called:
                return (of,)
        return ()


@dataclass(frozen=True)
class Pages:
    """The pages in `derivation/`."""

    there: tuple[_There, ...]

    @classmethod
    def in_derivation(cls) -> Pages:
        """Raises NotFound where there is no such folder."""
        return cls(tuple(map(_There, files_there())))

    @property
    def all(self) -> tuple[Meant, ...]:
        """What all of them differentiate. Raises NotFound where that is nothing."""
        found = _of(self.there)
        if not found:
            raise NotFound("derivation has no loss of the scores of classes")
        return found

    def called(self, name: str, *others: Meant) -> tuple[Meant, ...]:
        """What a function of this name may be, of the others too; () where it tells nothing."""
        return called_so(name, _of(called_so(name, self.there), *others))

    def meant(self, name: str) -> tuple[Meant, ...]:
        """The same, but all of them where the name tells nothing. Raises NotFound as `all`."""
        return self.called(name) or self.all


def _of(pages: Iterable[_There], *others: Meant) -> tuple[Meant, ...]:
    return tuple(dict.fromkeys([*others, *(of for page in pages for of in page.meant)]))


def losses_of(page: str | Path) -> tuple[Meant, ...]:
    """What a page differentiates, which may be named by what functions of it are called.

    Raises NotFound.
    """
    try:
        (named, *_) = find([page])
    except NotFound:
        found = Pages.in_derivation().called(str(page))
        if len(found) != 1:
            raise
        return found
    return (_differentiated(named),)


def _differentiated(page: Page) -> Meant:
    """The loss of a page, or else the number that it differentiates. Raises NotFound."""
    try:
        return page.loss
    except NotInEntries:
        # Most judge a loss of scores: they need not wait for what prints code.
        from gradbook.emit.pages.names import NotEmitted
        from gradbook.emit.pages.objective import objective_of

        try:
            objective_of(page)
        except NotEmitted as error:
            raise NotFound(str(error)) from None
        return PageObjective.of(page)
