"""How much a page would notice: every edit of its formulas, proved as a page of its own.

An edit is noticed where it cannot be read, where a line that it reaches is false, or is no longer
proved. What is not noticed has a reason: the same value, a claim that is true as well, or a
definition whose value is stated nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from gradbook.deferred import Shown
from gradbook.jobs import Jobs, team
from gradbook.page import Page
from gradbook.page.core import ClaimRead, Key, Letter, made_of
from gradbook.page.edits import Edit, edits
from gradbook.page.letters import written
from gradbook.page.reading import read_source
from gradbook.page.source import NoPage, Source, Span
from gradbook.page.witnesses import stated_once
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.lines import prove_claim
from gradbook.prove.methods import POINTS
from gradbook.workers import Limits, Unfinished

Progress = Callable[[str, int, int], None]

#: How an edit is noticed: as an error, by a point, by a proof that fails, or because what it makes
#: of the page never ends.
Noticed = Literal["unread", "refuted", "unproved", "endless"]
#: Why one is not: it reads the same; its value is equal; the claim holds under these conditions, is
#: an inequality that holds as well, or has the same formula on both sides; it is undecided, as it
#: was; a definition is stated once.
Reason = Literal["same", "equal", "conditions", "true", "empty", "open", "once"]

#: What ends the proofs of one edit.
LIMITS = Limits(cpu=120)


@dataclass(frozen=True)
class Tried:
    """What became of one edit. about: the line or the letter that it changes."""

    edit: Edit
    noticed: Noticed | None = None
    reason: Reason | None = None
    about: str = ""

    @property
    def unexplained(self) -> bool:
        """Whether another value of a definition goes unnoticed."""
        return self.reason == "once"


@dataclass(frozen=True)
class Strength(Shown):
    """Every edit of a page, and what became of it."""

    page: Page
    tried: tuple[Tried, ...]

    @property
    def unnoticed(self) -> tuple[Tried, ...]:
        return tuple(tried for tried in self.tried if tried.noticed is None)

    @property
    def unexplained(self) -> tuple[Tried, ...]:
        return tuple(tried for tried in self.tried if tried.unexplained)

    @property
    def once(self) -> tuple[str, ...]:
        """The letters that are stated once: an edit shows it, or no equality states their value."""
        shown = [tried.about for tried in self.unexplained]
        return tuple(dict.fromkeys([*shown, *map(written, stated_once(self.page))]))

    @property
    def passed(self) -> bool:
        return not self.once


def strength(page: Page, jobs: Jobs = 0, progress: Progress | None = None) -> Strength:
    """Tries every edit of the page.

    jobs: how many processes try them, within LIMITS, or a cluster; 0 for this one, without.

    Raises NoPage for a page that cannot be read or has a false line: every edit of it would be
    noticed.
    """
    _require_true(page)
    tasks = [Task(page.source, edit) for edit in edits(page)]
    tried: dict[int, Tried] = {}
    with team(jobs, LIMITS) as workers:
        for place, result in workers.carry_out(tasks):
            edit = tasks[place].edit
            tried[place] = Tried(edit, "endless") if isinstance(result, Unfinished) else result
            if progress is not None:
                progress(page.source.at(edit.span), len(tried), len(tasks))
    return Strength(page, tuple(tried[place] for place in sorted(tried)))


def _require_true(page: Page) -> None:
    if page.errors:
        where = page.source.at(page.errors[0].span)
        raise NoPage(f"{where}: {page.errors[0].message}: a page is read before it is edited")
    for line in page:
        for claim in line.claims:
            if prove_claim(page, claim, POINTS).status == "refuted":
                where = page.source.at(claim.span)
                raise NoPage(f"{where}: {line.id} is false: a page is true before it is edited")


@dataclass(frozen=True)
class Task:
    """One edit of one page."""

    source: Source
    edit: Edit

    def carry_out(self) -> Tried:
        return _Trial(_original(self.source), self.edit).carried_out()


@lru_cache(maxsize=1)
def _original(source: Source) -> _Original:
    return _Original(read_source(source))


class _Original:
    """The page as it is. What was proved of it is kept."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.claims = {line.id: [_said(claim) for claim in line.claims] for line in page}
        self._proved: dict[tuple[str, int], bool] = {}

    def proved(self, line: str, place: int) -> bool:
        """Whether this claim of the line is proved region by region."""
        if (line, place) not in self._proved:
            claims = self.page[line].claims if line in self.claims else ()
            self._proved[line, place] = (
                place < len(claims) and _status(self.page, claims[place]) == "proved"
            )
        return self._proved[line, place]


def _status(page: Page, claim: ClaimRead) -> str:
    """The cheapest method first; the solver where the regions cannot tell."""
    status = prove_claim(page, claim, REGIONS).status
    return prove_claim(page, claim, SOLVER).status if status == "undecided" else status


def _said(claim: ClaimRead) -> tuple[object, ...]:
    """What a claim says, wherever it stands."""
    return claim.left, claim.sign, claim.right, claim.given, tuple(claim.free.items()), claim.shape


class _Trial:
    """One edit of a page."""

    def __init__(self, original: _Original, edit: Edit) -> None:
        self.original, self.edit = original, edit
        self.page = read_source(edit.of(original.page.source))
        self.changed = frozenset(self._changed())
        self.reached = list(self._reached())

    def carried_out(self) -> Tried:
        if self.page.errors:
            return Tried(self.edit, "unread")
        for _, _, claim in self.reached:
            if prove_claim(self.page, claim, POINTS).status == "refuted":
                return Tried(self.edit, "refuted")
        open_ = ""
        for line, place, claim in self.reached:
            status = _status(self.page, claim)
            if status == "refuted":
                return Tried(self.edit, "refuted")
            if status == "undecided" and self.original.proved(line, place):
                return Tried(self.edit, "unproved")
            open_ = open_ or (line if status == "undecided" else "")
        reason, about = self.why(open_)
        return Tried(self.edit, None, reason, about)

    def _changed(self) -> Iterator[Key]:
        """The letters whose definitions are others now."""
        before = self.original.page.letters.known
        for letter in self.page.letters:
            if letter.definition != (before[letter.key].definition if letter.key in before else 0):
                yield letter.key

    def _reached(self) -> Iterator[tuple[str, int, ClaimRead]]:
        """The claims that say something else now: those of shapes are decided by reading."""
        for line in self.page:
            before = self.original.claims.get(line.id, [])
            for place, claim in enumerate(line.claims):
                other = place >= len(before) or _said(claim) != before[place]
                depends = self.changed & made_of((claim.left, claim.right, claim.given))
                if not claim.shape and (other or depends):
                    yield line.id, place, claim

    def why(self, open_: str) -> tuple[Reason, str]:
        """Why nothing notices the edit. open_: a line that could not be decided, as before."""
        known = self.page.letters.known
        for key in sorted(self.changed):
            if not self.equal(known[key], self.original.page.letters.known[key]):
                return "once", written(known[key])
        if open_:
            return "open", open_
        if self.changed:
            return "equal", written(known[min(self.changed)])
        for line, claim, before in self._others():
            if claim.left == claim.right and not claim.shape:
                return "empty", line
            if claim.sign != "=":
                return "true", line
            same_sides = (claim.left, claim.right) == (before.left, before.right)
            return "conditions" if same_sides and not claim.shape else "equal", line
        return "same", ""

    def _others(self) -> Iterator[tuple[str, ClaimRead, ClaimRead]]:
        """The claims that are others now, each with what it was."""
        for line in self.original.page:
            for claim, before in zip(self.page[line.id].claims, line.claims, strict=False):
                if _said(claim) != _said(before):
                    yield line.id, claim, before

    def equal(self, now: Letter, before: Letter) -> bool:
        """Whether a definition has the same value wherever both are defined."""
        one, other = now.definition, before.definition
        if one is None or other is None or one.slots != other.slots:
            return False
        free = dict(zip(one.slots, now.slots, strict=True))
        nowhere = Span(0, 0)
        claim = ClaimRead(
            one.body, "=", other.body, (*one.domain, *other.domain), free, nowhere, nowhere
        )
        return one.body == other.body or prove_claim(self.page, claim).status == "proved"
